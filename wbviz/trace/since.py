"""Since when: the step from which on something has been so without a break, up to the end of a trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wbviz.kernel.reasons import Wait
from wbviz.trace.trace import Json, Snapshot, Trace


def since(trace: Trace, so: Callable[[Snapshot], bool]) -> int | None:
    """The step (from 1) with which it became so and stayed; 0: it was so all along; None: at the end it is not so."""
    first: int | None = 0 if so(trace.initial) else None
    for number, step in enumerate(trace.steps, 1):
        if not so(step.after):
            first = None
        elif first is None:
            first = number
    return first


def edge_since(trace: Trace, edge: Json) -> str:
    """What to add to "A waits for B: why": since when B has what A waits for, and from which step on A waits."""
    waiter, holder, page = edge["from"], edge["to"], edge["page"]
    words = ""
    if page is not None and holder == "disk":
        words = _from(", since step", since(trace, lambda now: _entry(now, "pages", page)["writeback"]))
    elif page is not None:
        words = _from(", since step", since(trace, lambda now: _entry(now, "pages", page)["holder"] == holder))
    elif (number := _work(waiter)) is not None and _work(holder) is None:
        runs = since(trace, lambda now: _field(_work_entry(now, number), "by") == holder)
        waits = since(trace, lambda now: _work_entry(now, number) is not None)
        words = _from(", since step", waits if runs is None else runs)
    elif (number := _work(holder)) is not None:
        began = ", with it queued since step" if edge.get("wait") == Wait.ROOM else ", and was queued in step"
        words = _from(began, since(trace, lambda now: _work_entry(now, number) is not None))
    blocked = since(trace, lambda now: _stands(now, waiter, trace))
    return words + _from(f" ({waiter} waits from step", blocked, " on)")


def _from(before: str, step: int | None, after: str = "") -> str:
    return f"{before} {step}{after}" if step else ""


def _entry(now: Snapshot, part: str, name: str) -> Json:
    found: Json = next(entry for entry in now[part] if entry["name"] == name)
    return found


def _work_entry(now: Snapshot, number: int | None) -> Json | None:
    return next((work for work in now["works"] if work["id"] == number), None)


def _field(entry: Json | None, key: str) -> Any:
    return entry[key] if entry else None


def _work(name: str) -> int | None:
    """The number in `work 3`; None for the name of a task."""
    word, _, number = name.partition(" ")
    return int(number) if word == "work" and number.isdigit() else None


def _stands(now: Snapshot, task: str, trace: Trace) -> bool:
    """Whether a task waits as it does at the end: blocked, at the same operation."""
    at_end = (trace.steps[-1].after if trace.steps else trace.initial)["tasks"]
    last = next((entry for entry in at_end if entry["name"] == task), None)
    if last is None or last["status"] != "blocked":
        return False
    mine = _entry(now, "tasks", task)
    return bool(mine["status"] == "blocked" and mine["next"] == last["next"])
