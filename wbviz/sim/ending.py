"""How a run ended: in a sentence, and as the verdict that its trace shows."""

from __future__ import annotations

from wbviz.errors import PolicyError
from wbviz.kernel.state import State
from wbviz.machine.machine import Machine, PolicyFault
from wbviz.machine.record import edge_json
from wbviz.machine.waiting import Edge, edges_of, find_cycle
from wbviz.sim.clock import HORIZON, STUCK, Timeline
from wbviz.trace.trace import Json

DEADLOCK = "deadlock"
"""What a run that is stuck shows, in the words of the verdicts."""


def wait_edges(machine: Machine, state: State) -> tuple[Edge, ...]:
    """Who waits for whom in a state, tasks first, then works."""
    nodes = [("task", task) for task in range(len(state.tasks))] + [("work", work.id) for work in state.works]
    return tuple(edge for node in nodes for edge in edges_of(machine, state, node))


def explain(machine: Machine, timeline: Timeline) -> tuple[str, Json | None]:
    """The sentence and the verdict; None for a run that ended at rest or was cut off: neither proves anything."""
    if timeline.error is not None:
        return _broken(machine, timeline, timeline.error)
    state = timeline.state
    blocked = [task for task in range(len(state.tasks)) if machine.waits(state, task)]
    edges = tuple(edge for task in blocked for edge in edges_of(machine, state, ("task", task)))
    if timeline.ended == STUCK:
        return _stuck(machine, state, blocked, edges)
    if timeline.ended == HORIZON:
        names = machine.world.task_names
        busy = [name for task, name in enumerate(names) if machine.waits(state, task) is None]
        cut = f"after {len(timeline.moves):,} steps {' and '.join(busy)} could still run"
        return "; ".join([cut, *_sentences(machine, edges)]), None
    return "nothing is queued, nothing is under writeback, and nobody is blocked", None


def cycle_verdict(machine: Machine, state: State) -> Json | None:
    """What a trace shows that ends in this state: the deadlock of tasks that wait in a cycle. None without a cycle."""
    blocked = [task for task in range(len(state.tasks)) if machine.waits(state, task)]
    cycle = find_cycle(machine, state, [("task", task) for task in blocked], lambda node: True)
    return _deadlock(machine, blocked, cycle, cycle)[1] if cycle else None


def _broken(machine: Machine, timeline: Timeline, error: Exception) -> tuple[str, Json]:
    fault = error.error if isinstance(error, PolicyFault) else None
    what = fault.what if isinstance(fault, PolicyError) else str(error)
    task, _ = timeline.moves[-1]
    return what, _verdict(timeline.ended, what, (), [machine.world.task_names[task]], machine)


def _stuck(machine: Machine, state: State, blocked: list[int], edges: tuple[Edge, ...]) -> tuple[str, Json]:
    """Nobody who is blocked will ever run: any cycle of waits is a deadlock, and without one all waits are told."""
    cycle = find_cycle(machine, state, [("task", task) for task in blocked], lambda node: True)
    return _deadlock(machine, blocked, cycle, cycle or edges)


def _deadlock(
    machine: Machine, blocked: list[int], cycle: tuple[Edge, ...], told: tuple[Edge, ...]
) -> tuple[str, Json]:
    on_cycle = {edge.waiter[1] for edge in cycle if edge.waiter[0] == "task"} or set(blocked)
    tasks = [machine.world.task_names[task] for task in blocked if task in on_cycle]
    summary = "; ".join(_sentences(machine, told))
    return summary, _verdict(DEADLOCK, summary, cycle, tasks, machine)


def _sentences(machine: Machine, edges: tuple[Edge, ...]) -> list[str]:
    shown = [edge_json(machine, edge) for edge in edges]
    return [f"{edge['from']} waits for {edge['to']} ({edge['why']})" for edge in shown]


def _verdict(kind: str, summary: str, cycle: tuple[Edge, ...], tasks: list[str], machine: Machine) -> Json:
    return {"kind": kind, "summary": summary, "cycle": [edge_json(machine, edge) for edge in cycle], "tasks": tasks}
