"""Who can never run again, told from one state alone, without the graph around it.

Two proofs. *Circle*: nobody on whom a blocked task depends can act, because all of them are blocked themselves.
*Closure*: everything that can still happen is so little that it can be explored on the spot.
"""

from __future__ import annotations

from wbviz.check.graph import steps_from
from wbviz.kernel.pages import Node
from wbviz.kernel.state import QUEUED, Broken, State, find_work
from wbviz.machine.machine import Machine, PolicyFault
from wbviz.machine.record import edge_json
from wbviz.machine.waiting import Edge, edges_of, find_cycle
from wbviz.trace.text import waits_for

CLOSURE = 300
"""How many states a closure may have."""


def dead_by_circle(machine: Machine, state: State) -> tuple[int, ...]:
    """The blocked tasks that depend on blocked and ended tasks only; all that are blocked, where nobody can run.

    An idle task counts as able to act as long as anybody runs who might wake it.
    """
    waits = {task: machine.waits(state, task) for task in range(len(state.tasks))}
    blocked = {task: holders for task, holders in waits.items() if holders}
    if None not in waits.values():
        return tuple(blocked)
    acting = {task for task in waits if task not in blocked and machine.pending(state, task) is not None}

    def acts(node: Node) -> bool:
        kind, number = node
        if kind == "task":
            return number in acting
        work = find_work(state, number) if kind == "work" else None
        if work is None:
            return True
        return any(flusher in acting for flusher in machine.flushers) if work.by == QUEUED else work.by in acting

    while more := {task for task, holders in blocked.items() if task not in acting and any(map(acts, holders))}:
        acting |= more
    return tuple(task for task in blocked if task not in acting)


def dead_by_closure(machine: Machine, state: State, most: int = CLOSURE) -> tuple[int, ...]:
    """The blocked tasks that take no step in any state that can still be reached; () where there are too many
    of these, and where a broken rule is among them."""
    states, frontier = {state}, [state]
    dead = {task for task in range(len(state.tasks)) if machine.waits(state, task)}
    while frontier and dead:
        now = frontier.pop()
        for task, choice in steps_from(machine, now):
            dead.discard(task)
            try:
                after = machine.step(now, task, choice)
            except (Broken, PolicyFault):
                return ()
            if after not in states:
                if len(states) == most:
                    return ()
                states.add(after)
                frontier.append(after)
    return tuple(sorted(dead))


def cycle_of(machine: Machine, state: State, dead: tuple[int, ...]) -> tuple[Edge, ...]:
    """The shortest wait-for cycle through a dead task; works, and reclaimers that retry, may lie on it."""
    flushers_dead = all(flusher in dead for flusher in machine.flushers)

    def stuck(node: Node) -> bool:
        kind, which = node
        if kind == "work":
            work = find_work(state, which)
            return work is not None and (flushers_dead if work.by == QUEUED else work.by in dead)
        return kind == "task" and (which in dead or machine.waits(state, which) is None)

    return find_cycle(machine, state, [("task", task) for task in dead], stuck)


def dead_words(
    machine: Machine, state: State, dead: tuple[int, ...], cycle: tuple[Edge, ...]
) -> tuple[tuple[str, ...], str]:
    """Whom a deadlock is about, by name (those on the cycle, where there is one), and the sentence about it."""
    whom = [task for task in dead if any(edge.waiter == ("task", task) for edge in cycle)] or list(dead)
    names = tuple(machine.world.task_names[task] for task in whom)
    if cycle:
        whole = [edge_json(machine, edge) for edge in cycle]
        return names, "; ".join(f"{waits_for(edge)} ({edge['why']})" for edge in whole)
    blocked = "is" if len(names) == 1 else "are"
    why = "; ".join(dict.fromkeys(edge.why for task in dead for edge in edges_of(machine, state, ("task", task))))
    return names, f"{' and '.join(names)} {blocked} blocked for ever, whatever the others do: {why}"
