"""The contract: every row of the table, as the checker sees it."""

import pytest

from wbviz.check.check import check_scenario
from wbviz.errors import ScenarioError
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import SCENARIOS, build

ROWS = [(recipe.name, policy, verdict) for recipe in SCENARIOS.values() for policy, verdict in recipe.expected]


@pytest.mark.parametrize(("scenario", "policy", "verdict"), ROWS)
def test_row(scenario: str, policy: str, verdict: str) -> None:
    result = check_scenario(load_policy(policy), build(scenario))
    assert result.verdict == verdict, result.headline.summary


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_pin_then_lock_is_safe_everywhere(scenario: str) -> None:
    assert check_scenario(load_policy("pin_then_lock"), build(scenario)).verdict == "safe"


@pytest.mark.parametrize(
    ("scenario", "policy", "tasks"),
    [
        ("abba", "writearound", {"flusher", "writer"}),
        ("piggyback", "writearound", {"flusher"}),
        ("piggyback", "trylock_around", {"flusher"}),
        ("random-order", "lock_at_enqueue", {"flusher", "writer"}),
        ("sync-ahead", "lock_at_enqueue", {"flusher"}),
        ("final-iput", "lock_at_enqueue", {"flusher"}),
        ("iput-in-flusher", "igrab_at_enqueue", {"flusher"}),
        ("full-queue", "spin_when_full", {"flusher"}),
        ("daemon", "writearound", {"flusher", "writer"}),
        ("range-cyclic", "wrap_round", {"flusher", "fsync", "fsync2"}),
        ("held-range", "wrap_round", {"flusher", "prepare"}),
        ("nearly-full", "make_room", {"flusher", "truncate"}),
    ],
)
def test_who_is_dead_and_on_the_cycle(scenario: str, policy: str, tasks: set[str]) -> None:
    head = check_scenario(load_policy(policy), build(scenario)).headline
    assert head.kind == "deadlock"
    assert set(head.tasks) == tasks
    starts, ends = [edge["from"] for edge in head.cycle], [edge["to"] for edge in head.cycle]
    assert ends == [*starts[1:], starts[0]], "every edge leads to the next, and the last to the first"


def test_an_unknown_scenario_names_the_nearest() -> None:
    with pytest.raises(ScenarioError, match="abba"):
        build("abab")


@pytest.mark.parametrize("params", [{"page": 2}, {"pages": 0}, {"pages": 10_000}, {"pages": True}])
def test_an_unusable_parameter_is_refused(params: dict[str, int]) -> None:
    with pytest.raises(ScenarioError, match="pages="):
        build("abba", params)
