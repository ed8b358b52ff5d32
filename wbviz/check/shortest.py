"""The shortest way to what a verdict shows; among several of that length, one with the fewest switches between tasks.

A breadth-first search finds the length, and just one way. A second pass, backwards over the steps that lead one deeper,
finds for each state that lies on some shortest way how many switches are still needed, by whose step comes next. That
is dynamic programming over (state, task): a switch costs one, a step of the same task nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple

from wbviz.check.graph import End, Graph, Moves
from wbviz.machine.machine import Choice

OVER = -1


class _Next(NamedTuple):
    """A step on a shortest way: its choice, where it leads (`OVER`: the run ends), and the switches after it."""

    choice: Choice
    target: int
    switches: int


Onward = dict[int, dict[int, _Next]]
"""For each state on a shortest way, by the task that goes next: its best step."""


def way_to(graph: Graph, states: Iterable[int]) -> tuple[Moves, int]:
    """To the nearest of some explored states, with the fewest switches; and which of them that is."""
    wanted = set(states)
    depth = min(graph.depths[number] for number in wanted)
    goals = {number for number in wanted if graph.depths[number] == depth}
    return _follow(_backwards(graph, depth, goals, {}))


def way_out(graph: Graph, ends: Iterable[End]) -> tuple[Moves, End]:
    """To the nearest of some steps that end a run, that step included; and which of them that is."""
    found = list(ends)
    depth = min(graph.depths[end.source] for end in found)
    last: Onward = {}
    for end in found:
        if graph.depths[end.source] == depth:
            last.setdefault(end.source, {}).setdefault(end.task, _Next(end.choice, OVER, 0))
    moves, source = _follow(_backwards(graph, depth, set(), last))
    return moves, next(end for end in found if (end.source, end.task, end.choice) == (source, *moves[-1]))


def _backwards(graph: Graph, depth: int, goals: set[int], onward: Onward) -> Onward:
    """Completes `onward` for all states above that depth. States are numbered by depth, so one pass does."""
    for number in range(bisect_left(graph.depths, depth) - 1, -1, -1):
        below = graph.depths[number] + 1
        best: dict[int, _Next] = {}
        for task, choice, target in graph.edges[number]:
            if graph.depths[target] != below:
                continue
            if target in goals:
                switches = 0
            elif target in onward:
                switches = min(step.switches + (other != task) for other, step in onward[target].items())
            else:
                continue
            if task not in best or switches < best[task].switches:
                best[task] = _Next(choice, target, switches)
        if best:
            onward[number] = best
    return onward


def _follow(onward: Onward) -> tuple[Moves, int]:
    """The way itself, and the state where it stops: a goal, or the one where a step ends the run."""
    moves: Moves = []
    number, before = 0, None
    while number in onward:
        task, step = min(onward[number].items(), key=lambda item: (item[1].switches + (item[0] != before), item[0]))
        moves.append((task, step.choice))
        if step.target == OVER:
            break
        number, before = step.target, task
    return moves, number
