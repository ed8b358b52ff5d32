"""Deadlock: some task can never run again, whatever the others do.

For every state, the tasks that can still run in some state reachable from it, as a bit mask, in one pass
over the components. A task that is blocked and not in that mask is dead. Where a broken rule, a
policy-error or an unexplored state is reachable, every task counts as able to run: a claim "for ever"
needs to have seen everything.
"""

from __future__ import annotations

from typing import NamedTuple

from wbviz.check.graph import Graph, Moves
from wbviz.check.shortest import way_to
from wbviz.check.stuck import cycle_of
from wbviz.kernel.pages import Node
from wbviz.machine.waiting import Edge, edges_of


class Deadlock(NamedTuple):
    """The state where it is complete, a shortest way there, the dead tasks, and the wait-for cycle (empty where there
    is none)."""

    state: int
    moves: Moves
    dead: tuple[int, ...]
    cycle: tuple[Edge, ...]


def alive(graph: Graph, order: list[list[int]]) -> list[int]:
    """For every explored state, the mask of the tasks that can run in some state reachable from it.

    `order` are the components, each after those it leads to.
    """
    everyone = (1 << len(graph.machine.world.task_names)) - 1
    open_ended = {end.source for end in graph.ends}
    masks = [0] * graph.expanded
    for component in order:
        mask = 0
        for number in component:
            if number in open_ended:
                mask = everyone
            for edge in graph.edges[number]:
                mask |= 1 << edge.task
                mask |= masks[edge.target] if edge.target < graph.expanded else everyone
        for number in component:
            masks[number] = mask
    return masks


def dead_tasks(graph: Graph, masks: list[int], number: int) -> tuple[int, ...]:
    """The tasks that are blocked in a state and can never run again."""
    state, machine = graph.states[number], graph.machine
    mask = masks[number]
    return tuple(task for task in range(len(state.tasks)) if not mask >> task & 1 and machine.waits(state, task))


class Deadlocks(NamedTuple):
    """The dead tasks of each state, the wait-for cycle through them, and the states where a deadlock can be seen."""

    dead: dict[int, tuple[int, ...]]
    cycles: dict[int, tuple[Edge, ...]]
    shown: list[int]


def deadlocks(graph: Graph, order: list[list[int]], masks: list[int]) -> Deadlocks:
    """Every deadlock. It can be seen where a wait-for cycle is complete. Where no cycle ever comes, it can be seen in
    the states after which no further task dies and in which those waited for have ended, idle or spin: then no more
    happens that could explain it."""
    everyone = (1 << len(graph.machine.world.task_names)) - 1
    dead: dict[int, tuple[int, ...]] = {}
    cycles: dict[int, tuple[Edge, ...]] = {}
    for number in range(graph.expanded):
        if masks[number] != everyone:
            dead[number] = dead_tasks(graph, masks, number)
            cycles[number] = cycle_of(graph.machine, graph.states[number], dead[number]) if dead[number] else ()
    shown = [number for number in dead if cycles[number]]
    return Deadlocks(dead, cycles, shown + _without_cycle(graph, order, dead, cycles))


def find_deadlock(graph: Graph, order: list[list[int]], masks: list[int]) -> Deadlock | None:
    """The deadlock with the shortest trace."""
    dead, cycles, shown = deadlocks(graph, order, masks)
    if not shown:
        return None
    moves, best = way_to(graph, shown)
    return Deadlock(best, moves, dead[best], cycles[best])


def _without_cycle(
    graph: Graph,
    order: list[list[int]],
    dead: dict[int, tuple[int, ...]],
    cycles: dict[int, tuple[Edge, ...]],
) -> list[int]:
    """States with dead tasks from which neither a cycle nor one more dead task can be reached, and that show why."""
    settled: dict[int, bool] = {}
    shown: list[int] = []
    for component in order:
        members = set(component)
        targets = [edge.target for number in component for edge in graph.edges[number]]
        good = all(
            number in dead and dead[number] == dead[component[0]] and not cycles[number] for number in component
        ) and all(
            target in members or (settled.get(target, False) and dead[target] == dead[component[0]])
            for target in targets
        )
        spinning = {edge.task for number in component for edge in graph.edges[number] if edge.target in members}
        for number in component:
            settled[number] = good
            if good and dead[number] and _explained(graph, number, dead[number], spinning):
                shown.append(number)
    return shown


def _explained(graph: Graph, number: int, dead: tuple[int, ...], spinning: set[int]) -> bool:
    """Whether all on whom the dead tasks wait, through works and other dead tasks, have ended, idle or spin."""
    machine, state = graph.machine, graph.states[number]
    todo: list[Node] = [("task", task) for task in dead]
    seen = set(todo)
    while todo:
        for edge in edges_of(machine, state, todo.pop()):
            kind, who = edge.holder
            if kind == "task" and who not in dead:
                if who not in spinning and not machine.idle(state, who):
                    return False
            elif edge.holder not in seen:
                seen.add(edge.holder)
                todo.append(edge.holder)
    return True
