"""How a search ends: with a proof, or with the reason why there is none."""

from __future__ import annotations

from typing import NamedTuple

from wbviz.check.graph import Moves as Way


class Covered(NamedTuple):
    """A clean, complete exploration in which no run comes back to a state that it left: how many states it kept, and
    moves it tried from them."""

    states: int
    transitions: int
    reductions: tuple[str, ...]
    """Those that the proof used."""
    fair: bool = False
    """Whether a task may go on for ever without changing anything: then it takes a fair scheduler to come to an end."""


class Stopped(NamedTuple):
    """Why the search proves nothing. `violation` is a way to a broken rule or to an end that is not clean; `states` and
    `transitions` are what was covered until it was interrupted."""

    why: str
    violation: Way | None = None
    states: int = 0
    transitions: int = 0


class Stop(Exception):
    """Something was found that only the plain exploration settles."""


class Bound(Stop):
    """A bound was reached."""


class Violation(Exception):
    """The way to a broken rule, or to an end that is not clean."""

    def __init__(self, way: Way) -> None:
        super().__init__("something is wrong")
        self.way = way


class BadEnd(Exception):
    """Nobody can go on, and not all is well."""
