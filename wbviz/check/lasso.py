"""What one run shows by itself that ends where it has been before: a loop, and what never happens in it."""

from __future__ import annotations

from wbviz.check.graph import Moves, steps_from
from wbviz.check.progress import REST, Promise, actor_of, promises
from wbviz.check.verdict import LIVELOCK, STARVATION
from wbviz.kernel.state import State, World
from wbviz.machine.machine import Machine


def loop_of(states: list[State]) -> int | None:
    """Where the loop of a run begins that ends in a state where it has been before; None where it does not."""
    before = states[:-1]
    return before.index(states[-1]) if states[-1] in before else None


def shown_by(machine: Machine, moves: Moves, states: list[State]) -> tuple[str, Promise] | None:
    """What a run that ends with a loop shows, as (kind, promise): the loop is fair, and something promised stays open
    all round. That nobody in it is dead, and that no livelock breaks the same promise, takes all other runs."""
    begin = loop_of(states)
    if begin is None:
        return None
    moving = {actor_of(machine, *move) for move in moves[begin:]}
    around = states[begin:]
    if any(machine.at_rest(state) for state in around):
        return None
    kept = sorted(set.intersection(*map(promises, around)))
    able = {actor_of(machine, *move) for state in around for move in steps_from(machine, state)}
    tasks = range(len(machine.scenario.tasks))
    endless = {task for task in tasks if any(machine.between_rounds(state, task) for state in around)}
    if not any(task in endless for task, _ in moving):
        able = {actor for actor in able if actor[0] not in endless}
        return (LIVELOCK, (kept or [REST])[0]) if able == moving else None
    return (STARVATION, kept[0]) if kept and able == moving else None


def goes_round(world: World, loop: Moves, promise: Promise) -> tuple[tuple[str, ...], str]:
    """Who takes part in a loop, and what it keeps from happening, in words."""
    names = tuple(world.task_names[task] for task in sorted({task for task, _ in loop}))
    verb = "goes" if len(names) == 1 else "go"
    return names, f"{' and '.join(names)} {verb} round for ever, and {_never(world, promise)}"


def _never(world: World, promise: Promise) -> str:
    what, number = promise
    if what == "page":
        return f"{world.page_name(number)} is never cleaned"
    if what == "call":
        return f"the enqueue that {world.task_names[number]} called never returns"
    if what == "work":
        return f"work {number} never leaves the queue"
    return f"the execute of work {number} never returns" if what == "run" else "the run never comes to rest"
