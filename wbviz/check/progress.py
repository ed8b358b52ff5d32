"""Livelock and starvation: an endless run, fair to every task, in which something promised never happens.

Promised are: that an accepted page is cleaned or gone, that a call returns, that a queued work is taken; and
that the run comes to rest once the endless tasks stand still. Without the last one a work that queues itself
again and again would hide for ever what it holds, since what is left over is judged at rest.
For each such promise the part of the graph in which it stays open is searched for a loop that is fair: a
task that can run again and again in the loop does run in it (strong fairness, one task at a time, and for
the disk one page at a time). That is the emptiness test of Streett automata: split into components, throw
out the states where a task could run that has no step in the component, split again.

Where the endless tasks (dirtier, endless reader) can stand still between two rounds, it is a livelock; where
the loop needs their steps, starvation.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from wbviz.check.components import components, is_loop
from wbviz.check.deadlock import dead_tasks
from wbviz.check.graph import Edge, Graph, Moves
from wbviz.check.shortest import way_to
from wbviz.kernel.state import QUEUED, Frame, State
from wbviz.machine.machine import Choice, Machine

Promise = tuple[str, int]
REST: Promise = ("rest", 0)
Actor = tuple[int, int]
"""Whom a loop must be fair to: a task, and for the disk the page as well (-1 for any other task)."""


class Lasso(NamedTuple):
    """A way to a loop, and once round it. `promise` is what never happens in the loop."""

    stem: Moves
    loop: Moves
    promise: Promise
    starved: bool


class FairLoop(NamedTuple):
    """States among which an endless run can go on for ever, fair to every task but the quiet ones, which stand still.

    `promise` stays open in all of them. `starved`: no task is quiet, the endless ones have to go on.
    """

    states: list[int]
    promise: Promise
    quiet: frozenset[int]
    starved: bool


def find_lassos(graph: Graph, order: list[list[int]], masks: list[int]) -> list[Lasso]:
    """The shortest livelock and the shortest starvation, where there are any."""
    found = fair_loops(graph, order, masks, starved=False), starvations(graph, order, masks)
    return [min((_lasso(graph, loop) for loop in loops), key=_telling) for loops in found if loops]


def starvations(graph: Graph, order: list[list[int]], masks: list[int]) -> list[FairLoop]:
    """The loops in which the endless tasks go on, and that are no livelocks: while they stand still, nobody goes round
    for ever with that promise open."""
    livelocked = {loop.promise for loop in fair_loops(graph, order, masks, starved=False)}
    return [loop for loop in fair_loops(graph, order, masks, starved=True) if loop.promise not in livelocked]


def fair_loops(graph: Graph, order: list[list[int]], masks: list[int], starved: bool) -> list[FairLoop]:
    """Every loop in which the endless tasks stand still, a livelock; or (`starved`) every one in which they go on."""
    endless = endless_tasks(graph, order)
    if starved and not endless:
        return []
    quiet = frozenset() if starved else endless
    return [
        FairLoop(part, promise, quiet, starved)
        for component in order
        if is_loop(graph, component)
        for promise, where in _open(graph, component, masks, quiet, starved)
        for part in fair_parts(graph, where, quiet)
    ]


def _telling(lasso: Lasso) -> tuple[bool, int, int]:
    """What sorts lassos: one with a broken promise of its own before one that only never rests, then the shortest."""
    return lasso.promise == REST, len(lasso.stem) + len(lasso.loop), len(lasso.loop)


def endless_tasks(graph: Graph, order: list[list[int]]) -> frozenset[int]:
    """The tasks that are endless by nature: somewhere on a loop they are about to begin a round."""
    frames: list[set[tuple[Frame, ...]]] = [set() for _ in graph.machine.world.task_names]
    found = set[int]()
    for component in order:
        if is_loop(graph, component):
            for number in component:
                for task, its in enumerate(graph.states[number].tasks):
                    if its.frames not in frames[task]:
                        frames[task].add(its.frames)
                        if graph.machine.between_rounds(graph.states[number], task):
                            found.add(task)
    return frozenset(found)


def _open(
    graph: Graph, component: list[int], masks: list[int], quiet: frozenset[int], starved: bool
) -> list[tuple[Promise, set[int]]]:
    """For every promise the states of a component in which it is open, and nobody is dead: that is a deadlock."""
    machine = graph.machine
    able = {
        number
        for number in component
        if not machine.at_rest(graph.states[number])
        and not dead_tasks(graph, masks, number)
        and _stand_still(machine, graph.states[number], quiet)
    }
    broken: dict[Promise, set[int]] = {}
    for number in able:
        for promise in promises(graph.states[number]):
            broken.setdefault(promise, set()).add(number)
    if not starved:
        broken[REST] = able
    return sorted(broken.items())


def _stand_still(machine: Machine, state: State, tasks: frozenset[int]) -> bool:
    """Whether endless tasks may stand still here: each is between two rounds, or has ended."""
    return all(machine.between_rounds(state, task) or machine.pending(state, task) is None for task in tasks)


def promises(state: State) -> set[Promise]:
    """What is still to happen in a state: accepted pages, calls in progress, works in the queue or being run."""
    open_ = {("page", number) for number, page in enumerate(state.pages) if page.owed}
    open_ |= {("call", number) for number, task in enumerate(state.tasks) if task.call}
    open_ |= {("work" if work.by == QUEUED else "run", work.id) for work in state.works}
    return open_


def fair_parts(graph: Graph, where: set[int], quiet: frozenset[int]) -> Iterator[list[int]]:
    """Every component of `where` in which an endless run can be fair to every task."""
    breaking: dict[int, set[Actor]] = {}
    for end in graph.ends:
        if end.task not in quiet:
            breaking.setdefault(end.source, set()).add(actor_of(graph.machine, end.task, end.choice))
    pending = [where]
    while pending:
        inside = pending.pop()
        for component in components(inside, lambda number: (edge.target for edge in _steps(graph, number, quiet))):
            members = set(component)
            moving = _actors(graph, component, quiet, members)
            if not moving:
                continue
            kept = [
                number
                for number in component
                if _actors(graph, [number], quiet) | breaking.get(number, set()) <= moving
            ]
            if len(kept) == len(component):
                yield component
            elif kept:
                pending.append(set(kept))


def _steps(graph: Graph, number: int, quiet: frozenset[int]) -> list[Edge]:
    if number >= graph.expanded:
        return []
    return [edge for edge in graph.edges[number] if edge.task not in quiet]


def actor_of(machine: Machine, task: int, choice: Choice) -> Actor:
    """Whom a step is fair to."""
    return task, -1 if choice is None or task not in machine.disks else choice


def _actors(graph: Graph, numbers: Iterable[int], quiet: frozenset[int], inside: set[int] | None = None) -> set[Actor]:
    """Those who have a step in some of the states; `inside`: one that leads to a state among these."""
    return {
        actor_of(graph.machine, edge.task, edge.choice)
        for number in numbers
        for edge in _steps(graph, number, quiet)
        if inside is None or edge.target in inside
    }


def _lasso(graph: Graph, fair: FairLoop) -> Lasso:
    """To the nearest state of a fair loop, and from there a way round that gives every able task its step."""
    component, promise, quiet, starved = fair
    members = set(component)
    stem, start = way_to(graph, component)
    wanted = _actors(graph, component, quiet, members)
    loop: Moves = []
    at = start

    def is_wanted(edge: Edge) -> bool:
        return actor_of(graph.machine, edge.task, edge.choice) in wanted

    while wanted:
        path, at = _walk(graph, members, quiet, at, is_wanted)
        loop += [(edge.task, edge.choice) for edge in path]
        wanted -= {actor_of(graph.machine, edge.task, edge.choice) for edge in path}
    if at != start:
        path, at = _walk(graph, members, quiet, at, lambda edge: edge.target == start)
        loop += [(edge.task, edge.choice) for edge in path]
    return Lasso(stem, loop, promise, starved)


def _walk(
    graph: Graph, members: set[int], quiet: frozenset[int], start: int, goal: Callable[[Edge], bool]
) -> tuple[list[Edge], int]:
    """The shortest walk inside `members` whose last step is a goal, and where it ends."""
    came: dict[int, tuple[int, Edge] | None] = {start: None}
    frontier = deque([start])
    while frontier:
        number = frontier.popleft()
        for edge in _steps(graph, number, quiet):
            if edge.target not in members:
                continue
            if goal(edge):
                path = [edge]
                step = came[number]
                while step:
                    path.append(step[1])
                    step = came[step[0]]
                return path[::-1], edge.target
            if edge.target not in came:
                came[edge.target] = (number, edge)
                frontier.append(edge.target)
    raise AssertionError("a strongly connected component has a way to each of its steps")
