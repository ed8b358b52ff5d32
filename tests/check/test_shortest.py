"""The trace that is shown: as short as any, and of those that are as short, one with the fewest switches."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, assume, given, settings

from tests.check.naive import Naive, deadlocks, naive_explore
from tests.check.policies import policy_texts, small_scenarios
from tests.check.tiny import graph_of, tiny
from wbviz.check.check import check_scenario
from wbviz.check.graph import explore
from wbviz.check.shortest import way_out, way_to
from wbviz.check.verdict import BROKEN, DEADLOCK, LEAK, LOST, POLICY_ERROR
from wbviz.kernel.state import Broken, State
from wbviz.machine.machine import Choice, Machine, PolicyFault
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import load_policy, policy_from_text
from wbviz.scenarios.catalogue import build
from wbviz.trace.trace import Trace

LARGEST = 120  # states
LONGEST = 9  # steps: every path of that length is walked
Path = tuple[tuple[int, Choice], ...]


def switches(tasks: list[object]) -> int:
    return sum(a != b for a, b in pairwise(tasks))


def of_trace(trace: Trace) -> tuple[int, int]:
    return len(trace.steps), switches([step.task for step in trace.steps])


def paths(machine: Machine, naive: Naive, length: int) -> Iterator[tuple[Path, State | Broken | PolicyFault]]:
    """Every path of a length from the start, and where it comes to."""
    todo: list[tuple[Path, State]] = [((), machine.initial())]
    while todo:
        path, state = todo.pop()
        if len(path) == length:
            yield path, state
            continue
        for move, after in naive.steps[state]:
            todo.append(((*path, move), after))
        if len(path) == length - 1:
            for task in range(len(state.tasks)):
                for choice in machine.choices(state, task):
                    try:
                        machine.step(state, task, choice)
                    except (Broken, PolicyFault) as error:
                        yield (*path, (task, choice)), error


@settings(max_examples=80, suppress_health_check=list(HealthCheck), derandomize=True)
@given(policy_texts(), small_scenarios())
def test_no_path_of_that_length_has_fewer_switches(text: str, scenario: Scenario) -> None:
    made = policy_from_text(text)
    result = check_scenario(made, scenario, max_states=LARGEST)
    assume(result.states <= LARGEST)
    shown = {v.kind: of_trace(v.trace) for v in result.verdicts if v.trace and v.trace.loop is None}
    shown = {kind: lengths for kind, lengths in shown.items() if lengths[0] <= LONGEST}
    assume(shown)
    machine = Machine(scenario, made)
    naive = naive_explore(machine, LARGEST)
    assert naive is not None
    stuck = deadlocks(machine, naive)
    for kind, (length, fewest) in shown.items():
        for shorter in range(length):
            assert not [path for path, there in paths(machine, naive, shorter) if shows(machine, kind, there, stuck)]
        ways = [path for path, there in paths(machine, naive, length) if shows(machine, kind, there, stuck)]
        assert min(switches([task for task, _ in way]) for way in ways) == fewest


def shows(machine: Machine, kind: str, there: State | Broken | PolicyFault, stuck: set[State]) -> bool:
    if not isinstance(there, State):
        return kind == (POLICY_ERROR if isinstance(there, PolicyFault) else BROKEN)
    if kind == DEADLOCK:
        return there in stuck
    if kind not in (LOST, LEAK) or not machine.at_rest(there):
        return False
    if kind == LOST:
        return any(page.owed for page in there.pages)
    return any(p.holder or p.pins for p in there.pages) or any(inode.refs for inode in there.inodes)


@settings(max_examples=80, suppress_health_check=list(HealthCheck), derandomize=True)
@given(policy_texts(), small_scenarios())
def test_the_way_to_every_state(text: str, scenario: Scenario) -> None:
    """Against a search over (state, task that came last), which needs no second pass."""
    machine = Machine(scenario, policy_from_text(text))
    graph = explore(machine, LARGEST)
    best: dict[tuple[int, int | None], int] = {(0, None): 0}
    for number, edges in enumerate(graph.edges):
        here = [(last, count) for (state, last), count in best.items() if state == number]
        for edge in edges:
            if graph.depths[edge.target] == graph.depths[number] + 1:
                fewest = min(count + (last not in (None, edge.task)) for last, count in here)
                key = edge.target, edge.task
                best[key] = min(best.get(key, fewest), fewest)
    for number in range(graph.expanded):
        moves, reached = way_to(graph, [number])
        assert reached == number
        assert len(moves) == graph.depths[number]
        assert switches([task for task, _ in moves]) == min(c for (state, _), c in best.items() if state == number)
        state = machine.initial()
        for task, choice in moves:
            state = machine.step(state, task, choice)
        assert state == graph.states[number]
    for end in graph.ends:
        moves, reached_end = way_out(graph, [end])
        assert reached_end == end
        assert moves[-1] == (end.task, end.choice)
        before = [(last, count) for (state, last), count in best.items() if state == end.source]
        fewest = min(count + (last not in (None, end.task)) for last, count in before)
        assert (len(moves), switches([task for task, _ in moves])) == (graph.depths[end.source] + 1, fewest)


def test_the_nearest_of_several_then_the_one_with_fewer_switches() -> None:
    graph = graph_of(tiny(2, ("u", "writer", ("A0",)), ("d", "reader", "A1", False), clean=("A0", "A1")))
    at_two = [number for number, depth in enumerate(graph.depths) if depth == 2]
    assert len(at_two) > 1
    moves, reached = way_to(graph, [*at_two, graph.expanded - 1])
    assert reached in at_two
    assert switches([task for task, _ in moves]) == 0
    assert way_to(graph, [0, *at_two]) == ([], 0)


@pytest.mark.parametrize(
    ("scenario", "policy", "length", "changes"),
    [
        ("abba", "writearound", 7, 2),
        ("sync-ahead", "lock_at_enqueue", 6, 2),
        ("busy-page", "skip_if_locked", 9, 3),
        ("umount", "igrab_at_enqueue", 12, 4),
    ],
)
def test_what_the_book_shows(scenario: str, policy: str, length: int, changes: int) -> None:
    trace = check_scenario(load_policy(policy), build(scenario)).trace
    assert trace is not None
    assert of_trace(trace) == (length, changes)
