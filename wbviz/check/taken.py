"""Who took what is left at rest, and where."""

from __future__ import annotations

from typing import NamedTuple

from wbviz.check.graph import Moves
from wbviz.check.rest import leaks, lost_pages
from wbviz.check.verdict import LOST
from wbviz.kernel.operations import OPERATIONS
from wbviz.kernel.state import State
from wbviz.machine.machine import Machine
from wbviz.machine.record import record
from wbviz.trace.trace import Step, Trace

Held = tuple[str, str]
"""A pin, a lock or a reference, and the page or inode that it is on."""


class _Taken(NamedTuple):
    number: int
    step: Step


def rest_words(machine: Machine, kind: str, state: State, moves: Moves) -> str:
    """What is wrong at rest, after these moves, in words: lost work; or what leaks, and who took it in which step."""
    if kind == LOST:
        return "; ".join(lost_pages(machine, state))
    taken = left_over(record(machine, moves))
    return "; ".join(left.words + _by_whom(taken.get((left.what, left.name), [])) for left in leaks(machine, state))


def left_over(trace: Trace) -> dict[Held, list[tuple[int, Step]]]:
    """What was taken in a run and not given back, with each step (from 1) that took it.

    Pins and references of one thing are alike. What a task gives back is what it took last; if it has nothing left, for
    pins travel with works, then what was taken first. A policy's pins and those of built-in tasks are kept apart.
    """
    held: dict[Held, list[_Taken]] = {}
    for number, step in enumerate(trace.steps, 1):
        operation = OPERATIONS[step.op]
        name = step.result if operation.finds else step.args[0] if step.args else None
        if operation.takes and operation.took(step.result):
            held.setdefault((operation.takes, str(name)), []).append(_Taken(number, step))
        elif operation.gives_back:
            _give_back(held.get((operation.gives_back, str(name)), []), step)
    return {thing: [(it.number, it.step) for it in taken] for thing, taken in held.items() if taken}


def _give_back(taken: list[_Taken], step: Step) -> None:
    alike = [it for it in taken if bool(it.step.lines) == bool(step.lines)] or taken
    own = [it for it in alike if it.step.task == step.task]
    if alike:
        taken.remove(own[-1] if own else alike[0])


def _by_whom(taken: list[tuple[int, Step]]) -> str:
    places = [
        f"by {step.task} in step {number}" + (f" (line {step.lines[-1]})" if step.lines else "")
        for number, step in taken
    ]
    return f": taken {' and '.join(places)}" if places else ""
