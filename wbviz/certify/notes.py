"""What is known at each line of a policy: one note a line and operation, one value a fact."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

from wbviz.certify.explore import Stand
from wbviz.certify.facts import Fact


class Known(Enum):
    """A fact, over all ways that lead to a line."""

    YES = "yes"
    NO = "no"
    EITHER = "either"
    """True on some ways and false on others, and known on each."""
    UNKNOWN = "unknown"
    """Not known, at least on some way."""


FACTS = ("kept", "locked", "attached", "dirty", "idle")
"""The columns: the page cannot be freed; its lock is the program's; it is in its file; it is dirty; it is not under
writeback."""


class Note(NamedTuple):
    """A line of the policy with an operation about a page, and each fact of `FACTS` about that page when it is done.

    `pages` are the pages it may be, as offsets from the wanted one.
    """

    line: int
    function: str
    op: str
    pages: tuple[int, ...]
    facts: tuple[Known, ...]


def lines(stands: Iterable[Stand]) -> tuple[Note, ...]:
    """The notes, by line."""
    by: dict[tuple[int, str, str], list[Stand]] = {}
    for stand in stands:
        by.setdefault((stand.line, stand.function, stand.op), []).append(stand)
    return tuple(_note(*key, by[key]) for key in sorted(by))


def _note(line: int, function: str, op: str, stands: list[Stand]) -> Note:
    pages = sorted({stand.page for stand in stands if stand.page is not None})
    if not pages:
        return Note(line, function, op, (), ())
    about = [stand for stand in stands if stand.page is not None]
    columns: list[set[Fact]] = [
        {stand.kept for stand in about},
        {stand.facts.locked for stand in about},
        {stand.facts.attached for stand in about},
        {stand.facts.dirty for stand in about},
        {None if stand.facts.writeback is None else not stand.facts.writeback for stand in about},
    ]
    return Note(line, function, op, tuple(pages), tuple(_known(column) for column in columns))


def _known(values: set[Fact]) -> Known:
    if None in values:
        return Known.UNKNOWN
    if len(values) == 2:
        return Known.EITHER
    return Known.YES if True in values else Known.NO
