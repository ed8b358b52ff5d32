"""Random policies in random scenarios: the checker against definitions written down plainly, and against itself."""

from collections import Counter

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from tests.check.naive import assert_fair_loop, blocked, lassos, naive_explore, resting, shortest, states_of
from tests.check.policies import policy_texts, small_scenarios
from tests.check.tiny import tiny
from wbviz.check.check import check_scenario
from wbviz.check.verdict import (
    BROKEN,
    DEADLOCK,
    INCOMPLETE,
    LEAK,
    LIVELOCK,
    LOST,
    POLICY_ERROR,
    SAFE,
    STARVATION,
    Result,
    Verdict,
)
from wbviz.kernel.state import Broken
from wbviz.machine.machine import Machine, PolicyFault
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import Policy, policy_from_text
from wbviz.trace.trace import from_json

LARGEST = 250  # states: the plain definitions are cubic
CHECKED = settings(max_examples=120, suppress_health_check=list(HealthCheck), derandomize=True)


def small(made: Policy, scenario: Scenario) -> Result:
    """The result, where the graph is small enough; what a bound does is said in passing."""
    result = check_scenario(made, scenario, max_states=LARGEST, reductions=())
    if result.states > LARGEST:
        assert result.verdicts[-1].kind == INCOMPLETE
        assert all(verdict.kind != SAFE for verdict in result.verdicts)
        assume(False)
    return result


def claims(machine: Machine, verdict: Verdict) -> None:
    """Replay the trace: it comes to what the verdict claims."""
    trace = verdict.trace
    assert trace is not None
    assert from_json(trace.to_json()).schedule == trace.schedule
    states, _, error = states_of(machine, trace)
    last = states[-1]
    if verdict.kind == BROKEN:
        assert isinstance(error, Broken)
        assert str(error) == verdict.summary
        return
    if verdict.kind == POLICY_ERROR:
        assert isinstance(error, PolicyFault)
        assert error.error == verdict.error or str(error.error) == str(verdict.error)
        return
    assert error is None
    if verdict.kind == DEADLOCK:
        stuck = {name for task, name in enumerate(machine.world.task_names) if blocked(machine, last, task)}
        assert set(verdict.tasks) <= stuck
        assert verdict.tasks
        starts = [edge["from"] for edge in verdict.cycle]
        assert [edge["to"] for edge in verdict.cycle] == starts[1:] + starts[:1]
    elif verdict.kind in (LOST, LEAK):
        assert resting(machine, last)
    else:
        assert_fair_loop(machine, verdict.kind, trace)


@CHECKED
@given(policy_texts(), small_scenarios())
@example(
    "def enqueue(mm, page):\n    yield mm.get_page(page)\n    yield mm.lock_page(page)\n    return True\n"
    "def execute(mm, work):\n    yield mm.cond_resched()\n",
    tiny(2, ("kswapd", "kswapd", ("A0", "A1"), 2, True), ("writer", "writer", ("A0", "A1")), ("d", "dirtier", "A0")),
)
def test_what_the_checker_says_is_what_the_definitions_say(text: str, scenario: Scenario) -> None:
    made = policy_from_text(text)
    result = small(made, scenario)
    machine = Machine(scenario, made)
    naive = naive_explore(machine, LARGEST)
    assert naive is not None
    assert result.states == len(naive.depth)
    assert result.transitions == sum(map(len, naive.steps.values())) + sum(map(len, naive.ends.values()))
    lengths = {}
    for verdict in result.verdicts:
        if verdict.kind == SAFE:
            continue
        claims(machine, verdict)
        assert verdict.trace is not None
        if verdict.kind not in (LIVELOCK, STARVATION):
            lengths[verdict.kind] = len(verdict.trace.steps)
    assert lengths == shortest(machine, naive), "the same kinds, and no trace that is longer than it must be"
    kinds = Counter(verdict.kind for verdict in result.verdicts)
    assert kinds.keys() & {LIVELOCK, STARVATION} == lassos(machine, naive)
    assert max(kinds.values()) == 1
    assert SAFE not in kinds or len(kinds) == 1


@settings(CHECKED, max_examples=40)
@given(policy_texts(), small_scenarios())
def test_twice_the_same(text: str, scenario: Scenario) -> None:
    first, second = (check_scenario(policy_from_text(text), scenario, max_states=LARGEST).to_json() for _ in range(2))
    first["seconds"] = second["seconds"]
    assert first == second


@settings(CHECKED, max_examples=40)
@given(policy_texts(), small_scenarios(), st.integers(1, 60))
def test_with_a_bound_nothing_is_claimed_that_the_whole_graph_denies(text: str, scenario: Scenario, bound: int) -> None:
    made = policy_from_text(text)
    whole = {verdict.kind for verdict in small(made, scenario).verdicts}
    part = check_scenario(made, scenario, max_states=bound)
    kinds = {verdict.kind for verdict in part.verdicts}
    assert kinds - {INCOMPLETE} <= whole
    for verdict in part.verdicts:
        if verdict.trace:
            claims(Machine(scenario, made), verdict)
