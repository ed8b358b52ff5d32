"""What a stack tells: what a task sleeps for, what it was doing, what it may hold meanwhile."""

from __future__ import annotations

from typing import NamedTuple

from wbviz.trouble.functions import (
    AT_SLEEP,
    BIT,
    COMMIT,
    DOING,
    HOLDS,
    HOLDS_TOGETHER,
    LOCK_OF,
    LOCKS_PAGES,
    MUTEX,
    ONE_AT_A_TIME,
    SLEEPING,
    WAITS,
    WAITS_WRITEBACK,
    Doing,
    Hold,
    Wait,
)
from wbviz.trouble.stacks import Frame, Task


class Sleep(NamedTuple):
    """A wait with the function that told it; `sure` is False where another reading is possible."""

    wait: Wait
    function: str
    sure: bool


_FLUSHER_QUEUES = ("writeback wb_workfn", "writeback bdi_writeback_workfn", "writeback")


def trusted(task: Task) -> tuple[Frame, ...]:
    """The frames to read: those the unwinder vouches for, or all where it vouches for none but the scheduler's."""
    sure = tuple(frame for frame in task.frames if frame.sure)
    told = [frame for frame in sure if frame.function not in SLEEPING]
    return sure if told else task.frames


def sleep(task: Task) -> Sleep:
    """What a task sleeps for. UNKNOWN where no function of the stack is in a table, or there is no stack."""
    frames = trusted(task)
    sure = all(frame.sure for frame in frames)
    names = [frame.function for frame in frames]
    for at, name in enumerate(names):
        if name in BIT:
            found = _bit(names[at:])
            return Sleep(found.wait, found.function, found.sure and sure)
        if name in MUTEX:
            return _lock(names[at:], sure)
        for wait, functions in WAITS.items():
            if name in functions:
                return _corrected(wait, names[: at + 1], sure)
    return Sleep(Wait.UNKNOWN, _first(names), False)


def _bit(names: list[str]) -> Sleep:
    """Lock, writeback or the write into a cache, by who sleeps for the bit."""
    asleep = names[0]
    for name in names:
        if name in BIT or name.startswith(("__wait_on_bit", "out_of_line_wait_on_bit", "bit_wait")):
            continue
        if name in WAITS[Wait.PAGE_WRITEBACK] or name in WAITS_WRITEBACK:
            return Sleep(Wait.PAGE_WRITEBACK, name, True)
        if name in WAITS[Wait.PAGE_LOCK]:
            return Sleep(Wait.PAGE_LOCK, name, True)
        if name in WAITS[Wait.REPLY]:  # PG_private_2, a third bit: the page is being written into a cache
            return Sleep(Wait.REPLY, name, True)
        # Since 5.18 whoever waits for writeback has folio_wait_writeback on the stack, a loop: what has not, locks.
        if name in LOCKS_PAGES and not (asleep.startswith("wait_on_page_bit") and name.startswith("truncate_")):
            return Sleep(Wait.PAGE_LOCK, name, True)
        if asleep.startswith("folio_wait_bit"):
            return Sleep(Wait.PAGE_LOCK, name, False)
        break
    return Sleep(Wait.PAGE_BIT, asleep, False)


def _lock(names: list[str], sure: bool) -> Sleep:
    """Which mutex or rwsem: by the first caller that is not part of the lock itself."""
    callers = [name for name in names if name not in MUTEX][:2]
    for caller in callers:
        for wait, functions in LOCK_OF.items():
            if caller in functions:
                return Sleep(wait, caller, sure)
    return Sleep(Wait.OTHER_LOCK, callers[0] if callers else names[0], sure and bool(callers))


def _corrected(wait: Wait, inside: list[str], sure: bool) -> Sleep:
    """A commit that sleeps for a bit sleeps for a block of its own at the disk; else for the transaction's users."""
    name = inside[-1]
    if name in COMMIT and any(
        one.startswith(("bit_wait", "out_of_line_wait_on_bit", "__wait_on_bit")) for one in inside
    ):
        return Sleep(Wait.BLOCK_IO, name, False)
    return Sleep(wait, name, sure)


def _first(names: list[str]) -> str:
    return next((name for name in names if name not in SLEEPING), "")


def doing(task: Task) -> Doing:
    """What the task was about: the first row of the table that its stack has something of."""
    names = {frame.function for frame in trusted(task)}
    if task.workqueue.startswith(_FLUSHER_QUEUES) and not names & DOING[Doing.KSWAPD]:
        return Doing.WRITEBACK
    return next((what for what, functions in DOING.items() if names & functions), Doing.UNKNOWN)


def holds(task: Task) -> frozenset[Hold]:
    """What the task may hold by the functions that it is inside of; the outermost wait itself is none of them."""
    asleep = sleep(task)
    names = [frame.function for frame in trusted(task)]
    at = names.index(asleep.function) if asleep.function in names else 0
    inside = set(names[at + 1 :]) | ({asleep.function} & AT_SLEEP)
    if asleep.wait is Wait.PAGE_WRITEBACK:
        inside |= set(names[at:])
    if asleep.wait in (Wait.PAGE_LOCK, Wait.PAGE_BIT):
        inside -= ONE_AT_A_TIME
    together = {hold for inner, outer, hold in HOLDS_TOGETHER if {inner, outer} <= inside}
    return frozenset(hold for hold, functions in HOLDS.items() if inside & functions) | together
