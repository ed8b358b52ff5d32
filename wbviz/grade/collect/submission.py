"""One student's submission: who, which policy file, and what is wrong with it if there is none."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

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
    id, `moodle` the number of Moodle's participant; both are empty for everybody else.
    """

    student: str
    name: str = ""
    email: str = ""
    canvas: str = ""
    moodle: str = ""


@dataclass(frozen=True)
class Handed:
    """What one student handed in: regular files, by their paths within the submission.

    `refused` says what of it was left out, and why. `submitted` has a time zone, or is None.
    """

    who: Who
    origin: str
    files: tuple[tuple[str, Path], ...]
    submitted: datetime | None = None
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True)
class Submission:
    """A submission that is ready to be graded, or one that cannot be, with the `problem` and what to do about it.

    policy: a copy of the student's file, named `policy.py`; None if there is a problem. digest: its SHA-256, in hex.
    notes: what the instructor may want to know, such as another name that the file had.
    """

    who: Who
    slug: str
    origin: str
    policy: Path | None
    digest: str = ""
    problem: str = ""
    notes: tuple[str, ...] = ()
    submitted: datetime | None = None

    @property
    def student(self) -> str:
        """Who, in a word."""
        return self.who.student


def shown(name: str) -> str:
    """A name from a file system or an archive as text that can be written anywhere: what is no UTF-8 is replaced."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def slug(student: str) -> str:
    """A file name for a student: letters and digits of ASCII, and a digest where that lost something.

    Two different students never have the same one.
    """
    plain = re.sub(r"[^A-Za-z0-9@_+-]+", "_", student)[:60]
    if plain == student != "":
        return plain
    return f"{plain}-{hashlib.sha256(student.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
