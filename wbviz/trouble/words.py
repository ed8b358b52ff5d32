"""What was read of a report, as sentences and as JSON. Every decision was taken before: here are only its words."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import fill
from typing import Any

from wbviz.trouble.functions import Doing, Hold, Wait
from wbviz.trouble.reading import Collect, Cycle, Gap, Reading, Role, Sleeper, Why

WAITS: dict[Wait, str] = {
    Wait.PAGE_LOCK: "the lock of a page (or folio)",
    Wait.PAGE_WRITEBACK: "the writeback of a page to end",
    Wait.PAGE_BIT: "a bit of a page, its lock or its writeback",
    Wait.WORK: "a work that the flusher has to do",
    Wait.INODE_LOCK: "the lock of an inode",
    Wait.MAPPING_LOCK: "the lock of a file's mapping",
    Wait.MMAP_LOCK: "the lock of an address space (mmap)",
    Wait.SUPER_LOCK: "a lock of the file system as a whole",
    Wait.OTHER_LOCK: "a mutex or semaphore",
    Wait.JOURNAL: "a transaction of the journal",
    Wait.THROTTLE: "its turn to dirty more pages (throttled)",
    Wait.EVICTION: "an inode that is being written or evicted",
    Wait.BLOCK_IO: "the block layer: a free request, or a block",
    Wait.RECLAIM: "memory to be reclaimed",
    Wait.REPLY: "an answer of a server, a cache or another process",
    Wait.UNKNOWN: "something that these functions do not tell",
}
DOING: dict[Doing, str] = {
    Doing.WRITEBACK: "flusher at writeback",
    Doing.KSWAPD: "kswapd reclaiming",
    Doing.JOURNAL: "journal thread",
    Doing.RECLAIM: "reclaiming memory itself",
    Doing.MIGRATE: "moving pages",
    Doing.UMOUNT: "unmounting",
    Doing.SYNC: "sync",
    Doing.FSYNC: "fsync",
    Doing.TRUNCATE: "truncating or changing a size",
    Doing.UNLINK: "deleting or evicting a file",
    Doing.FAULT: "page fault",
    Doing.WRITE: "write",
    Doing.READ: "read",
    Doing.OPEN: "open or lookup",
    Doing.UNKNOWN: "unknown",
}
HOLDS: dict[Hold, str] = {
    Hold.PAGES: "page locks",
    Hold.UNSENT: "pages under writeback that are not sent yet",
    Hold.HANDLE: "a handle of the journal",
    Hold.INODE: "an inode's lock",
}
ROLES: dict[Role, str] = {
    Role.CANDIDATE: "may be in a cycle",
    Role.VICTIM: "a victim: waits behind others",
    Role.DEVICE: "waits for a device or a server, not for a task",
    Role.OPEN: "open: may hold what others want",
}
WHY: dict[Why, str] = {
    Why.OWNERS: "each waits for a lock whose owner, named by the kernel, is the next",
    Why.OWN_WORK: "a flusher waits for what a flusher has to do: if the device is its own, it waits for itself",
    Why.OWN_LOCK: "the function that waits stands twice on the stack: it may wait for a lock that it took itself",
    Why.PAGES: "each sleeps for a page while it may hold others, in no order that both keep",
    Why.JOURNAL: "one may hold pages and waits for the journal, the other has the journal and waits for a page",
    Why.LOCK: "one may hold pages and waits for a lock, the other may have that lock and waits for a page",
    Why.UNREAD: "each sleeps for a page lock in code that is not known here: it may hold another",
}
GAPS: dict[Gap, str] = {
    Gap.NO_OWNER: "who holds the page lock: the lock is a bit of the page, and the bit has no owner",
    Gap.WHICH_PAGE: "whether these sleep for the same page: a stack does not show which page it is about",
    Gap.NO_STACK: "where these sleep: there is no stack",
    Gap.TRUNCATED: "what is further out on these stacks: they end before their bottom",
    Gap.UNSURE: "these for certain: their frames are guesses of the unwinder, or stand for two waits",
    Gap.UNREAD: "what these sleep for: none of their functions is known here",
    Gap.NO_FLUSHER: "what the flusher does that these wait for: no flusher is in the report. It may run, only slowly",
    Gap.TEN_REPORTS: "whether more tasks hang: the detector stops after ten reports (kernel.hung_task_warnings)",
    Gap.LEFT_OUT: "the tasks beyond the first 500",
}
COLLECT: dict[Collect, tuple[str, str]] = {
    Collect.SYSRQ_W: ("all tasks in D state at one moment", "echo w > /proc/sysrq-trigger; dmesg"),
    Collect.STACKS: ("one task's stack, as root, twice with a pause", "cat /proc/PID/stack"),
    Collect.DIRTY: ("whether writeback moves at all, twice", "grep -E 'Dirty|Writeback:' /proc/meminfo"),
    Collect.TRACE: (
        "what the flusher is asked and does",
        "cd /sys/kernel/tracing; echo 1 > events/writeback/enable; sleep 9; echo 0 >events/writeback/enable; cat trace",
    ),
    Collect.INFLIGHT: (
        "requests at each device, twice: the same numbers mean that it does not answer",
        "grep . /sys/block/*/inflight",
    ),
}
_MOST_SHOWN = 40


def text(read: Reading, width: int = 96) -> str:
    """The whole report in words, for a terminal."""
    many = len(read.sleepers)
    parts = [headline(read)]
    parts += [_task(one) for one in read.sleepers[:_MOST_SHOWN]]
    if many > _MOST_SHOWN:
        parts.append(f"  … and {many - _MOST_SHOWN} more; --json has all of them")
    parts.append(_section("Candidates for a cycle", [cycle_words(read, cycle) for cycle in read.cycles], width))
    if not read.cycles:
        parts.append(fill(no_cycle_words(read), width, initial_indent="  ", subsequent_indent="  "))
    parts.append(_section("May wait for the same kind of thing", list(alike_words(read)), width))
    parts.append(_section("Cannot be known from this text", list(gap_words(read)), width))
    if read.chapters:
        parts.append(_section("Explained in", [f"book/{chapter}.md" for chapter in read.chapters], width))
    parts.append("Collect next\n" + "\n".join(f"  - {COLLECT[c][0]}:\n      {COLLECT[c][1]}" for c in read.collect))
    return "\n\n".join(part for part in parts if part)


def headline(read: Reading) -> str:
    """How many sleep, and on which kernel."""
    many = len(read.sleepers)
    kernels = f", kernel {', '.join(read.kernels)}" if read.kernels else ""
    return f"{many} sleeping task{'s' if many != 1 else ''}{kernels}"


def _task(one: Sleeper) -> str:
    task = one.task
    lines = [f"  {task.label}" + (f", for more than {task.seconds} seconds" if task.seconds is not None else "")]
    if task.times > 1:
        lines[0] += f", reported {task.times} times"
    lines.append(f"    sleeps for  {wait_words(one)}")
    lines.append(f"    was at      {DOING[one.doing]}" + (f" ({task.workqueue})" if task.workqueue else ""))
    if one.holds:
        lines.append(f"    may hold    {holds_words(one)}")
    if task.owner is not None:
        lines.append(f"    held by     {task.owner.name}:{task.owner.pid}, says the kernel")
    lines.append(f"    is          {ROLES[one.role]}")
    return "\n".join(lines)


def wait_words(one: Sleeper) -> str:
    """What a task sleeps for, and the function that tells it."""
    if not one.task.frames:
        return "unknown: there is no stack"
    said = WAITS[one.sleep.wait] + (f" [{one.sleep.function}]" if one.sleep.function else "")
    return said if one.sleep.sure or one.sleep.wait is Wait.UNKNOWN else f"probably {said}"


def holds_words(one: Sleeper) -> str:
    """What a task may hold."""
    return ", ".join(HOLDS[hold] for hold in Hold if hold in one.holds)


def cycle_words(read: Reading, cycle: Cycle) -> str:
    """One candidate as a sentence."""
    return f"{_names(read, cycle.members)}: {WHY[cycle.why]}" + ("" if cycle.certain else " (possible, not proved)")


def no_cycle_words(read: Reading) -> str:
    """What to think where there is no candidate."""
    roles = {one.role for one in read.sleepers}
    if roles <= {Role.DEVICE, Role.VICTIM} and Role.DEVICE in roles:
        return "None. Look at the device or server first: the others may only queue behind it."
    if roles == {Role.VICTIM}:
        return "None. All of these wait behind somebody who is not in the report."
    return "None among these tasks. Whoever holds what they want is not in the report, or is not recognized."


def alike_words(read: Reading) -> Iterable[str]:
    """A sentence for each wait that several share."""
    for wait, members in read.alike:
        yield f"{WAITS[wait]}: {_names(read, members)}"


def gap_words(read: Reading) -> Iterable[str]:
    """A sentence for each thing that cannot be known."""
    for gap, members in read.gaps:
        yield GAPS[gap] + (f" ({_names(read, members)})" if members else "")


def _names(read: Reading, members: tuple[int, ...]) -> str:
    labels = [read.sleepers[i].task.label for i in members]
    return ", ".join(labels[:6]) + (f" and {len(labels) - 6} more" if len(labels) > 6 else "")


def _section(title: str, items: list[str], width: int) -> str:
    body = "\n".join(
        fill(item, width, initial_indent="  - ", subsequent_indent="    ", break_on_hyphens=False) for item in items
    )
    return f"{title}\n{body}" if items else title if title.startswith("Candidates") else ""


def to_json(read: Reading) -> dict[str, Any]:
    """The reading as data: codes, names, numbers; members are places in `tasks`, from 0."""
    return {
        "kernels": list(read.kernels),
        "tasks": [
            {
                "name": one.task.name,
                "pid": one.task.pid,
                "seconds": one.task.seconds,
                "times": one.task.times,
                "workqueue": one.task.workqueue,
                "sleeps": one.sleep.wait.value,
                "function": one.sleep.function,
                "sure": one.sleep.sure,
                "doing": one.doing.value,
                "may_hold": [hold.value for hold in Hold if hold in one.holds],
                "owner": None if one.task.owner is None else {"name": one.task.owner.name, "pid": one.task.owner.pid},
                "role": one.role.value,
                "whole": one.task.whole,
                "frames": [[frame.function, frame.sure] for frame in one.task.frames],
            }
            for one in read.sleepers
        ],
        "cycles": [{"why": c.why.value, "members": list(c.members), "certain": c.certain} for c in read.cycles],
        "alike": [{"sleeps": wait.value, "members": list(members)} for wait, members in read.alike],
        "unknown": [{"what": gap.value, "members": list(members)} for gap, members in read.gaps],
        "chapters": list(read.chapters),
        "collect": [{"what": c.value, "command": COLLECT[c][1]} for c in read.collect],
        "left_out": read.left_out,
    }
