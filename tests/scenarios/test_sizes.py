"""The contract at larger sizes, and with a second flusher."""

from __future__ import annotations

import pytest

from tests.check.tiny import tiny
from wbviz.check.check import check_scenario
from wbviz.policy.load import load_policy
from wbviz.scenarios.build import several
from wbviz.scenarios.catalogue import SCENARIOS, build
from wbviz.scenarios.two_flushers import CHANGED

LARGER: dict[str, tuple[dict[str, int], ...]] = {
    name: tuple({size: recipe.defaults[size] + more} for more in (1, 2))
    for name, recipe in SCENARIOS.items()
    for size in [next(iter(recipe.defaults))]
} | {
    "storm": ({"kswapd": 2}, {"pages": 4, "kswapd": 2}),
}
INSTEAD = {("two-reclaimers", "racy_merge", 3): {"pages": 2, "flushers": 2}}
"""Where a leak lies deeper than the plain exploration comes in a minute."""
ROWS = [(recipe.name, policy, verdict) for recipe in SCENARIOS.values() for policy, verdict in recipe.expected]


@pytest.mark.parametrize(
    ("scenario", "policy", "verdict", "params"),
    [(*row, INSTEAD.get((*row[:2], params.get("pages", 0)), params)) for row in ROWS for params in LARGER[row[0]]],
)
def test_a_larger_one_gets_the_same_verdict(scenario: str, policy: str, verdict: str, params: dict[str, int]) -> None:
    result = check_scenario(load_policy(policy), build(scenario, params))
    assert result.verdict == verdict, result.headline.summary


@pytest.mark.parametrize(("scenario", "policy", "verdict"), ROWS)
def test_a_second_flusher_cures_what_waits_for_its_own_queue_and_nothing_else(
    scenario: str, policy: str, verdict: str
) -> None:
    result = check_scenario(load_policy(policy), build(scenario, {"flushers": 2}))
    cured = (scenario, policy) in CHANGED
    assert result.verdict == ("safe" if cured else verdict), result.headline.summary
    if not cured:
        return
    one = check_scenario(load_policy(policy), build(scenario)).headline
    assert one.kind == "deadlock"
    ends = {edge["from"] for edge in one.cycle}
    assert any(end.startswith("work ") for end in ends), "the queue is on the cycle"


def test_a_deadlock_that_stays_has_no_queue_in_it() -> None:
    for scenario, policy, verdict in ROWS:
        if verdict == "deadlock" and (scenario, policy) not in CHANGED:
            cycle = check_scenario(load_policy(policy), build(scenario)).headline.cycle
            assert not any(edge["from"].startswith("work ") for edge in cycle)


def test_as_many_syncs_as_flushers_bring_the_deadlock_back() -> None:
    kswapd = ("kswapd", "kswapd", ("A0",), 1, False)
    one, two = (tiny(1, kswapd, *several(count, "sync", "A"), flushers=2) for count in (1, 2))
    assert check_scenario(load_policy("lock_at_enqueue"), one).verdict == "safe"
    back = check_scenario(load_policy("lock_at_enqueue"), two).headline
    assert back.kind == "deadlock"
    assert back.trace is not None
    blocked = {task["name"] for task in back.trace.steps[-1].after["tasks"] if task["status"] == "blocked"}
    assert blocked >= {"flusher", "flusher2"}
