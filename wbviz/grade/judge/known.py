"""Which pages and inodes a program can know of, by what it was told: a policy cannot name what it has never seen.

Known at a place is what *every* history that leads there has been told of. When another history arrives that was told
less, what follows from the place is looked at again: a child may claim that two histories are the same place, but
what it does from there must then make sense after both.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from wbviz.grade.judge.errors import Misbehaviour
from wbviz.policy.protocol import Fault, Op, Request, Value

Names = frozenset[Value]
NOTHING: Names = frozenset()


class Told(NamedTuple):
    """A turn: what the answer named, then, read by read, what was asked about and what was named in reply."""

    answer: Names
    reads: tuple[tuple[Names, Names], ...]
    place: int


class Known:
    """What is known at each place; a turn that names anything else is a `Misbehaviour`."""

    def __init__(self) -> None:
        self._known: dict[int, Names] = {}
        self._needs: dict[int, Names] = {}
        self._after: dict[int, list[Told]] = {}

    def at(self, place: int | None) -> Names:
        """What is known at a place; nothing before the start."""
        return NOTHING if place is None else self._known[place]

    def arrive(self, source: int | None, told: Told, request: Request) -> None:
        """A turn led from `source` (None: from the start) to a place with a request."""
        self._needs.setdefault(told.place, names_of_request(request))
        if source is not None:
            self._after.setdefault(source, []).append(told)
        changed = self._go(self.at(source), told)
        while changed:
            place = changed.pop()
            for turn in self._after.get(place, ()):
                changed += self._go(self._known[place], turn)

    def _go(self, known: Names, told: Told) -> list[int]:
        """Take a turn with what is known before it. The place it leads to, if less is known there than was thought."""
        known |= told.answer
        for asked, named in told.reads:
            self.check(asked, known)
            known |= named
        self.check(self._needs[told.place], known)
        before = self._known.get(told.place)
        after = known if before is None else before & known
        self._known[told.place] = after
        return [] if before is None or after == before else [told.place]

    @staticmethod
    def check(named: Names, known: Names) -> None:
        """All these must be known."""
        if not named <= known:
            raise Misbehaviour("the program named a page or an inode that it was never told of")


def names(values: Iterable[Value]) -> Names:
    """The pages and inodes in some values."""
    found: set[Value] = set()
    for value in values:
        if type(value) is tuple:
            if value[0] == "tuple":
                found |= names(value[1:])
            elif value[0] in ("page", "inode"):
                found.add(value)
    return frozenset(found) if found else NOTHING


def names_of_request(request: Request) -> Names:
    """The pages and inodes that a request names."""
    if isinstance(request, Fault):
        return NOTHING
    if isinstance(request, Op):
        return names((*request.args, *[value for _, value in request.info]))
    return names((request.value,))


def works(values: Iterable[Value]) -> int:
    """One more than the highest symbol of a work in some values; 0 if there is none."""
    highest = 0
    for value in values:
        if type(value) is tuple:
            if value[0] == "tuple":
                highest = max(highest, works(value[1:]))
            elif value[0] == "work":
                highest = max(highest, value[1] + 1)
    return highest
