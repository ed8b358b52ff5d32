"""What the reduced exploration remembers, and what it foresees, is what it would find if it asked again.

Random tasks (`tests/differential/hunting/tasks.py`) are explored; at each choice everything is worked out anew.
"""

from contextlib import suppress
from random import Random
from typing import Any
from unittest.mock import patch

import pytest

from tests.differential.hunting.besides import world_of
from tests.differential.hunting.tasks import beside
from wbviz.check.reduced import REDUCTIONS
from wbviz.check.reduced import search as searching
from wbviz.check.reduced.future import Node, Places
from wbviz.check.reduced.layout import Decline
from wbviz.check.reduced.persistent import UNKNOWN, Moves, Persistent
from wbviz.check.reduced.search import Base, Search
from wbviz.check.reduced.steps import Outcome

EVERYTHING = -1


class Fresh(Persistent):
    """Chooses, and compares each choice with that of one who remembers nothing."""

    def __init__(self, machine: Any, places: Places) -> None:
        super().__init__(machine, places)
        self._machine = machine
        self.chosen = 0

    def forgetful(self) -> Persistent:
        """One who knows as much, and has chosen nothing yet."""
        other = Persistent(self._machine, self.places)
        other.close()
        return other

    def choose(self, code: int, outcomes: list[Outcome], signs: int) -> tuple[Moves, list[int]]:
        for like in (code & ~self.layout.queue, code & ~self.flags):  # nothing waits; all pages are gone: other choices
            super().choose(like, outcomes, signs)
        moves, rest = super().choose(code, outcomes, signs)
        other = self.forgetful()
        for outcome in outcomes:
            assert (outcome.entry.own, outcome.entry.queued) == self.places.of_stack(outcome.entry.stack)
        assert moves == other.choose(code, outcomes, signs)[0]
        for task, known in enumerate(rest):
            assert known in (UNKNOWN, other.rest(outcomes, code, task))
        foreseen = self.places._own.bits, self.places._whole.bits, self.places._queued.bits
        assert list(map(some, ahead(self.places))) == list(map(some, foreseen))
        self.chosen += 1
        return moves, rest


def some(bits: dict[Node, int]) -> dict[Node, int]:
    """Without the places ahead of which there is nothing."""
    return {node: its for node, its in bits.items() if its}


class Asking(Search):
    """A search that asks again for what it was told, and makes no walks first."""

    def _walk(self) -> None:
        pass

    def _rest(self, base: Base, task: int) -> int:
        found = super()._rest(base, task)
        assert isinstance(self.persistent, Fresh)
        assert found == self.persistent.forgetful().rest(base.outcomes, base.code, task)
        return found


def ahead(places: Places) -> tuple[dict[Node, int], dict[Node, int], dict[Node, int]]:
    """What lies ahead of each place, by going round until nothing changes: for its task itself, with the works that it
    may queue, and for these alone."""
    own, whole, queued = dict(places.accesses), dict(places.accesses), dict[Node, int]()
    while True:
        before = dict(own), dict(whole), dict(queued)
        for one, other in places._edges:
            passes = places._barrier.get(one, EVERYTHING)
            work = other[0] == "work"
            for bits, more in (
                (own, 0 if work else own.get(other, 0) & passes),
                (whole, whole.get(other, 0) & passes),
                (queued, whole.get(other, 0) if work else queued.get(other, 0)),
            ):
                if more:
                    bits[one] = bits.get(one, 0) | more
        if (own, whole, queued) == before:
            return own, whole, queued


@pytest.mark.parametrize("ordered", [False, True])
@pytest.mark.parametrize("first", range(0, 40, 10))  # the last ten see that a page may become dirty after all
def test_what_is_remembered_of_a_choice_is_what_would_be_chosen(first: int, ordered: bool) -> None:
    chosen = 0
    for number in range(first, first + 10):
        with (
            world_of(beside(Random(f"remembered/{number}"))) as (scenario, made),
            patch.multiple(searching, Persistent=Fresh, Search=Asking),
        ):
            search = Asking(searching.Logged(scenario, made, ordered), REDUCTIONS)
            with suppress(searching.Stop, searching.Violation, Decline):
                search.cover(400)
            assert isinstance(search.persistent, Fresh)
            chosen += search.persistent.chosen
    assert chosen > 50
