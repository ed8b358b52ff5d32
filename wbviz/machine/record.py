"""From a list of moves to a trace: the moves are made on the machine, and everything is named.

Also the way back: a schedule in text is checked against the machine, move by move.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wbviz.errors import PolicyError, TraceError
from wbviz.kernel.pages import holder_name
from wbviz.kernel.state import QUEUED, Broken, State, Value
from wbviz.machine.machine import Choice, Machine, Pending, PolicyFault
from wbviz.machine.waiting import Edge, edges_of, node_name
from wbviz.trace.called import call_words
from wbviz.trace.narrate import says, wants
from wbviz.trace.schedule import Move, Schedule
from wbviz.trace.trace import Json, Snapshot, Step, Trace

Moves = Iterable[tuple[int, Choice]]


def record(
    machine: Machine,
    moves: Moves,
    verdict: Json | None = None,
    loop: int | None = None,
    times: Sequence[float] | None = None,
) -> Trace:
    """The trace of these moves. The last one may break a rule: its step then says so, and changes nothing."""
    state = machine.initial()
    initial = snapshot(machine, state)
    before, steps, made = initial, [], []
    broken: Json = {}
    for number, (task, choice) in enumerate(moves):
        made.append(move_name(machine, task, choice))
        step, state, error = _step(machine, state, before, task, choice)
        if isinstance(error, Broken):
            broken = {"broken": {"rule": error.rule.value, "attr": error.attr, "line": error.line}}
        steps.append(step._replace(time=times[number] if times else None))
        before = step.after
    shows = verdict["kind"] if verdict else ""
    schedule = Schedule(machine.scenario.name, machine.policy.given, machine.scenario.params, tuple(made), shows)
    return Trace(
        scenario=machine.scenario.name,
        params=dict(machine.scenario.params),
        policy=machine.policy.name,
        source=machine.policy.source,
        schedule=str(schedule),
        verdict=verdict and {**verdict, **broken},
        initial=initial,
        steps=tuple(steps),
        loop=loop,
    )


def moves_of(machine: Machine, schedule: Schedule) -> list[tuple[int, Choice]]:
    """The moves of a schedule. Raises `TraceError` at the first that the machine cannot make."""
    state, moves = machine.initial(), []
    for number, move in enumerate(schedule.moves, 1):
        task, choice = _find_move(machine, state, number, move)
        moves.append((task, choice))
        try:
            state = machine.step(state, task, choice)
        except (Broken, PolicyFault) as broken:
            left = len(schedule.moves) - number
            if not left:
                break
            raise TraceError(
                f"step {number} of the schedule ends the run",
                came=f"{left} more step{'s' * (left != 1)} after it",
                cause=str(broken),
                fix="leave out what comes after that step",
            ) from None
    return moves


def _find_move(machine: Machine, state: State, number: int, move: Move) -> tuple[int, Choice]:
    names = machine.world.task_names
    able = [move_name(machine, task, choice) for task in range(len(names)) for choice in machine.choices(state, task)]
    if move.task in names:
        task = names.index(move.task)
        for choice in machine.choices(state, task):
            if move_name(machine, task, choice) == move:
                return task, choice
    raise TraceError(
        f"step {number} of the schedule cannot be taken",
        came=move.task + (f":{move.choice}" if move.choice else ""),
        expected="one of: " + (", ".join(_word(other) for other in able) or "nothing: no task can run"),
        cause="the policy or the scenario has changed since the schedule was made",
        fix="check the policy again, and use the new schedule",
    )


def _word(move: Move) -> str:
    return move.task + (f":{move.choice}" if move.choice else "")


def move_name(machine: Machine, task: int, choice: Choice) -> Move:
    """The move by the names of its task and of the page it chose."""
    return Move(machine.world.task_names[task], None if choice is None else machine.world.page_name(choice))


# One step


def _step(
    machine: Machine, state: State, before: Snapshot, task: int, choice: Choice
) -> tuple[Step, State, Broken | PolicyFault | None]:
    pending = machine.pending(state, task)
    assert pending is not None
    name = machine.world.task_names[task]
    lines = machine.policy_lines(state, task)
    result: Any = None
    error: Broken | PolicyFault | None = None
    try:
        after, value = machine.step_with_result(state, task, choice)
    except (Broken, PolicyFault) as broken:
        error = broken
        after, sentence = state, f"{_attempt(machine, name, pending)}: {_reason(broken)}"
        if isinstance(broken, Broken) and broken.line:
            lines = (broken.line,)
        args = [named(machine, value) for value in pending.wire]
    else:
        result = named(machine, value)
        args = [named(machine, arg) for arg in pending.wire]
        if pending.name == "isolate":
            args = []
        if pending.name == "end_writeback":
            assert choice is not None
            args = [machine.world.page_name(choice)]
        sentence = told(machine, state, after, task, pending.name, args, result)
    picture = snapshot(machine, after)
    step = Step(
        task=name,
        choice=None if choice is None else machine.world.page_name(choice),
        op=pending.name,
        args=tuple(args),
        result=result,
        says=sentence,
        waits=tuple(_begins_to_wait(machine, after, before, picture)),
        lines=lines,
        time=None,
        after=picture,
    )
    return step, after, error


def told(
    machine: Machine, before: State, after: State, task: int, operation: str, args: Sequence[Any], result: Any
) -> str:
    """What a step does, in words: as `says`, and what becomes of the task's request."""
    name = machine.world.task_names[task]
    had, has = (sum(page.request == task + 1 for page in state.pages) for state in (before, after))
    if operation == "writepage" and has > had:
        return says(name, "gather", args, result)
    words = says(name, operation, args, result)
    if not had or has:
        return words
    return f"{words}, with the rest of its request" if operation == "writepage" else f"{words}; its request is sent"


def _attempt(machine: Machine, name: str, pending: Pending) -> str:
    args = ", ".join(str(named(machine, arg)) for arg in pending.wire)
    return f"{name} does {call_words(f'{pending.name}({args})')}"


def _reason(broken: Broken | PolicyFault) -> str:
    error = broken.error if isinstance(broken, PolicyFault) else None
    return error.what if isinstance(error, PolicyError) else str(broken)


def _begins_to_wait(machine: Machine, state: State, before: Snapshot, after: Snapshot) -> Iterable[str]:
    for task, (old, new) in enumerate(zip(before["tasks"], after["tasks"], strict=True)):
        if new["status"] == "blocked" and (old["status"] != "blocked" or old["waits"] != new["waits"]):
            if old["status"] == "blocked" and old["next"] == new["next"]:
                continue
            pending = machine.pending(state, task)
            assert pending is not None
            args = [named(machine, arg) for arg in pending.wire]
            yield wants(new["name"], pending.name, args, [edge["to"] for edge in new["waits"]])


# Snapshots

LONGEST = 20
"""So much of what a work holds is shown in each state: so many keys, items of a tuple, and ten times as many
characters of a text."""


def _short(value: Any, longest: int = LONGEST) -> Any:
    """What info holds, without the rest of what is long."""
    if isinstance(value, str):
        return value if len(value) <= 10 * LONGEST else f"{value[: 10 * LONGEST]} ..."
    if not isinstance(value, list):
        return value
    rest = len(value) - longest
    shown = [_short(item, longest // 4) for item in value[:longest]]
    return [*shown, f"... and {rest} more"] if rest > 0 else shown


def snapshot(machine: Machine, state: State) -> Snapshot:
    """The whole state, by names."""
    world = machine.world
    return {
        "pages": [
            {
                "name": world.page_name(number),
                "inode": world.inode_names[world.pages[number][0]],
                "index": world.pages[number][1],
                "attached": page.attached,
                "dirty": page.dirty,
                "writeback": page.writeback,
                "holder": holder_name(world, page.holder) if page.holder else None,
                "pins": page.pins,
                "freed": page.freed,
                **({"request": world.task_names[page.request - 1]} if page.request else {}),
            }
            for number, page in enumerate(state.pages)
        ],
        "inodes": [
            {"name": name, "refs": inode.refs, "linked": inode.linked, "state": inode.state}
            for name, inode in zip(world.inode_names, state.inodes, strict=True)
        ],
        "works": [
            {
                "id": work.id,
                "kind": work.kind,
                "page": None if work.page is None else world.page_name(work.page),
                "inode": None if work.inode is None else world.inode_names[work.inode],
                "info": {key: _short(named(machine, value)) for key, value in work.info[:LONGEST]},
                "by": None if work.by == QUEUED else world.task_names[work.by],
            }
            for work in state.works
        ],
        "tasks": [_task(machine, state, task) for task in range(len(world.task_names))],
    }


def _task(machine: Machine, state: State, task: int) -> Json:
    pending = machine.pending(state, task)
    lines = machine.policy_lines(state, task)
    waits = machine.waits(state, task)
    status = "ended" if pending is None else "ready" if waits is None else "blocked" if waits else "idle"
    return {
        "name": machine.world.task_names[task],
        "status": status,
        "next": pending and _call_text(machine, pending),
        "line": lines[-1] if lines else None,
        "waits": [edge_json(machine, edge) for edge in edges_of(machine, state, ("task", task))],
    }


def _call_text(machine: Machine, pending: Pending) -> str:
    args = [] if pending.name == "isolate" else [named(machine, arg) for arg in pending.wire]
    return f"{pending.name}({', '.join(str(arg) for arg in args)})"


def edge_json(machine: Machine, edge: Edge) -> Json:
    """An edge by names."""
    page = None if edge.page is None else machine.world.page_name(edge.page)
    return {
        "from": node_name(machine, edge.waiter),
        "to": node_name(machine, edge.holder),
        "wait": edge.wait.value,
        "why": edge.why,
        "page": page,
    }


def named(machine: Machine, value: Value) -> Any:
    """A value by names: "A0" for a page, "A" for an inode, "work 1", plain numbers and lists."""
    if type(value) is not tuple:
        return value
    kind, *rest = value
    if kind == "page":
        return machine.world.page_name(rest[0])
    if kind == "inode":
        return machine.world.inode_names[rest[0]]
    if kind == "work":
        return f"work {rest[0]}"
    return [named(machine, item) for item in rest] if kind == "tuple" else rest[0]
