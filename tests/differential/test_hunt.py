"""Some hundreds of the cases of `hunt`, others every day; and that the hunt would find a proof that is wrong.

The seed is what WBVIZ_HUNT_SEED says; `make pytest` says the date there. It is shown with what differs.
"""

import ast
import os
from typing import Any

import pytest

from tests.differential.hunt import Case, as_text, case, compare, hunt, hunt_tasks, shrunk
from tests.differential.hunting.edits import BASES
from tests.differential.hunting.worlds import world
from wbviz.check.reduced import REDUCTIONS
from wbviz.check.reduced.persistent import Persistent
from wbviz.policy.load import policy_from_text
from wbviz.scenarios.build import Plan

SEED = os.environ.get("WBVIZ_HUNT_SEED", "0")
PART, PARTS = 50, 8


@pytest.mark.parametrize("first", range(0, PART * PARTS, PART))
def test_random_policies_in_random_scenarios(first: int) -> None:
    print(f"WBVIZ_HUNT_SEED={SEED}")
    _, found = hunt(SEED, range(first, first + PART))
    again = [f"{what}: python -m tests.differential.hunt --case {SEED}/{number}" for number, what in found]
    assert not again


@pytest.mark.parametrize("first", range(0, 150, 50))
def test_random_tasks(first: int) -> None:
    print(f"WBVIZ_HUNT_SEED={SEED}")
    _, found = hunt_tasks(SEED, range(first, first + 50))
    assert not found, f"python -m tests.differential.hunt --tasks --seed {SEED} --cases {first + 50}"


ONE = Plan(files={"A": 1}, tasks=(("kswapd", "kswapd", ("A0",), 1, False), ("cleaner", "cleaner", "A0")))
LOOKS = """def enqueue(mm, page):
    yield mm.get_page(page)
    yield mm.queue_work(page=page)

def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.cond_resched()
    if page.writeback:
        yield mm.get_page(page)
    yield mm.put_page(page)
"""


def test_a_wrong_proof_is_told_and_made_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the disk let go by what was foreseen before (`Persistent.rest`), as it once was."""
    given = Case(LOOKS, ONE, REDUCTIONS)
    assert compare(given) == (False, False, "")

    def rest(self: Persistent, outcomes: list[Any], code: int, task: int) -> int:
        others = [outcome.entry for other, outcome in enumerate(outcomes) if other != task]
        bits = self._works(code >> self.layout.queue_at)
        for entry in others:
            bits |= entry.own | entry.queued
        return bits if task == self.disk else bits | self.disk_future

    monkeypatch.setattr(Persistent, "rest", rest)
    found = compare(given)
    assert "the plain exploration says leak" in found.difference
    less = shrunk(given)
    assert compare(less).difference
    assert len(less.text.splitlines()) < len(given.text.splitlines())
    assert "plain: leak" in as_text("x/0", less, found.difference)


def test_a_case_is_told_by_its_name() -> None:
    assert case("a", 3) == case("a", 3) != case("a", 4)
    for number in range(40):
        made = case("a", number)
        world(made.plan)
        assert policy_from_text(made.text).problem() is None


@pytest.mark.parametrize("name", sorted(BASES))
def test_what_is_edited_is_a_policy(name: str) -> None:
    assert policy_from_text(BASES[name]).problem() is None
    assert {function.name for function in ast.parse(BASES[name]).body if isinstance(function, ast.FunctionDef)} >= {
        *("enqueue", "execute")
    }
