"""Unpacks archives that strangers made, in a process of its own: `python -I -S unpacking.py`.

What reads an archive may be made to take hours or all memory, and a process with limits is stopped by the system. It
stands alone: the standard library and nothing else. Each line that comes in is a job, each that goes out its result.

Names, kinds, numbers and sizes are held to limits before a byte is kept. Of each member only a regular file with a
plain relative name is written, with permissions of our own. Sizes are counted as the bytes come, since a header may
lie; the decompressor of a tar archive is counted as well, since its headers can be a bomb themselves.
"""

from __future__ import annotations

import bz2
import errno
import gzip
import json
import lzma
import os
import stat
import struct
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

CHUNK = 1 << 16
DEEPEST = 30
"""So many folders within folders are plenty for a policy."""
DICTIONARY = 128 << 20
"""Memory for a decompressor of LZMA: what `xz -9` needs, with room."""
DAMAGED = (
    zipfile.BadZipFile,
    tarfile.TarError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    gzip.BadGzipFile,
    struct.error,
    ValueError,
    LookupError,
    OverflowError,
    RuntimeError,
    RecursionError,
)
MEMBER_DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError)
"""What one member of a zip may raise while the others are whole. A damaged tar has no member after the damage."""
LARGEST = {".py": 1 << 20, ".txt": 1 << 20}
"""More than this of one file is left out, of others 32 MiB: nobody's file must use up what the class has."""
Opener = Callable[[], "IO[bytes] | None"]
Member = tuple[str, str, Opener | None]
"""Its name, why it is left out ("" if it is not), and what opens it; a folder has nothing to open."""


class TooMuchError(Exception):
    """The archive is beyond a limit; the message says which."""


class Budget:
    """What is left of the limits; raises TooMuchError when it is spent."""

    def __init__(self, archive: Path, files: int, size: int, ratio: int, free: int) -> None:
        self.packed = archive.stat().st_size
        self.most_files = files
        self.most = min(size, max(free, ratio * self.packed))
        self.files = 0
        self.bytes = 0

    def member(self) -> None:
        self.files += 1
        if self.files > self.most_files:
            raise TooMuchError(f"it holds more than {self.most_files} files")

    def read(self, size: int) -> None:
        self.bytes += size
        if self.bytes > self.most:
            raise TooMuchError(f"it unpacks to more than {self.most >> 20} MiB, from {self.packed >> 10} KiB")


def unpack(archive: Path, into: Path, budget: Budget, kept: tuple[str, ...]) -> list[tuple[str, str]]:
    """Unpack into a new folder; the names that were left out, each with the reason.

    kept: how names end whose bytes are written; other files are there, and empty.
    """
    into.mkdir(parents=True)
    left_out: list[tuple[str, str]] = []
    for name, why, opener in _zip(archive, kept) if archive.name.lower().endswith(".zip") else _tar(archive, budget):
        budget.member()
        reason = why or bad_name(name)
        target = into.joinpath(*PurePosixPath(name).parts)
        try:
            if reason and not bad_name(name):  # so that its student is not lost with it
                target.parent.mkdir(parents=True, exist_ok=True)
            elif not reason and opener is None:
                target.mkdir(parents=True, exist_ok=True)
            elif not reason and opener is not None:
                reason = _copied(opener, target, kept, budget)
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            reason = "the archive has it twice"
        except OSError as error:
            if error.errno != errno.ENAMETOOLONG:
                raise
            reason = "its name is too long"
        if reason:
            left_out.append((name, reason))
    return left_out


def bad_name(name: str) -> str:
    """Why a member of this name is not written; "" if it may be."""
    parts = name.split("/")
    if name.startswith("/") or (len(name) > 1 and name[1] == ":"):
        return "its name is absolute"
    if ".." in parts:
        return "its name leads out of the archive"
    if "\\" in name:
        return "its name has a backslash"
    if len(parts) > DEEPEST:
        return f"it lies more than {DEEPEST} folders deep"
    if any(ord(char) < 32 for char in name) or not name.strip("/."):
        return "its name is no name"
    if len(os.fsencode(name)) > 1000 or max(len(os.fsencode(part)) for part in parts) > 255:
        return "its name is too long"
    return ""


def _copied(opener: Opener, target: Path, kept: tuple[str, ...], budget: Budget) -> str:
    """Write one file, whole or not at all; why it was left out, "" if it was not."""
    target.parent.mkdir(parents=True, exist_ok=True)
    name = target.name.lower()
    most = LARGEST.get(target.suffix.lower(), 32 << 20)
    size, why = 0, ""
    with target.open("xb") as out:
        try:
            stream = opener()
            while stream is not None and (chunk := stream.read(CHUNK)):
                budget.read(len(chunk))
                size += len(chunk)
                if name.endswith(kept) and size <= most:
                    out.write(chunk)
        except MEMBER_DAMAGED as error:
            why = f"it is damaged: {str(error) or type(error).__name__}"
        except MemoryError:
            why = "it takes too much memory to unpack"
    if name.endswith(kept) and size > most:
        why = f"it is larger than {most >> 20} MiB"
    if why:
        target.unlink()
    return why


def _zip(archive: Path, kept: tuple[str, ...]) -> Iterator[Member]:
    with zipfile.ZipFile(archive) as opened:
        for info in opened.infolist():
            name = info.filename.replace("\\", "/")  # programs of Windows that separate names so
            kind = stat.S_IFMT(info.external_attr >> 16)
            if name.endswith("/"):
                yield name, "", None
            elif kind not in (0, stat.S_IFREG):
                yield name, "it is a link or a device", None
            elif info.flag_bits & 1:
                yield name, "it is encrypted: it needs a password", None
            elif not name.lower().endswith(kept):
                yield name, "", lambda: None
            else:
                yield name, "", partial(opened.open, info)


def _tar(archive: Path, budget: Budget) -> Iterator[Member]:
    with _decompressed(archive) as raw:
        counted = cast(IO[bytes], Counted(raw, budget))
        with tarfile.open(fileobj=counted, mode="r|") as opened:
            for info in opened:
                if info.isdir():
                    yield info.name, "", None
                elif not info.isreg() or info.issparse():
                    yield info.name, "it is a link, a device, or has holes", None
                else:
                    yield info.name, _filtered(info), partial(opened.extractfile, info)


def _filtered(info: tarfile.TarInfo) -> str:
    """Why the standard library's own filter refuses a member; "" if it does not, or is older than Python 3.11.4."""
    if hasattr(tarfile, "data_filter"):
        try:
            tarfile.data_filter(info, "nowhere")
        except tarfile.FilterError as error:
            return str(error)
    return ""


@contextmanager
def _decompressed(archive: Path) -> Iterator[Any]:
    """The bytes of a tar archive without its compression, told by the bytes themselves, not by the name."""
    with archive.open("rb") as raw:
        head = raw.read(6)
        raw.seek(0)
        if head.startswith(b"\x1f\x8b"):
            yield gzip.GzipFile(fileobj=raw)
        elif head.startswith(b"BZh"):
            yield bz2.BZ2File(raw)
        elif head == b"\xfd7zXZ\x00":
            yield Xz(raw)
        else:
            yield raw


class Xz:
    """A stream of xz, with a limit on what its dictionary takes."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._plain = lzma.LZMADecompressor(memlimit=DICTIONARY)

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end."""
        while not self._plain.eof:
            data = self._plain.decompress(self._raw.read(CHUNK) if self._plain.needs_input else b"", size)
            if data:
                return data
            if self._plain.needs_input and not self._raw.peek(1):  # type: ignore[attr-defined]
                raise EOFError("it is cut off")
        return b""


class Counted:
    """A stream whose every byte counts against twice the budget: headers and padding besides the files."""

    def __init__(self, raw: Any, budget: Budget) -> None:
        self._raw = raw
        self._budget = budget
        self._left = 2 * budget.most + 1024 * budget.most_files

    def read(self, size: int) -> bytes:
        """As many bytes as are asked for, fewer at the end."""
        parts = []
        while size > 0 and (data := self._raw.read(min(size, CHUNK))):
            self._left -= len(data)
            if self._left < 0:
                self._budget.read(self._budget.most + 1)
            size -= len(data)
            parts.append(data)
        return b"".join(parts)


def answer(job: dict[str, Any]) -> dict[str, Any]:
    """Do one job: {"left_out": …}, or what kept it from being done: "damaged", "too much", "memory", "system"."""
    archive = Path(job["archive"])
    try:
        budget = Budget(archive, *job["limits"])
        return {"left_out": unpack(archive, Path(job["into"]), budget, tuple(job["kept"]))}
    except TooMuchError as error:
        return {"failed": "too much", "why": str(error)}
    except MemoryError:
        return {"failed": "memory", "why": ""}
    except lzma.LZMAError as error:
        return {"failed": "memory" if "emory" in str(error) else "damaged", "why": str(error)}
    except DAMAGED as error:
        return {"failed": "damaged", "why": str(error) or type(error).__name__}
    except OSError as error:
        return {"failed": "system", "why": error.strerror or str(error), "errno": error.errno or errno.EIO}


def hold(seconds: int, memory: int) -> None:
    """Let the system stop this process after so much more time of the processor, or at so many bytes."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, hard))
        resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    for line in sys.stdin:
        asked = json.loads(line)
        hold(asked["seconds"], asked["memory"])
        print(json.dumps(answer(asked)), flush=True)
