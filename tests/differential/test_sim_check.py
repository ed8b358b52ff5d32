"""One semantics, two drivers: whatever the simulator does, the checker's semantics allow, and their verdicts agree."""

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wbviz.check.check import check_scenario
from wbviz.check.graph import Graph, explore
from wbviz.kernel.state import Broken, State
from wbviz.machine.machine import Machine, PolicyFault
from wbviz.machine.record import moves_of, record
from wbviz.machine.scenario import Params, Scenario
from wbviz.policy.load import builtin_names, load_policy
from wbviz.scenarios.catalogue import SCENARIOS, build
from wbviz.sim import Costs, Disk, Horizon, Run, simulate
from wbviz.trace.schedule import parse

SHORT = Horizon(seconds=1.0, steps=400)
EVEN = Costs(step=1e-6, search=1e-6, submit=1e-6, wake=1e-6, start=10e-6, jitter=1)
"""Everything takes as long as everything else, more or less: more interleavings than with costs that are real."""
SMALL = 30_000  # states
SIZES = {"storm": {"pages": 2}}

PAIRS = [(recipe.name, policy) for recipe in SCENARIOS.values() for policy, _ in recipe.expected]
EXPECTED = {(recipe.name, policy): verdict for recipe in SCENARIOS.values() for policy, verdict in recipe.expected}
DEADLOCKS = [pair for pair in PAIRS if EXPECTED[pair] == "deadlock"]
SAFE = [pair for pair in PAIRS if EXPECTED[pair] == "safe"]


@st.composite
def cases(draw: st.DrawFn) -> tuple[Scenario, str, int]:
    """Any scenario at any small size, any built-in policy, any seed."""
    recipe = SCENARIOS[draw(st.sampled_from(sorted(SCENARIOS)))]
    params: Params = {}
    for name, default in recipe.defaults.items():
        params[name] = draw(st.integers(1, max(4, default)))
    return recipe.build(params), draw(st.sampled_from(builtin_names())), draw(st.integers(0, 2**64))


COSTS = st.builds(
    Costs,
    step=st.floats(0, 1e-3),
    search=st.floats(0, 1e-3),
    submit=st.floats(0, 1e-3),
    wake=st.floats(0, 1e-3),
    round=st.floats(0, 1e-3),
    start=st.floats(0, 1e-2),
    plug=st.floats(0, 1e-2),
    jitter=st.floats(0, 1),
)
DISKS = st.builds(Disk, seek=st.floats(0, 1e-2), rate=st.floats(1e5, 1e9), page=st.just(4096))


def states_of(machine: Machine, run: Run) -> tuple[list[State], Broken | PolicyFault | None]:
    """The states that a run's schedule goes through, and the error that ends it."""
    states = [machine.initial()]
    for task, choice in moves_of(machine, parse(run.trace.schedule)):
        try:
            states.append(machine.step(states[-1], task, choice))
        except (Broken, PolicyFault) as error:
            return states, error
    return states, None


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(case=cases(), costs=COSTS, disk=DISKS)
def test_every_run_replays(case: tuple[Scenario, str, int], costs: Costs, disk: Disk) -> None:
    scenario, name, seed = case
    run = simulate(load_policy(name), scenario, seed, costs=costs, disk=disk, horizon=SHORT)
    fresh = Machine(scenario, load_policy(name))
    moves = moves_of(fresh, parse(run.trace.schedule))
    assert len(moves) == len(run.trace.steps) == run.metrics.steps
    times = [step.time for step in run.trace.steps]
    assert times == sorted(time for time in times if time is not None)
    again = record(fresh, moves, run.trace.verdict, times=[time or 0.0 for time in times])
    assert again == run.trace

    states, error = states_of(fresh, run)
    assert (error is not None) == (run.ended in ("rule-violation", "policy-error"))
    assert fresh.at_rest(states[-1]) == (run.ended == "rest") or run.ended == "horizon"
    if run.ended == "stuck":
        able = [task for task in range(len(states[-1].tasks)) if fresh.choices(states[-1], task)]
        assert all(fresh.between_rounds(states[-1], task) for task in able)


@settings(max_examples=60)
@given(case=cases())
def test_metrics_agree_with_the_trace(case: tuple[Scenario, str, int]) -> None:
    scenario, name, seed = case
    run = simulate(load_policy(name), scenario, seed, horizon=SHORT)
    metrics, steps = run.metrics, run.trace.steps
    finished = sum(step.op == "end_writeback" for step in steps)
    if run.ended in ("rest", "stuck"):
        assert metrics.pages == finished, "what was written has reached the disk"
    assert metrics.pages >= finished
    assert 0 <= metrics.seeks <= metrics.requests <= metrics.pages
    assert metrics.disk_busy_seconds <= metrics.seconds * (1 + 1e-9)
    called = sum(step.op == "isolate" and step.result is not None for step in steps)
    assert metrics.calls == called >= metrics.never_clean
    assert (metrics.clean_max_seconds is None) == (metrics.calls == metrics.never_clean)


@cache
def explored(scenario: str, policy: str) -> tuple[Graph, frozenset[State]]:
    graph = explore(Machine(build(scenario, SIZES.get(scenario)), load_policy(policy)), SMALL)
    assert graph.complete, f"{scenario} is too large to explore here: {graph.why_incomplete}"
    return graph, frozenset(graph.states)


@pytest.mark.parametrize(("scenario", "policy"), PAIRS)
def test_every_state_of_a_run_is_explored(scenario: str, policy: str) -> None:
    graph, states = explored(scenario, policy)
    for seed in range(12):
        run = simulate(load_policy(policy), build(scenario, SIZES.get(scenario)), seed, costs=EVEN, horizon=SHORT)
        # On the explorer's own machine: places are numbered in the order of their discovery.
        visited, error = states_of(graph.machine, run)
        assert states.issuperset(visited)
        if error is not None:
            ends = {(graph.states[end.source], graph.machine.world.task_names[end.task]) for end in graph.ends}
            assert (visited[-1], run.trace.steps[-1].task) in ends


@pytest.mark.parametrize(("scenario", "policy"), DEADLOCKS)
def test_some_run_finds_the_deadlock(scenario: str, policy: str) -> None:
    """What the checker finds, some seed finds, and no run gets stuck in fewer steps than the shortest trace."""
    runs = (simulate(load_policy(policy), build(scenario), seed, costs=EVEN, horizon=SHORT) for seed in range(1000))
    stuck = next((run for run in runs if run.ended == "stuck"), None)
    assert stuck is not None
    assert stuck.trace.verdict is not None
    assert stuck.trace.verdict["kind"] == "deadlock"
    verdict = check_scenario(load_policy(policy), build(scenario)).headline
    assert verdict.kind == "deadlock"
    assert verdict.trace is not None
    assert len(stuck.trace.steps) >= len(verdict.trace.steps)


@pytest.mark.parametrize(("scenario", "policy"), SAFE)
def test_what_is_safe_comes_to_rest(scenario: str, policy: str) -> None:
    for seed in range(12):
        run = simulate(load_policy(policy), build(scenario), seed)
        assert run.ended == "rest", run.why
        assert all(page["holder"] is None and page["pins"] == 0 for page in run.trace.steps[-1].after["pages"])
        refused = 1 if scenario == "little-room" else 0
        assert run.metrics.never_clean <= refused, "only what is refused may stay dirty"


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(case=cases())
def test_a_run_that_fails_is_one_that_the_checker_finds(case: tuple[Scenario, str, int]) -> None:
    scenario, name, seed = case
    run = simulate(load_policy(name), scenario, seed, horizon=SHORT)
    if run.ended in ("rest", "horizon"):
        return
    result = check_scenario(load_policy(name), scenario, max_states=3000)
    kinds = {verdict.kind for verdict in result.verdicts}
    assert kinds & {"deadlock" if run.ended == "stuck" else run.ended, "incomplete"}
