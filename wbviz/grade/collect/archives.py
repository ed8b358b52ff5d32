"""Unpacking an archive that a stranger made: names, kinds, numbers and sizes are held to limits before a byte is kept.

Of each member only a regular file with a plain relative name is written, with permissions of our own. Links, devices,
encrypted members and names that lead elsewhere are left out and reported. What is too much as a whole (files, bytes, or
many bytes out of few) is refused as a whole. Sizes are counted as the bytes come, since a header may lie; the
decompressor of a tar archive is counted as well, since its headers can be a bomb themselves.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from wbviz.errors import WbvizError
from wbviz.grade.collect.submission import Refused, shown

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
KEPT = (".py", ".ipynb", ".yml", ".txt", *SUFFIXES)
"""Only these are written: nothing else of a submission is ever read. Other files are there, and empty."""

_CHUNK = 1 << 16
_DAMAGED = (
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
)


class ArchiveError(WbvizError):
    """An archive that is refused as a whole: damaged, or beyond the limits."""


@dataclass(frozen=True)
class Limits:
    """What an archive may unpack to. `ratio` is bytes out for each byte in, beyond the first 8 MiB."""

    files: int
    bytes: int
    ratio: int = 200
    free: int = 8 << 20


STUDENT = Limits(files=1000, bytes=32 << 20)
CLASS = Limits(files=100_000, bytes=2 << 30)


def is_archive(name: str) -> bool:
    """Whether the name is that of an archive that can be unpacked."""
    return name.lower().endswith(SUFFIXES)


def unpack(archive: Path, into: Path, limits: Limits) -> list[Refused]:
    """Unpack into a folder that is made for it; what was left out.

    ArchiveError if the archive is damaged or beyond the limits; OSError if it cannot be read, or nothing be written.
    """
    into.mkdir(parents=True)
    budget = _Budget(limits, archive)
    try:
        members = _zip_members(archive, budget) if archive.name.lower().endswith(".zip") else _tar(archive, budget)
        refused: list[Refused] = []
        for name, why, stream in members:
            budget.member()
            reason = why or _bad_name(name)
            if reason:
                refused.append(Refused(name, reason))
                continue
            target = into.joinpath(*PurePosixPath(name).parts)
            try:
                if stream is None:  # a folder
                    target.mkdir(parents=True, exist_ok=True)
                else:
                    _copy(stream, target, name.lower().endswith(KEPT), budget)
            except (FileExistsError, NotADirectoryError, IsADirectoryError):
                refused.append(Refused(name, "the archive has it twice"))
        return refused
    except _DAMAGED as error:
        raise ArchiveError(
            f"{shown(archive.name)} cannot be unpacked: {str(error) or type(error).__name__}",
            expected="a zip or tar archive",
            cause="it is damaged, cut off, or another format under this name",
            fix="pack it again: python -m zipfile -c submissions.zip FOLDER",
        ) from None


class _Budget:
    """What is left of the limits; raises ArchiveError when it is spent."""

    def __init__(self, limits: Limits, archive: Path) -> None:
        self.archive = archive
        self.limits = limits
        self.files = 0
        self.bytes = 0
        self.most = min(limits.bytes, max(limits.free, limits.ratio * archive.stat().st_size))

    def member(self) -> None:
        self.files += 1
        if self.files > self.limits.files:
            raise self._spent(f"it holds more than {self.limits.files} files")

    def read(self, size: int) -> None:
        self.bytes += size
        if self.bytes > self.most:
            raise self._spent(
                f"it unpacks to more than {self.most >> 20} MiB, from {self.archive.stat().st_size >> 10} KiB"
            )

    def _spent(self, what: str) -> ArchiveError:
        return ArchiveError(
            f"{shown(self.archive.name)} is not unpacked: {what}",
            cause="an archive bomb, or an archive of much besides policies",
            fix="unpack it yourself, look at it, and name the folder instead",
        )


def _bad_name(name: str) -> str:
    """Why a member of this name is not written; "" if it may be."""
    parts = name.split("/")
    if name.startswith(("/", "\\")) or (len(name) > 1 and name[1] == ":"):
        return "its name is absolute"
    if ".." in parts or "\\" in name:
        return "its name leads out of the archive" if ".." in name else "its name has a backslash"
    if any(ord(char) < 32 for char in name) or len(name) > 1000 or max(map(len, parts)) > 200:
        return "its name is no name"
    return ""


def _copy(stream: IO[bytes], target: Path, kept: bool, budget: _Budget) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as out:
        while chunk := stream.read(_CHUNK):
            budget.read(len(chunk))
            if kept:
                out.write(chunk)


_Member = tuple[str, str, "IO[bytes] | None"]
"""Its name, why it is left out ("" if it is not), and its bytes; a folder has none."""


def _zip_members(archive: Path, budget: _Budget) -> Iterator[_Member]:
    with zipfile.ZipFile(archive) as opened:
        for info in opened.infolist():
            if info.is_dir():
                yield info.filename, "", None
                continue
            kind = stat.S_IFMT(info.external_attr >> 16)
            if kind not in (0, stat.S_IFREG):
                yield info.filename, "it is a link or a device", None
            elif info.flag_bits & 1:
                yield info.filename, "it is encrypted", None
            else:
                with opened.open(info) as stream:
                    yield info.filename, "", stream


def _tar(archive: Path, budget: _Budget) -> Iterator[_Member]:
    with _decompressed(archive) as raw:
        counted = cast(IO[bytes], _Counted(raw, budget))
        with tarfile.open(fileobj=counted, mode="r|") as opened:
            for info in opened:
                if info.isdir():
                    yield info.name, "", None
                elif not info.isreg() or info.issparse():
                    yield info.name, "it is a link, a device, or has holes", None
                else:
                    yield info.name, _filtered(info), opened.extractfile(info)


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
            with lzma.LZMAFile(raw) as plain:
                yield plain
        else:
            yield raw


class _Counted:
    """A stream whose every byte counts against twice the budget: headers and padding besides the files."""

    def __init__(self, raw: IO[bytes], budget: _Budget) -> None:
        self._raw = raw
        self._budget = budget
        self._left = 2 * budget.most + 1024 * budget.limits.files

    def read(self, size: int) -> bytes:
        parts = []
        while size > 0 and (data := self._raw.read(min(size, _CHUNK))):
            self._left -= len(data)
            if self._left < 0:
                self._budget.read(self._budget.most + 1)
            size -= len(data)
            parts.append(data)
        return b"".join(parts)
