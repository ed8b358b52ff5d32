"""The verdicts on an explored graph: every kind that it holds, each with its shortest trace."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wbviz.check.deadlock import Deadlock, alive, find_deadlock
from wbviz.check.graph import Graph, Moves
from wbviz.check.lasso import goes_round
from wbviz.check.progress import Lasso, find_lassos
from wbviz.check.rest import leaks, lost_pages
from wbviz.check.shortest import way_out, way_to
from wbviz.check.stuck import dead_words
from wbviz.check.taken import rest_words
from wbviz.check.verdict import (
    BROKEN,
    DEADLOCK,
    LEAK,
    LIVELOCK,
    LOST,
    POLICY_ERROR,
    STARVATION,
    WELL,
    Verdict,
    not_covered,
)
from wbviz.kernel.state import State
from wbviz.machine.machine import Machine, PolicyFault
from wbviz.machine.record import edge_json, record
from wbviz.machine.waiting import Edge


def judge(graph: Graph, order: list[list[int]]) -> list[Verdict]:
    """Every kind of verdict that the graph holds, each with its shortest trace."""
    masks = alive(graph, order)
    found = [
        _ending(graph, POLICY_ERROR),
        _ending(graph, BROKEN),
        _deadlock(graph, find_deadlock(graph, order, masks)),
        _at_rest(graph, LOST, lost_pages),
        _at_rest(graph, LEAK, leaks),
        *(_progress(graph, lasso) for lasso in find_lassos(graph, order, masks)),
    ]
    verdicts = [verdict for verdict in found if verdict]
    if not graph.complete:
        covered = f"{graph.expanded:,} states explored, {len(graph.states) - graph.expanded:,} seen beyond them"
        verdicts.append(not_covered(graph.why_incomplete, covered))
    return verdicts or [WELL]


def _ending(graph: Graph, kind: str) -> Verdict | None:
    """The first step that breaks a rule, or that shows the policy not to be one."""
    ends = [end for end in graph.ends if isinstance(end.error, PolicyFault) == (kind == POLICY_ERROR)]
    if not ends:
        return None
    moves, end = way_out(graph, ends)
    name = graph.machine.world.task_names[end.task]
    error = end.error.error if isinstance(end.error, PolicyFault) else None
    return _verdict(graph, kind, error.what if error else str(end.error), moves, tasks=(name,), error=error)


def _deadlock(graph: Graph, deadlock: Deadlock | None) -> Verdict | None:
    if deadlock is None:
        return None
    names, summary = dead_words(graph.machine, graph.states[deadlock.state], deadlock.dead, deadlock.cycle)
    return _verdict(graph, DEADLOCK, summary, deadlock.moves, deadlock.cycle, names)


def _at_rest(graph: Graph, kind: str, find: Callable[[Machine, State], Sequence[object]]) -> Verdict | None:
    """A nearest state at rest in which something is wrong."""
    wrong: list[int] = []
    for number in range(graph.expanded):
        if wrong and graph.depths[number] > graph.depths[wrong[0]]:
            break
        state = graph.states[number]
        if find(graph.machine, state) and graph.machine.at_rest(state):
            wrong.append(number)
    if not wrong:
        return None
    moves, number = way_to(graph, wrong)
    return _verdict(graph, kind, rest_words(graph.machine, kind, graph.states[number], moves), moves)


def _progress(graph: Graph, lasso: Lasso) -> Verdict:
    names, summary = goes_round(graph.machine.world, lasso.loop, lasso.promise)
    kind = STARVATION if lasso.starved else LIVELOCK
    return _verdict(graph, kind, summary, lasso.stem + lasso.loop, tasks=names, loop=len(lasso.stem))


def _verdict(
    graph: Graph,
    kind: str,
    summary: str,
    moves: Moves,
    cycle: tuple[Edge, ...] = (),
    tasks: tuple[str, ...] = (),
    error: object = None,
    loop: int | None = None,
) -> Verdict:
    machine = graph.machine
    edges = tuple(edge_json(machine, edge) for edge in cycle)
    about = {"kind": kind, "summary": summary, "cycle": list(edges), "tasks": list(tasks)}
    trace = record(machine, moves, about, loop)
    return Verdict(kind, summary, trace, edges, tasks, error)  # type: ignore[arg-type]
