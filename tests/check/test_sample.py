"""Schedules drawn at random: what they find, what they say, and that the same seed draws the same ones."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.check.tiny import tiny
from wbviz.check.check import check_scenario
from wbviz.check.pct import Pct, actors_of, chance
from wbviz.check.sample import Sample, sample, sample_text
from wbviz.check.stuck import dead_by_circle, dead_by_closure
from wbviz.check.walk import CUT, REST, walk
from wbviz.machine.machine import Machine
from wbviz.machine.record import moves_of, record
from wbviz.policy.load import builtin_names, load_policy
from wbviz.scenarios.catalogue import SCENARIOS, build
from wbviz.trace.schedule import parse

FOUND = ("rule-violation", "policy-error", "deadlock", "lost-work", "leak")
CONTRACT = [(recipe.name, policy, kind) for recipe in SCENARIOS.values() for policy, kind in recipe.expected]
ABBA = tiny(2, ("u", "writer", ("A0", "A1")), ("d", "writer", ("A1", "A0")), clean=("A0", "A1"))
LARGE = {"pages": 16, "kswapd": 3, "works": 2}


def draw(policy: str, scenario: str, count: int, seed: int = 0, **sizes: int) -> Sample:
    return sample(load_policy(policy), build(scenario, sizes), count, seed)


@pytest.mark.parametrize(("scenario", "policy", "kind"), [case for case in CONTRACT if case[2] in FOUND])
def test_what_fails_is_found_and_its_trace_replays(scenario: str, policy: str, kind: str) -> None:
    found = draw(policy, scenario, 2000)
    assert found.result.verdict == kind
    trace = found.result.trace
    assert trace is not None
    machine = Machine(build(scenario), load_policy(policy))
    assert record(machine, moves_of(machine, parse(trace.schedule)), trace.verdict) == trace
    exact = check_scenario(load_policy(policy), build(scenario))
    assert exact.trace is not None
    assert len(exact.trace.steps) <= len(trace.steps), "the checker's is a shortest one"
    assert len(trace.steps) <= 2 * len(exact.trace.steps), "and this one is short enough to be read"
    assert bool(found.result.headline.cycle) == bool(exact.headline.cycle)


@pytest.mark.parametrize(("scenario", "policy", "kind"), [case for case in CONTRACT if case[2] not in FOUND])
def test_never_safe_and_never_a_false_alarm(scenario: str, policy: str, kind: str) -> None:
    found = draw(policy, scenario, 40)
    assert [verdict.kind for verdict in found.result.verdicts] == ["incomplete"]
    assert found.drawn == 40
    assert found.found is None
    text = sample_text(found)
    assert "proves nothing" in text
    assert "is safe" not in text
    assert ("perhaps a livelock" in text) == bool(found.cut)


def test_the_same_seed_draws_the_same_schedules() -> None:
    def drawn(seed: int) -> object:
        found = draw("lock_at_enqueue", "storm", 50, seed)
        return found._replace(result=found.result._replace(seconds=0.0))

    assert drawn(3) == drawn(3)
    assert len({repr(drawn(seed)) for seed in range(4)}) > 1


@pytest.mark.parametrize("policy", ["writearound", "lock_at_enqueue"])
def test_sizes_that_no_exploration_covers(policy: str) -> None:
    found = draw(policy, "storm", 200, 7, **LARGE)
    assert found.result.verdict == "deadlock"
    assert found.result.trace is not None
    assert len(found.result.trace.steps) <= 20
    text = sample_text(found)
    assert "seed 7" in text
    assert f"the shortest like it has {len(found.result.trace.steps)} steps" in text


def test_a_large_size_without_a_bug_says_with_what_guarantee() -> None:
    found = draw("write_ahead", "storm", 30, 1, **LARGE)
    n, k = found.actors, found.steps
    assert n == 3 + 1 + 1 + 1 + 1 + 16, "kswapds, writer, sync, truncate, flusher, and the disk once a page"
    text = sample_text(found)
    assert f"d=3, n={n} actors, k={k} steps" in text
    assert f"1/(n k^2) = {1 / (n * k * k):.2g}" in text
    assert "Burckhardt" in text


def test_the_guarantee_is_kept() -> None:
    """A bug of depth 2 is in one schedule with a probability of at least 1/(n k); with d = 1 nothing ever drops."""
    machine = Machine(ABBA, load_policy("pin_then_lock"))
    n, k, runs = len(actors_of(machine)), 8, 1000
    kinds = [walk(machine, Pct(machine, Random(f"{number}"), 2, k), 100).kind for number in range(runs)]
    assert set(kinds) == {REST, "deadlock"}
    assert kinds.count("deadlock") / runs >= chance(n, k, 2)
    assert {walk(machine, Pct(machine, Random(f"{number}"), 1, k), 100).kind for number in range(100)} == {REST}


def test_chances() -> None:
    assert chance(4, 10, 1) == pytest.approx(1 / 4)
    assert chance(4, 10, 3) == pytest.approx(1 / 400)
    assert chance(4, 10, 3, schedules=2) == pytest.approx(1 - (399 / 400) ** 2)
    assert chance(10, 10**6, 4, schedules=10) == pytest.approx(1e-18)


def test_who_is_dead_in_one_state() -> None:
    machine = Machine(ABBA, load_policy("pin_then_lock"))
    start = machine.initial()
    assert dead_by_circle(machine, start) == dead_by_closure(machine, start) == ()
    one = machine.step(start, 0)
    both = machine.step(one, 1)
    assert dead_by_circle(machine, one) == ()
    assert dead_by_circle(machine, both) == dead_by_closure(machine, both) == (0, 1)


def test_a_spinner_counts_as_the_end_of_those_who_wait_for_it() -> None:
    """No circle of blocked tasks: the one who holds the lock runs for ever. Everything that can follow is explored."""
    found = draw("spin_when_full", "full-queue", 100)
    assert "flusher" in found.result.headline.tasks
    assert "kswapd" not in found.result.headline.tasks
    assert [edge["from"] for edge in found.result.headline.cycle] == ["flusher", "kswapd", "work 2"]


def test_a_partial_deadlock_beside_a_task_that_never_ends() -> None:
    assert set(draw("writearound", "daemon", 500).result.headline.tasks) == {"writer", "flusher"}


def test_endless_tasks_let_others_run() -> None:
    for scenario in ("contended", "redirtied", "daemon"):
        found = draw("pin_then_lock", scenario, 30)
        assert found.cut == 0, f"every run of {scenario} comes to rest"


def test_runs_that_go_round_are_cut_off() -> None:
    found = draw("own_range", "piggyback", 3)
    assert found.cut == found.drawn == 3
    assert "3 of them cut off" in found.result.headline.summary
    assert found.steps < 100, "going round does not count"


@pytest.mark.parametrize(("error", "why"), [(KeyboardInterrupt(), "interrupted"), (MemoryError("enough"), "enough")])
def test_stopped_early(error: BaseException, why: str) -> None:
    def tick(drawn: int, _: int) -> None:
        if drawn == 5:
            raise error

    found = sample(load_policy("pin_then_lock"), build("abba"), 1000, tick=tick)
    assert found.drawn == 5
    assert found.result.verdict == "incomplete"
    assert f": {why}; 5 of 1,000 schedules" in found.result.headline.summary


def test_a_policy_that_is_none() -> None:
    from wbviz.policy.load import policy_from_text

    text = "def enqueue(mm, page):\n    yield mm.get_page(page)\n    1 / 0\n\ndef execute(mm, work):\n    yield\n"
    found = sample(policy_from_text(text), build("abba"), 10)
    assert found.result.verdict == "policy-error"
    assert "line 3" in str(found.result.headline.error)


def test_a_run_is_one_of_the_machine() -> None:
    machine = Machine(build("storm"), load_policy("pin_then_lock"))
    run = walk(machine, Pct(machine, Random(1), 3, 50), 7)
    assert (run.kind, run.steps) == (CUT, 7)
    state = run.states[0]
    for move, after in zip(run.moves, run.states[1:], strict=True):
        state = machine.step(state, *move)
        assert state == after


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from([name for name in SCENARIOS if name not in ("storm", "scattered")]),
    policy=st.sampled_from(builtin_names()),
    seed=st.integers(0, 2**32),
)
def test_no_alarm_that_the_checker_does_not_raise(name: str, policy: str, seed: int) -> None:
    found = sample(load_policy(policy), build(name), 8, seed)
    kinds = {verdict.kind for verdict in found.result.verdicts} - {"incomplete"}
    if kinds:
        exact = check_scenario(load_policy(policy), build(name), max_states=20_000)
        assert kinds <= {verdict.kind for verdict in exact.verdicts}


def test_a_chance_too_small_for_a_float_is_none() -> None:
    assert chance(4, 50, 5_000, 10) == 0.0
