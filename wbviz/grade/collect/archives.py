"""Archives that strangers made, unpacked by a process of its own with limits on time and memory."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from wbviz.errors import WbvizError
from wbviz.grade.collect.submission import Refused, shown

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
KEPT = (".py", ".ipynb", ".yml", ".txt", *SUFFIXES)
"""Only these are written: nothing else of a submission is ever read. Other files are there, and empty."""

MEMORY = 1 << 30
"""So many bytes the process that unpacks may take, Python itself included."""


class ArchiveError(WbvizError):
    """An archive that is refused as a whole: damaged, or beyond the limits."""


@dataclass(frozen=True)
class Limits:
    """What an archive may unpack to, and how many seconds of the processor that may take.

    `ratio` is bytes out for each byte in, beyond the first 8 MiB.
    """

    files: int
    bytes: int
    ratio: int = 200
    free: int = 8 << 20
    seconds: int = 10


STUDENT = Limits(files=1000, bytes=32 << 20)
CLASS = Limits(files=100_000, bytes=2 << 30, seconds=300)

Unpack = Callable[[Path, Path, Limits], list[Refused]]
"""Unpacks an archive into a folder that is made for it; what was left out."""


def is_archive(name: str) -> bool:
    """Whether the name is that of an archive that can be unpacked."""
    return name.lower().endswith(SUFFIXES)


class Unpacker:
    """The process that unpacks; it is started for the first archive, and again after one that it did not survive."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Unpacker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def unpack(self, archive: Path, into: Path, limits: Limits) -> list[Refused]:
        """Unpack into a folder that is made for it; what was left out.

        ArchiveError if the archive is damaged or beyond the limits; OSError if it cannot be read, or nothing written.
        """
        job = {
            "archive": str(archive.absolute()),
            "into": str(into.absolute()),
            "limits": [limits.files, limits.bytes, limits.ratio, limits.free],
            "kept": KEPT,
            "seconds": limits.seconds,
            "memory": MEMORY,
        }
        result = self._answer(job)
        if result is None:
            raise _too_much(archive, f"that took more than {limits.seconds} s", limits)
        if "left_out" in result:
            return [Refused(name, why) for name, why in result["left_out"]]
        if result["failed"] == "system":
            raise OSError(result["errno"], result["why"], str(archive))
        if result["failed"] == "memory":
            raise _too_much(archive, f"it takes more than {MEMORY >> 20} MiB of memory", limits)
        if result["failed"] == "too much":
            raise _too_much(archive, result["why"], limits)
        raise ArchiveError(
            f"{shown(archive.name)} cannot be unpacked: {result['why']}",
            expected="a zip or tar archive",
            cause="it is damaged, cut off, or another format under this name",
            fix="pack the folder again, as a zip archive",
        )

    def _answer(self, job: dict[str, Any]) -> dict[str, Any] | None:
        """The result of a job; None if the system stopped the process for the time it took."""
        if self._process is None:
            script = Path(__file__).with_name("unpacking.py")
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
            self._process = subprocess.Popen([sys.executable, "-I", "-S", str(script)], text=True, **pipes)  # type: ignore[call-overload]
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(job) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if line:
            result: dict[str, Any] = json.loads(line)
            return result
        status = self._end()
        if status == -getattr(signal, "SIGXCPU", 24):
            return None
        return {"failed": "damaged", "why": f"what reads it did not survive it ({status})"}

    def _end(self) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
        return process.wait()


def nothing_in(archive: str, refused: Sequence[Refused]) -> str:
    """What to say of an archive that holds no file that can be used: why, in a sentence."""
    whys = {one.why for one in refused}
    if not refused:
        return f"the archive {shown(archive)} is empty"
    if len(whys) == 1:
        return f"nothing in the archive {shown(archive)} can be used: {whys.pop()}"
    return f"nothing in the archive {shown(archive)} can be used"


def _too_much(archive: Path, what: str, limits: Limits) -> ArchiveError:
    return ArchiveError(
        f"{shown(archive.name)} is not unpacked: {what}",
        cause="an archive bomb, or an archive of much besides policies",
        fix="hand in the policy alone"
        if limits == STUDENT
        else "unpack it yourself, look at it, and name the folder instead",
    )
