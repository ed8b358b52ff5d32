"""For which exercise a class is collected, and what the name of a file or a folder says about that.

Whoever hands in a whole repository, or the work of another week, must not get points for the wrong exercise.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

from wbviz.grade.exercise import Exercise

_NUMBERED = re.compile(r"(?:(?:ex|exercise|task|hw|homework|assignment|lab)-?0*(\d+)|(?:policy-)?(\d\d))(?:-.*)?")


class Wanted(NamedTuple):
    """The exercise that is collected, the others beside it, and the text of the policy that it starts from."""

    exercise: str
    others: tuple[str, ...] = ()
    starter: bytes = b""

    def named(self, part: str, numbers: bool = True) -> str | None:
        """The exercise that the name of a file or a folder speaks of; None if of none that is known.

        numbers: also by its number alone, as `ex02` and `02` do.
        """
        words = _words(part)
        for known in (self.exercise, *self.others):
            if words == _words(known) or words.startswith(f"{_words(known)}-"):
                return known
        for known in (self.exercise, *self.others):
            if words == _words(known).partition("-")[2] != "":
                return known
        numbered = _NUMBERED.fullmatch(words) if numbers else None
        return self.numbered(numbered[1] or numbered[2]) if numbered else None

    def numbered(self, number: str) -> str | None:
        """The exercise with this number, with or without a zero in front."""
        for known in (self.exercise, *self.others):
            first = known.partition("-")[0]
            if first.isdecimal() and number.isdecimal() and int(first) == int(number):
                return known
        return None

    def is_name(self, folder: str) -> bool:
        """Whether a folder is called just like an exercise, or as `ex02` is: students may be called 01, 02."""
        words = _words(folder)
        numbered = _NUMBERED.fullmatch(words)
        if words in {_words(known) for known in (self.exercise, *self.others)}:
            return True
        return numbered is not None and bool(numbered[1]) and self.numbered(numbered[1]) is not None

    def of(self, path: str, numbers: bool = True) -> str | None:
        """The exercise that a path within a submission speaks of, the innermost name first; None if of none."""
        *folders, file = path.split("/")
        parts = [*folders, re.sub(r"(\.\w+)+$", "", file)]
        return next(filter(None, (self.named(part, numbers) for part in reversed(parts))), None)


def wanted_by(exercise: Exercise) -> Wanted:
    """What is collected for an exercise: the others are those that lie beside it."""
    folder = Path(os.path.realpath(exercise.folder))
    beside = sorted(path.parent.name for path in folder.parent.glob("*/rubric.toml"))
    starter = exercise.starter.read_bytes() if exercise.starter.is_file() else b""
    return Wanted(exercise.name, tuple(name for name in beside if name != exercise.name), starter)


def _words(name: str) -> str:
    return re.sub(r"[\s_-]+", "-", name.lower()).strip("-")
