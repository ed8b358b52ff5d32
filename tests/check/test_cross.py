"""A small proof is held against the plain exploration; a mistake in the reductions is told as one, never as `safe`."""

from typing import Any

import pytest

from tests.check.test_sound import BUSY, ENQUEUE, FORGETS_THE_PIN, LOCKS_AGAIN
from tests.machine.driving import policy
from wbviz.check import check, cross
from wbviz.check.check import check_scenario
from wbviz.check.reduced import REDUCTIONS
from wbviz.check.reduced.ends import Covered
from wbviz.check.verdict import INCOMPLETE, SAFE
from wbviz.machine.machine import Machine
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import build


def lies(*_: Any) -> Covered:
    """A reduced exploration that finds nothing wrong, whatever there is."""
    return Covered(5, 8, REDUCTIONS)


@pytest.mark.parametrize(
    ("execute", "found"),
    [
        (LOCKS_AGAIN, "A0 is already under writeback"),
        (FORGETS_THE_PIN, "an end where not all is well"),
        (BUSY, "a run that comes back to where it was"),
    ],
)
def test_two_explorations_that_differ_are_a_mistake_of_ours(
    monkeypatch: pytest.MonkeyPatch, execute: str, found: str
) -> None:
    monkeypatch.setattr(check, "prove", lies)
    wrong, scenario = policy(ENQUEUE, execute), build("cleaned")
    result = check_scenario(wrong, scenario)
    assert result.verdict == INCOMPLETE
    assert "a mistake of wbviz" in result.headline.summary
    assert found in result.headline.summary
    assert check_scenario(wrong, scenario, cross=False).verdict == SAFE


def test_a_deadlock_is_an_end_where_not_all_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "prove", lies)
    result = check_scenario(load_policy("writearound"), build("abba"))
    assert "an end where not all is well" in result.headline.summary


@pytest.mark.parametrize(
    ("scenario", "made", "found"),
    [
        ("contended", "pin_then_lock", "a run that comes back to where it was"),
        ("daemon", "writearound", "an end where not all is well"),
    ],
)
def test_that_somebody_stands_still_hides_nothing_else(
    monkeypatch: pytest.MonkeyPatch, scenario: str, made: str, found: str
) -> None:
    monkeypatch.setattr(check, "prove", lambda *_: lies()._replace(fair=True))
    assert found in check_scenario(load_policy(made), build(scenario)).headline.summary


def test_a_proof_that_is_right_stays_as_it_is() -> None:
    crossed, alone = (check_scenario(load_policy("pin_then_lock"), build("abba"), cross=it) for it in (True, False))
    assert crossed._replace(seconds=0) == alone._replace(seconds=0)


def test_only_what_is_small_is_explored_again(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    explore = cross.explore

    def counted(machine: Machine, bound: int, tick: Any) -> Any:
        looked.append(bound)
        return explore(machine, bound, tick)

    monkeypatch.setattr(cross, "explore", counted)
    check_scenario(load_policy("write_ahead"), build("storm"))
    assert not looked
    check_scenario(load_policy("write_ahead"), build("abba"))
    assert looked == [cross.AFFORDABLE]


def test_what_was_seen_before_the_bound_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "prove", lies)
    monkeypatch.setattr(cross, "AFFORDABLE", 60)
    assert check_scenario(policy("yield mm.unlock_page(page)"), build("storm")).verdict == INCOMPLETE


def test_ctrl_c_during_the_comparison_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(machine: Machine, *_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("wbviz.check.graph._expand", interrupt)
    result = check_scenario(load_policy("pin_then_lock"), build("cleaned"))
    assert (result.verdict, result.headline.interrupted) == (INCOMPLETE, True)
