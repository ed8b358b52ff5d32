"""Which files are meant: all those in which so many pages are below the wanted one, and so many above it."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from wbviz.kernel.state import Value
from wbviz.policy.position import Form, negative
from wbviz.policy.protocol import Halt

WIDEST = 16
"""So many pages at an end of a file are looked at one by one. A policy that tells more apart is not relative."""


class Split(Halt):
    """What the program does depends on how large the file is, within this box: look at its parts."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.form = form


class Reason(Enum):
    """Why nothing can be shown, or only for small files, though perhaps nothing is wrong."""

    WORKS = "reads-works"
    EXTENDS = "extends-works"
    WORK_ID = "reads-work-id"
    NAME = "reads-name"
    MANY = "too-many-states"
    POSITION = "absolute-position"
    TEXT = "text"
    CHANGES = "answers-in-two-ways"


class Unshown(Halt):
    """The program does something that this method cannot follow, at this line (0: nowhere in particular)."""

    def __init__(self, reason: Reason, line: int) -> None:
        super().__init__()
        self.reason = reason
        self.line = line


class Absolute(Unshown):
    """The same, but in a file whose size is known it can be followed."""


class Box(NamedTuple):
    """All files with `below` pages below the wanted one, or at least so many where `more_below`; the same above it.

    At the corner of the box the numbers are the least. There a page's number is its index.
    """

    below: int = 0
    more_below: bool = True
    above: int = 0
    more_above: bool = True

    @property
    def wanted(self) -> int:
        """The number of the wanted page."""
        return self.below

    @property
    def pages(self) -> int:
        """How many pages the smallest file has."""
        return self.below + 1 + self.above

    def index_of(self, number: int) -> Value:
        """The index of a page, as programs see it."""
        return ("position", number, 1, 0) if self.more_below else ("int", number)

    def size(self) -> Value:
        """The number of pages, as programs see it."""
        if self.more_below or self.more_above:
            return ("position", self.pages, int(self.more_below), int(self.more_above))
        return ("int", self.pages)

    def find(self, index: Value, line: int) -> int | None:
        """The page at an index; None where it is outside the file. Raises `Split` or `Absolute`."""
        corner, below, above = index[1:] if index[0] == "position" else (index[1], 0, 0)
        mine = int(self.more_below)
        if (below, above) != (mine, 0):
            left = (self.pages - corner - 1, mine - below, int(self.more_above) - above)
            if _decided((corner, below, above)) or _decided(left):
                return None
            raise Absolute(Reason.POSITION, line)  # a page of the file, and nobody knows how far from the wanted one
        if _decided((corner, mine, 0)) or _decided((self.pages - corner - 1, 0, int(self.more_above))):
            return None
        return int(corner)

    def parts(self, form: Form) -> tuple[Box, Box] | None:
        """The box in two, such that the sign of a form changes less within each; None where that does not help."""
        if self.more_below and form[1] and self.below < WIDEST:
            return self._replace(more_below=False), self._replace(below=self.below + 1)
        if self.more_above and form[2] and self.above < WIDEST:
            return self._replace(more_above=False), self._replace(above=self.above + 1)
        return None


def _decided(form: Form) -> bool:
    """Whether a form is negative."""
    answer = negative(form)
    if answer is None:
        raise Split(form)
    return answer


def small(pages: int) -> list[Box]:
    """Every file of up to so many pages, and every page of it wanted."""
    return [Box(below, False, size - 1 - below, False) for size in range(1, pages + 1) for below in range(size)]
