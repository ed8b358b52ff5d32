"""What a failure teaches: the rule in one sentence, the chapter that explains it, and the student's own lines."""

from __future__ import annotations

from enum import StrEnum

from wbviz.check import lines
from wbviz.check.lines import quoted
from wbviz.check.verdict import BROKEN, DEADLOCK, LEAK, LIVELOCK, LOST, POLICY_ERROR, STARVATION
from wbviz.kernel.operations import POLICY_LOCKS
from wbviz.kernel.reasons import Rule, Wait
from wbviz.trace.trace import Trace


class About(StrEnum):
    """What a failure is about, where its kind alone does not tell which rule to teach."""

    DISK = "disk"
    """Waiting for the disk, which stands still, page by page."""
    FAR_AWAY = "far-away"
    """Waiting for a page that has nothing to do with it."""
    RECLAIM_SLEEPS = "reclaim-sleeps"
    """Reclaim waits for a page lock."""
    RECLAIM_SPINS = "reclaim-spins"
    """Reclaim waits for the flusher, awake."""
    COMPLETION = "completion"
    """The flusher waits for the end of a work that stands in its own queue."""
    QUEUE = "queue"
    """What is waited for stands in the queue."""
    LOCK = "lock"
    """A lock is left, and nobody waits for it."""
    ITSELF = "itself"
    """Reclaim writes."""
    REFUSED = "refused"
    """A page was refused for which there was room."""
    WORKS = "works"
    """More works than the task allows."""
    TOO_MANY = "too-many"
    """Pages were written that the task leaves alone."""
    CLEAN = "clean"
    """Waiting for a lock where nothing is left to write."""
    BUSY_DISK = "busy-disk"
    """A lock is kept while the disk writes."""
    BUSY_LOCK = "busy-lock"
    """A lock is tried again and again."""
    BEHIND = "behind"
    """A page that could be written waits behind one that cannot, or that one is given up."""


LESSONS: dict[tuple[str, str], tuple[str, str]] = {
    (POLICY_ERROR, ""): (
        "A policy is two plain generator functions: every operation is yielded, and nothing is kept "
        "between two calls but what is in pages and works.",
        "write-your-own",
    ),
    (BROKEN, Rule.FREED): (
        "Whatever outlives a call needs a reference of its own: pin the page when you enqueue it, "
        "and drop the pin when you are done with it, not before.",
        "lifetimes",
    ),
    (BROKEN, Rule.FREES_LOCKED): (
        "Unlock a page before you drop your pin: the last pin of a truncated page frees it.",
        "lifetimes",
    ),
    (BROKEN, Rule.NO_PIN): (
        "Drop each pin once, and only pins that you took: the caller's pin is the caller's.",
        "lifetimes",
    ),
    (BROKEN, Rule.NO_REFERENCE): ("Drop each inode reference once, and only one that igrab gave you.", "lifetimes"),
    (BROKEN, Rule.TRUNCATED): (
        "What you knew about a page before you had its lock is worth nothing: look "
        "again at its mapping, under the lock, before you write.",
        "lifetimes",
    ),
    (BROKEN, Rule.UNDER_WRITEBACK): (
        "Wait for writeback under the lock, and write then: without the lock somebody else may write in between.",
        "pages",
    ),
    (BROKEN, Rule.WRITTEN_UNLOCKED): ("A page is written under its own lock, never without.", "pages"),
    (BROKEN, Rule.LOCK_OF_ANOTHER): ("Unlock what you hold, and only that.", "pages"),
    (BROKEN, Rule.LOCK_WENT_AWAY): (
        "Unlock what you hold, and only that: a lock that went with a work is not yours.",
        "pageout-work",
    ),
    (BROKEN, Rule.NOT_LOCKED): ("Unlock a page once for each time you locked it.", "pages"),
    (BROKEN, Rule.BUSY): ("A queued work must not hold an inode: pin the page, and let the file go.", "lifetimes"),
    (BROKEN, Rule.INODE_GONE): (
        "An inode may be used as long as one of its pages is locked and attached, or a reference is "
        "held, and no longer.",
        "lifetimes",
    ),
    (BROKEN, Rule.WORK_ENDED): (
        "Do not look back at a list entry that others may take off meanwhile: whatever you need of an "
        "entry, read before you let anybody run.",
        "pageout-work",
    ),
    (BROKEN, Rule.REFUSED): (
        "Refuse a page only when you were refused room or a lock for it, and say so with "
        "False; otherwise it is accepted.",
        "pageout-work",
    ),
    (DEADLOCK, About.DISK): (
        "The flusher hands a page to the disk and goes on to the next: waiting for each write in between makes "
        "the whole queue wait.",
        "flushers",
    ),
    (DEADLOCK, About.FAR_AWAY): (
        "Lock what you write and nothing else: one lock for a whole file makes everybody wait for everybody.",
        "lock-ordering",
    ),
    (DEADLOCK, About.RECLAIM_SLEEPS): (
        "Reclaim must never sleep for a page lock: it tries, and goes on to another page.",
        "reclaim",
    ),
    (DEADLOCK, About.COMPLETION): (
        "The flusher must not wait for its own queue: a last iput may do just that, so leave no inode reference to it.",
        "lifetimes",
    ),
    (DEADLOCK, About.QUEUE): (
        "Never let a lock wait in a queue, and never wait for what stands behind you in it: take "
        "the reference when you enqueue, the lock when you execute.",
        "queue",
    ),
    (DEADLOCK, ""): (
        "Never sleep for a page while you hold a higher one, nor for one you hold: lock upwards, one at a "
        "time, or only try.",
        "lock-ordering",
    ),
    (DEADLOCK, About.LOCK): (
        "Unlock on every path what you locked on it: whoever wants the page next waits for ever.",
        "pages",
    ),
    (LOST, ""): (
        "An accepted page is a promise: whoever takes it writes it, finds it clean, or finds it gone.",
        "pageout-work",
    ),
    (LEAK, ""): (
        "Give back on every path what you took on it, including those where something is refused.",
        "lifetimes",
    ),
    (LEAK, About.LOCK): (
        "Unlock on every path what you locked on it, including those where nothing is left to write.",
        "pages",
    ),
    (LIVELOCK, About.RECLAIM_SPINS): (
        "Reclaim must never wait for the flusher, awake or asleep: it hands over what it can and goes on.",
        "reclaim",
    ),
    (LIVELOCK, ""): (
        "Being busy is not making progress: let go, then wait for what you need, instead of trying again.",
        "progress",
    ),
    (STARVATION, ""): (
        "A task that never waits in line may find the lock taken each time: after some tries, wait for it.",
        "progress",
    ),
    ("duty", About.ITSELF): ("Reclaim hands pages over and goes on; writing is the flusher's work.", "reclaim"),
    ("duty", About.REFUSED): ("Where there is room, a page is accepted.", "pageout-work"),
    ("duty", ""): (
        "A page that reclaim hands over alone, with nobody in the way, is accepted and is written.",
        "pageout-work",
    ),
    ("asked", About.WORKS): (
        "Look at what is queued before you queue another work: a page needs one, and neighbours can share one.",
        "pageout-work",
    ),
    ("asked", About.TOO_MANY): (
        "A page that is written before somebody needs it clean may be made dirty again, and cost a second write: take "
        "along what the task names, and no more.",
        "flushers",
    ),
    ("asked", About.CLEAN): (
        "By the time a work is taken, somebody else may have cleaned its page: wait for a lock only where there is "
        "still something to write.",
        "pageout-work",
    ),
    ("asked", About.BUSY_DISK): (
        "Whoever waits for the disk with a page's lock lets everybody else wait for it too: wait first, then lock, and "
        "look once more.",
        "pages",
    ),
    ("asked", About.BUSY_LOCK): (
        "Asking for a lock again and again gets nothing done: go on without the page, or wait for its lock in line.",
        "progress",
    ),
    ("asked", About.BEHIND): (
        "One locked page need not hold up the others: write them first, then come back and wait for it in line.",
        "progress",
    ),
    ("asked", ""): (
        "A work names one page, and execute may write more than that: what it takes along needs no work of its own.",
        "pageout-work",
    ),
    ("reclaim", ""): ("Reclaim never waits: not for room, not for a page lock, not for the disk.", "reclaim"),
    ("cost", ""): (
        "Each request may move the disk's head: fewer and larger ones, each page written once.",
        "flushers",
    ),
    ("hold", ""): ("Hold a page lock only to look and to hand over: not while you wait, and not in a queue.", "pages"),
}
"""By verdict or property, and by what it is about: the rule in one sentence, the chapter (a file under book/)."""

KINDS = frozenset(kind for kind, _ in LESSONS)


def about(trace: Trace | None, kind: str) -> str:
    """What a failure is about, as far as its run tells: the broken rule, what is waited for, what is left."""
    if trace is None:
        return ""
    if kind == BROKEN:
        broken = (trace.verdict or {}).get("broken")
        return str(broken["rule"]) if broken else ""
    end = trace.steps[-1].after if trace.steps else trace.initial
    if kind == LEAK:
        return About.LOCK if any(page["holder"] for page in end["pages"]) else ""
    if kind == DEADLOCK:
        if left_locked(trace) is not None:
            return About.LOCK
        waiting = [edge for task in end["tasks"] if task["status"] == "blocked" for edge in task["waits"]]
        return _waited_for([edge.get("wait") for edge in (trace.verdict or {}).get("cycle") or waiting])
    return ""


def _waited_for(waits: list[str]) -> str:
    if Wait.COMPLETION in waits:
        return About.COMPLETION
    return About.QUEUE if not {Wait.QUEUED, Wait.BEFORE, Wait.ROOM}.isdisjoint(waits) else ""


def left_locked(trace: Trace) -> int | None:
    """The step (from 1) that took a lock that others wait for, in a call of the policy that is over.

    None where no lock is left like that.
    """
    end = trace.steps[-1].after if trace.steps else trace.initial
    waiting = [edge for task in end["tasks"] if task["status"] == "blocked" for edge in task["waits"]]
    wanted = {(edge["page"], edge["to"]) for edge in waiting if edge.get("wait") == Wait.LOCK}
    tasks = {task["name"]: task for task in end["tasks"]}
    for number, step in enumerate(trace.steps, 1):
        if step.lines and step.op in POLICY_LOCKS and (step.args[0], step.task) in wanted:
            later = trace.steps[number:]
            if any(other.op == "unlock_page" and other.args[0] == step.args[0] for other in later):
                continue
            over = any(other.task == step.task and other.op in _BEGINS for other in later)
            if over or tasks[step.task]["line"] is None:
                return number
    return None


def left_words(trace: Trace | None, about: str) -> list[str]:
    """What to add to the summary of a deadlock that a lock causes which nobody gave back: who took it where."""
    number = left_locked(trace) if trace is not None and about == About.LOCK else None
    if trace is None or number is None:
        return []
    step = trace.steps[number - 1]
    where = f"line {step.lines[-1]}, step {number}"
    return [f"{step.task} locked {step.args[0]} ({where}), and the call that did has returned without unlocking it"]


_BEGINS = ("take_work", "isolate")
"""What comes before each call of the policy: whoever does it is not in the one before."""


def lesson_of(kind: str, about: str = "") -> tuple[str, str]:
    """The rule in one sentence, and the chapter: a file under book/ without its ending.

    kind: a verdict or a property. about: what the failure is about, "" or a rule or an `About` that has a lesson.
    """
    return LESSONS[kind, about]


CHAPTERS = {
    "pages": "Pages and the page cache",
    "reclaim": "Reclaim",
    "flushers": "Flusher threads",
    "lock-ordering": "Lock ordering",
    "queue": "The lock that waits in the queue",
    "pageout-work": "The pageout work",
    "lifetimes": "References and lifetimes",
    "progress": "Progress",
    "write-your-own": "Write your own policy",
}
"""Titles of the chapters that lessons name: neither a report nor the students' release has the files."""


def own_lines(trace: Trace, kind: str) -> tuple[tuple[int, str], ...]:
    """The lines of the policy that a failure is about, with their numbers, ascending."""
    if kind in ("duty", "asked"):
        return quoted(trace, {line for step in trace.steps if step.op == "writepage" for line in step.lines})
    return lines.own_lines(trace, kind)
