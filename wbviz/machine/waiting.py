"""Who waits for whom: edges between tasks, works and the disk, and cycles among them.

Edges are not only locks: a task waits for the disk and for the completion of a work; a queued work waits
for the works before it and for the flushers; a lock held by a work waits for that work; a reclaimer that
was refused room and asks again waits for the queued works, though it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from wbviz.kernel import queue
from wbviz.kernel.operations import OPERATIONS
from wbviz.kernel.pages import Node
from wbviz.kernel.reasons import Wait
from wbviz.kernel.state import QUEUED, State, find_work
from wbviz.machine.machine import Machine, Pending


class Edge(NamedTuple):
    """`waiter` cannot go on before `holder` does something: `wait` is what, `why` says it in words.

    `page` is the page whose lock or writeback is waited for, if it is one.
    """

    waiter: Node
    holder: Node
    wait: Wait
    why: str
    page: int | None = None


def node_name(machine: Machine, node: Node) -> str:
    """A task's name, `work N`, or `disk`."""
    kind, number = node
    if kind == "task":
        return machine.world.task_names[number]
    return f"work {number}" if kind == "work" else "disk"


def edges_of(machine: Machine, state: State, node: Node) -> tuple[Edge, ...]:
    """Whom a task or a work waits for in this state."""
    kind, number = node
    if kind == "disk":
        return ()
    if kind == "work":
        holders = queue.waits_of_work(machine.world, state, number, machine.flushers)
        return tuple(Edge(node, holder, *_why_work(machine, state, number, holder)) for holder in holders or ())
    pending = machine.pending(state, number)
    if pending is None:
        return ()
    waits = machine.waits(state, number)
    if waits is None and pending.name == "queue_work":
        waits = queue.waits_retry(machine.world, state, number)
        return tuple(Edge(node, holder, Wait.ROOM, "the queue is full") for holder in waits or ())
    if OPERATIONS[pending.name].waits_for is Wait.COMPLETION:
        return tuple(
            Edge(node, holder, Wait.COMPLETION, f"{node_name(machine, holder)} is not completed")
            for holder in waits or ()
        )
    return tuple(_page_edge(machine, node, holder, pending) for holder in waits or ())


def _page_edge(machine: Machine, node: Node, holder: Node, pending: Pending) -> Edge:
    page = pending.args[0]
    name = machine.world.page_name(page)
    if OPERATIONS[pending.name].waits_for is Wait.WRITEBACK:
        whose = f"{node_name(machine, holder)} has {name} in a request that is not sent"
        why = f"{name} is under writeback" if holder[0] == "disk" else whose
        return Edge(node, holder, Wait.WRITEBACK, why, page)
    return Edge(node, holder, Wait.LOCK, f"{name} is locked by {node_name(machine, holder)}", page)


def _why_work(machine: Machine, state: State, number: int, holder: Node) -> tuple[Wait, str]:
    work = find_work(state, number)
    if work is not None and work.by != QUEUED:
        return Wait.RUNS, f"{node_name(machine, holder)} runs it"
    if holder[0] == "work":
        return Wait.BEFORE, f"{node_name(machine, holder)} is before it in the queue"
    return Wait.QUEUED, f"it is queued for {node_name(machine, holder)}"


def find_cycle(
    machine: Machine, state: State, start: Iterable[Node], stuck: Callable[[Node], bool]
) -> tuple[Edge, ...]:
    """A shortest cycle of waits through one of the start nodes, over stuck nodes only; () where there is none."""
    best: tuple[Edge, ...] = ()
    for first in start:
        paths: dict[Node, tuple[Edge, ...]] = {first: ()}
        frontier = [first]
        found = False
        while frontier and not found:
            node = frontier.pop(0)
            for edge in edges_of(machine, state, node):
                if edge.holder == first:
                    cycle = (*paths[node], edge)
                    if not best or len(cycle) < len(best):
                        best = cycle
                    found = True
                    break
                if edge.holder not in paths and stuck(edge.holder):
                    paths[edge.holder] = (*paths[node], edge)
                    frontier.append(edge.holder)
    return best
