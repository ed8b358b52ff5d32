"""One student's submission: who, which policy file, and what is wrong with it if there is none."""

from __future__ import annotations

import hashlib
import os
import re
import traceback
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from wbviz.errors import printable

POLICY = "policy.py"
"""The name of the file that a student hands in."""


class Refused(NamedTuple):
    """A file that was not taken, and why."""

    name: str
    why: str

    def __str__(self) -> str:
        return f"{shown(self.name)!r} was left out: {self.why}"


@dataclass(frozen=True)
class Who:
    """A student, as far as the place where the submission comes from tells.

    `student` is what tells one from another: a login, an e-mail address, the name of a folder. `canvas` is Canvas' user
    id, `moodle` the number of Moodle's participant; both are empty for everybody else. `login` is the university's name
    for the student where a roster tells it and it is not `student`.
    """

    student: str
    name: str = ""
    email: str = ""
    canvas: str = ""
    moodle: str = ""
    login: str = ""


Files = tuple[tuple[str, Path], ...]
"""Each file by its path within a submission, and where it lies."""


@dataclass(frozen=True)
class Handed:
    """What one student handed in: regular files, by their paths within the submission.

    `refused` says what of it was left out, and why. `submitted` has a time zone, or is None. `late`: the platform calls
    it late. `notes` are for the instructor. `problem`: why it cannot be graded, whatever files there are; `internal`:
    that is the grader's own fault. `by_name`: the name of the file is who the student is.
    """

    who: Who
    origin: str
    files: Files
    submitted: datetime | None = None
    refused: tuple[Refused, ...] = ()
    late: bool = False
    notes: tuple[str, ...] = ()
    problem: str = ""
    internal: bool = False
    by_name: bool = False


@dataclass(frozen=True)
class Submission:
    """A submission that is ready to be graded, or one that cannot be, with the `problem` and what to do about it.

    policy: a copy of the student's file, named `policy.py`; None if there is a problem. digest: its SHA-256, in hex.
    file: the name that the student gave it, "" for a notebook. notes: what the instructor may want to know.
    late: the platform calls it late. internal: the problem is the grader's own.
    """

    who: Who
    slug: str
    origin: str
    policy: Path | None
    digest: str = ""
    problem: str = ""
    notes: tuple[str, ...] = ()
    submitted: datetime | None = None
    file: str = POLICY
    late: bool = False
    internal: bool = False

    @property
    def student(self) -> str:
        """Who, in a word."""
        return self.who.student


_ESCAPED = {"\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def shown(name: str) -> str:
    """A name from a file system or an archive as text that can be written anywhere.

    What cannot be shown, bytes that are no UTF-8 among it, becomes an escape. Different names stay different.
    """
    text = re.sub(r"[\\\n\t]", lambda found: _ESCAPED[found[0]], name)
    return printable(re.sub("[\udc80-\udcff]", lambda found: f"\\x{ord(found[0]) - 0xDC00:02x}", text))


def slug(student: str) -> str:
    """A file name for a student: letters and digits of ASCII, and a digest where that lost something.

    Two different students never have the same one.
    """
    plain = re.sub(r"[^A-Za-z0-9@_+-]+", "_", student)[:60]
    if plain == student != "" and not re.search(r"-[0-9a-f]{8}$", plain):
        return plain
    return f"{plain}-{hashlib.sha256(student.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def internal_error(error: BaseException) -> str:
    """What the instructor is told when the grader itself fails on one submission."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = f" ({os.path.basename(last[0].filename)}, line {last[0].lineno})" if last else ""
    return printable(
        f"internal error, the grader failed: {type(error).__name__}: {str(error)[:500]}{where}\n"
        "  this is not the student's fault; please report it, with the submission"
    )
