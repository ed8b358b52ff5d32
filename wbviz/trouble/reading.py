"""What sleeping tasks have to do with each other: candidates for a cycle, victims, and what cannot be known.

A page lock is a bit, and no kernel knows who set it. So nothing here is a proof: a candidate is a set of tasks each of
which sleeps for what another *may* hold by the functions on its stack. Only locks whose owner the kernel itself names
give edges that are certain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import NamedTuple

from wbviz.trouble.functions import Doing, Hold, Wait
from wbviz.trouble.stacks import Dump, Task
from wbviz.trouble.waits import Sleep, doing, holds, sleep, trusted


class Role(StrEnum):
    """A task's part in the hang."""

    CANDIDATE = "candidate"  # may be in a cycle
    VICTIM = "victim"  # holds nothing that the others are known to want, and waits behind them
    DEVICE = "device"  # sleeps for the device or what is below it, not for a task
    OPEN = "open"  # may hold what others want; nobody here is known to hold what it wants


class Why(StrEnum):
    """What makes a candidate for a cycle."""

    OWNERS = "named-owners"
    OWN_WORK = "flusher-waits-for-its-own-work"
    OWN_LOCK = "lock-taken-twice"
    PAGES = "pages"
    JOURNAL = "pages-and-journal"
    LOCK = "pages-and-lock"
    UNREAD = "page-locks-in-unknown-code"


class Gap(StrEnum):
    """What cannot be known from this text."""

    NO_OWNER = "the-bit-has-no-owner"
    WHICH_PAGE = "which-page"
    NO_STACK = "no-stack"
    TRUNCATED = "truncated-stack"
    UNSURE = "unsure-frames"
    UNREAD = "unknown-functions"
    NO_FLUSHER = "no-flusher-in-the-report"
    TEN_REPORTS = "the-detector-stops-after-ten"
    LEFT_OUT = "too-many-tasks"


class Collect(StrEnum):
    """What to collect next."""

    SYSRQ_W = "sysrq-w"
    STACKS = "proc-stack"
    TRACE = "trace"
    DIRTY = "meminfo"
    INFLIGHT = "inflight"


class Sleeper(NamedTuple):
    """One task, read."""

    task: Task
    sleep: Sleep
    doing: Doing
    holds: frozenset[Hold]
    role: Role


class Cycle(NamedTuple):
    """A candidate: indices of sleepers. `certain` only where the kernel named the owners."""

    why: Why
    members: tuple[int, ...]
    certain: bool = False


class Reading(NamedTuple):
    """All that a report tells. `alike`: for each wait that several share, their indices. `gaps`: with the indices
    that they are about, empty where a gap is of the whole report."""

    sleepers: tuple[Sleeper, ...]
    cycles: tuple[Cycle, ...]
    alike: tuple[tuple[Wait, tuple[int, ...]], ...]
    gaps: tuple[tuple[Gap, tuple[int, ...]], ...]
    chapters: tuple[str, ...]
    collect: tuple[Collect, ...]
    kernels: tuple[str, ...]
    left_out: int


_PAGE = (Wait.PAGE_LOCK, Wait.PAGE_WRITEBACK, Wait.PAGE_BIT)
_LOCKS = (Wait.INODE_LOCK, Wait.MAPPING_LOCK, Wait.MMAP_LOCK, Wait.SUPER_LOCK, Wait.OTHER_LOCK)
_BEHIND_FLUSHER = (Wait.WORK, Wait.THROTTLE, Wait.EVICTION)
_OWN_INODE = ("inode_wait_for_writeback", "__inode_wait_for_writeback")
"""Where who evicts an inode waits for the flusher to be done with it."""
_MOST_WARNINGS = 10
"""kernel.hung_task_warnings: after so many reports the detector is silent."""

CHAPTERS: dict[Wait, tuple[str, ...]] = {
    Wait.PAGE_LOCK: ("lock-ordering",),
    Wait.PAGE_BIT: ("lock-ordering", "pages"),
    Wait.PAGE_WRITEBACK: ("pages", "flushers"),
    Wait.WORK: ("pageout-work",),
    Wait.EVICTION: ("lifetimes",),
    Wait.THROTTLE: ("flushers",),
    Wait.RECLAIM: ("reclaim",),
    Wait.JOURNAL: ("lifetimes",),
    Wait.INODE_LOCK: ("lock-ordering",),
    Wait.OTHER_LOCK: ("lock-ordering",),
}
"""The chapters of the book that explain a wait."""

HOW_TO_READ = "real-machine"
"""The chapter about reports and traces themselves."""


def reading(dump: Dump) -> Reading:
    """Read all tasks of a dump together."""
    read = [(task, sleep(task), doing(task), holds(task)) for task in dump.tasks]
    bare = [Sleeper(*one, Role.OPEN) for one in read]
    cycles = tuple(_cycles(bare))
    inside = {i for cycle in cycles for i in cycle.members}
    sleepers = tuple(s._replace(role=_role(s, i in inside)) for i, s in enumerate(bare))
    gaps = tuple(_gaps(sleepers, dump.left_out))
    waits = list(dict.fromkeys(s.sleep.wait for s in sleepers))
    alike = ((wait, tuple(i for i, s in enumerate(sleepers) if s.sleep.wait is wait)) for wait in waits)
    chapters = dict.fromkeys(chapter for wait in waits for chapter in CHAPTERS.get(wait, ()))
    if any(cycle.why is Why.OWN_WORK for cycle in cycles):
        chapters["lifetimes"] = None
    if sleepers:
        chapters[HOW_TO_READ] = None
    return Reading(
        sleepers,
        cycles,
        tuple((wait, members) for wait, members in alike if len(members) > 1 and wait is not Wait.UNKNOWN),
        gaps,
        tuple(chapters),
        tuple(_collect(sleepers, {gap for gap, _ in gaps})),
        dump.kernels,
        dump.left_out,
    )


# Candidates


def _cycles(sleepers: Sequence[Sleeper]) -> list[Cycle]:
    found = [*_owned(sleepers)]
    for i, one in enumerate(sleepers):
        if one.doing is Doing.WRITEBACK and (one.sleep.wait is Wait.WORK or one.sleep.function in _OWN_INODE):
            found.append(Cycle(Why.OWN_WORK, (i,)))
        elif one.sleep.wait in _LOCKS and _twice(one):
            found.append(Cycle(Why.OWN_LOCK, (i,)))
    for why, pick in (
        (Why.PAGES, _page_cycle),
        (Why.JOURNAL, _journal_cycle),
        (Why.LOCK, _lock_cycle),
        (Why.UNREAD, _unread_cycle),
    ):
        members = pick(sleepers)
        if len(members) > 1:
            found.append(Cycle(why, members))
    return found


def _owned(sleepers: Sequence[Sleeper]) -> list[Cycle]:
    """Cycles along the owners that the kernel names: each task waits for one owner, so a walk finds them."""
    at = {(s.task.name, s.task.pid): i for i, s in enumerate(sleepers)}
    owners = ((i, s.task.owner) for i, s in enumerate(sleepers))
    nexts = {i: at.get((owner.name, owner.pid)) for i, owner in owners if owner is not None}
    cycles: dict[frozenset[int], Cycle] = {}
    for start in nexts:
        path: list[int] = []
        here: int | None = start
        while here is not None and here not in path:
            path.append(here)
            here = nexts.get(here)
        if here is not None:
            ring = tuple(path[path.index(here) :])
            cycles.setdefault(frozenset(ring), Cycle(Why.OWNERS, ring, True))
    return list(cycles.values())


def _twice(one: Sleeper) -> bool:
    """Whether the function that sleeps for a lock is on the stack a second time, further out."""
    names = [frame.function for frame in trusted(one.task)]
    return one.sleep.sure and names.count(one.sleep.function) > 1


def _which(sleepers: Sequence[Sleeper], fits: Callable[[Sleeper], bool]) -> tuple[int, ...]:
    return tuple(i for i, one in enumerate(sleepers) if fits(one))


def _has_pages(one: Sleeper) -> bool:
    return bool(one.holds & {Hold.PAGES, Hold.UNSENT})


def _page_cycle(sleepers: Sequence[Sleeper]) -> tuple[int, ...]:
    """Those that sleep for a page with others in hand, if one of them at least sleeps for a lock."""
    locks = _which(sleepers, lambda s: s.sleep.wait in (Wait.PAGE_LOCK, Wait.PAGE_BIT) and _has_pages(s))
    written = _which(sleepers, lambda s: s.sleep.wait is Wait.PAGE_WRITEBACK and Hold.PAGES in s.holds)
    return tuple(sorted((*locks, *written))) if locks else ()


def _journal_cycle(sleepers: Sequence[Sleeper]) -> tuple[int, ...]:
    """A page in hand and asleep for the transaction; the transaction in hand and asleep for a page."""
    pages = _which(sleepers, lambda s: s.sleep.wait is Wait.JOURNAL and _has_pages(s) and s.doing is not Doing.JOURNAL)
    handles = _which(sleepers, lambda s: s.sleep.wait in _PAGE and (s.doing is Doing.JOURNAL or Hold.HANDLE in s.holds))
    return tuple(sorted((*pages, *handles))) if pages and handles else ()


def _lock_cycle(sleepers: Sequence[Sleeper]) -> tuple[int, ...]:
    """A page in hand and asleep for a mutex or semaphore; asleep for a page with an inode's or a page's lock in hand,
    and so with what its file system took on the way."""
    pages = _which(sleepers, lambda s: s.sleep.wait in _LOCKS and Hold.PAGES in s.holds)
    others = _which(sleepers, lambda s: s.sleep.wait in _PAGE and bool(s.holds & {Hold.INODE, Hold.PAGES}))
    return tuple(sorted((*pages, *others))) if pages and others else ()


def _unread_cycle(sleepers: Sequence[Sleeper]) -> tuple[int, ...]:
    """Asleep for page locks in code that the tables do not know: what they hold cannot be excluded."""
    return _which(sleepers, lambda s: s.sleep.wait is Wait.PAGE_LOCK and s.doing is Doing.UNKNOWN and not s.holds)


def _role(one: Sleeper, inside: bool) -> Role:
    wait = one.sleep.wait
    if inside:
        return Role.CANDIDATE
    if wait in (Wait.BLOCK_IO, Wait.REPLY):
        return Role.DEVICE
    if wait in (*_BEHIND_FLUSHER, *_LOCKS):
        return Role.VICTIM
    harmless = not _has_pages(one) and one.doing not in (Doing.JOURNAL, Doing.UNKNOWN)
    if wait in (Wait.PAGE_LOCK, Wait.PAGE_BIT, Wait.JOURNAL, Wait.PAGE_WRITEBACK) and harmless:
        return Role.VICTIM
    return Role.OPEN


# What is not known


def _gaps(sleepers: Sequence[Sleeper], left_out: int) -> list[tuple[Gap, tuple[int, ...]]]:
    bits = _which(sleepers, lambda s: s.sleep.wait in (Wait.PAGE_LOCK, Wait.PAGE_BIT))
    pages = _which(sleepers, lambda s: s.sleep.wait in _PAGE)
    behind = _which(sleepers, lambda s: s.sleep.wait in _BEHIND_FLUSHER and s.doing is not Doing.WRITEBACK)
    flusher = any(s.doing is Doing.WRITEBACK for s in sleepers)
    reports = sum(s.task.times for s in sleepers if s.task.seconds is not None)
    asked: list[tuple[Gap, tuple[int, ...]]] = [
        (Gap.NO_OWNER, bits),
        (Gap.WHICH_PAGE, pages if len(pages) > 1 else ()),
        (Gap.NO_STACK, _which(sleepers, lambda s: not s.task.frames)),
        (Gap.TRUNCATED, _which(sleepers, lambda s: bool(s.task.frames) and not s.task.whole)),
        (Gap.UNSURE, _which(sleepers, lambda s: s.sleep.wait is not Wait.UNKNOWN and not s.sleep.sure)),
        (Gap.UNREAD, _which(sleepers, lambda s: s.sleep.wait is Wait.UNKNOWN and bool(s.task.frames))),
        (Gap.NO_FLUSHER, () if flusher else behind),
    ]
    found = [(gap, members) for gap, members in asked if members]
    if reports >= _MOST_WARNINGS:
        found.append((Gap.TEN_REPORTS, ()))
    return [*found, (Gap.LEFT_OUT, ())] if left_out else found


def _collect(sleepers: Sequence[Sleeper], gaps: set[Gap]) -> list[Collect]:
    waits = {s.sleep.wait for s in sleepers}
    wanted = [Collect.SYSRQ_W]
    if gaps & {Gap.NO_STACK, Gap.TRUNCATED, Gap.UNSURE, Gap.UNREAD, Gap.NO_FLUSHER}:
        wanted.append(Collect.STACKS)
    if waits & {Wait.THROTTLE, Wait.WORK, Wait.PAGE_WRITEBACK, Wait.RECLAIM}:
        wanted += [Collect.DIRTY, Collect.TRACE]
    return [*wanted, Collect.INFLIGHT] if waits & {Wait.BLOCK_IO, Wait.PAGE_WRITEBACK, Wait.JOURNAL} else wanted
