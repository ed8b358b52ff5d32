"""What a failure teaches: the rule in one sentence, the chapter that explains it, and the student's own lines."""

from __future__ import annotations

from wbviz.check.verdict import BROKEN, DEADLOCK, LEAK, LIVELOCK, LOST, POLICY_ERROR, STARVATION
from wbviz.trace.trace import Step, Trace

RULES: tuple[tuple[str, str, str, str], ...] = (
    (
        DEADLOCK,
        "The disk stands still",
        "The flusher hands a page to the disk and goes on to the next: who waits for each write in between makes "
        "the whole queue wait.",
        "flushers",
    ),
    (
        DEADLOCK,
        "far away",
        "Lock what you write and nothing else: one lock for a whole file makes everybody wait for everybody.",
        "lock-ordering",
    ),
    (
        DEADLOCK,
        "the flusher never comes",
        "Reclaim must never sleep for a page lock: it tries, and goes on to another page.",
        "reclaim",
    ),
    (
        LIVELOCK,
        "lusher never comes",
        "Reclaim must never wait for the flusher, awake or asleep: it hands over what it can and goes on.",
        "reclaim",
    ),
    (
        POLICY_ERROR,
        "",
        "A policy is two plain generator functions: every operation is yielded, and nothing is kept "
        "between two calls but what is in pages and works.",
        "write-your-own",
    ),
    (
        BROKEN,
        "was freed",
        "Whatever outlives a call needs a reference of its own: pin the page when you enqueue it, "
        "and drop the pin when you have done with it, not before.",
        "lifetimes",
    ),
    (
        BROKEN,
        "frees it while",
        "Unlock a page before you drop your pin: the last pin of a truncated page frees it.",
        "lifetimes",
    ),
    (
        BROKEN,
        "no pin to drop",
        "Drop each pin once, and only pins that you took: the caller's pin is the caller's.",
        "lifetimes",
    ),
    (BROKEN, "no reference to drop", "Drop each inode reference once, and only one that igrab gave you.", "lifetimes"),
    (
        BROKEN,
        "write after truncation",
        "What you knew about a page before you had its lock is worth nothing: look "
        "again at its mapping, under the lock, before you write.",
        "lifetimes",
    ),
    (
        BROKEN,
        "already under writeback",
        "Wait for writeback under the lock, and write then: without the lock somebody else may write in between.",
        "pages",
    ),
    (BROKEN, "without holding its lock", "A page is written under its own lock, never without.", "pages"),
    (
        BROKEN,
        "cannot unlock it",
        "Unlock what you hold, and only that: a lock that went with a work is not yours.",
        "pageout-work",
    ),
    (BROKEN, "cannot be unlocked", "Unlock a page once for each time you locked it.", "pages"),
    (BROKEN, "busy inodes", "A queued work must not hold an inode: pin the page, and let the file go.", "lifetimes"),
    (
        BROKEN,
        "is gone",
        "An inode may be used as long as one of its pages is locked and attached, or a reference is "
        "held, and no longer.",
        "lifetimes",
    ),
    (
        BROKEN,
        "has ended",
        "Who walks a list while others take entries off it must not look back: what you need of an "
        "entry, read before you let anybody run.",
        "pageout-work",
    ),
    (
        BROKEN,
        "returned False",
        "Refuse a page only when you were refused room or a lock for it, and say so with "
        "False; otherwise it is accepted.",
        "pageout-work",
    ),
    (BROKEN, "", "Each operation has a condition under which alone it may be used.", "write-your-own"),
    (
        DEADLOCK,
        "not completed",
        "The flusher must not wait for its own queue: a last iput may do just that, so leave no inode reference to it.",
        "lifetimes",
    ),
    (
        DEADLOCK,
        "queue",
        "Never let a lock wait in a queue, and never wait for what stands behind you in it: take "
        "the reference when you enqueue, the lock when you execute.",
        "pageout-work",
    ),
    (
        DEADLOCK,
        "",
        "Never sleep for a page while you hold a higher one, nor for one you hold: lock upwards, one at a "
        "time, or only try.",
        "lock-ordering",
    ),
    (
        LOST,
        "",
        "An accepted page is a promise: whoever takes it writes it, finds it clean, or finds it gone.",
        "pageout-work",
    ),
    (LEAK, "", "Give back on every path what you took on it, those where something is refused included.", "lifetimes"),
    (
        LIVELOCK,
        "",
        "To be busy is not to make progress: let go, then wait for what you need, instead of trying again.",
        "progress",
    ),
    (
        STARVATION,
        "",
        "Who never waits in line may find the lock taken each time: after some tries, wait for it.",
        "progress",
    ),
    ("duty", "itself", "Reclaim hands pages over and goes on; writing is the flusher's work.", "reclaim"),
    ("duty", "refused", "Where there is room, a page is accepted.", "pageout-work"),
    (
        "duty",
        "",
        "A page that reclaim hands over alone, with nobody in the way, is accepted and is written.",
        "pageout-work",
    ),
    ("asked", "works", "Neighbours belong into one work: extend the one that is queued.", "pageout-work"),
    ("asked", "", "Neighbours that are written together cost one request instead of several.", "flushers"),
    ("reclaim", "", "Reclaim never waits: not for room, not for a page lock, not for the disk.", "reclaim"),
    (
        "cost",
        "",
        "Each request may move the disk's head: fewer and larger ones, each page written once.",
        "flushers",
    ),
    ("hold", "", "Hold a page lock only to look and to hand over: not while you wait, and not in a queue.", "pages"),
)
"""By verdict and, where words of its summary or of the scenario's claim tell more, by these: the rule, the chapter."""

LESSONS = frozenset(kind for kind, *_ in RULES)


def rule_of(kind: str, words: str) -> tuple[str, str]:
    """The rule in one sentence, and the chapter: a file under book/ without its ending.

    words: the verdict's summary and the scenario's claim.
    """
    for of, word, rule, chapter in RULES:
        if of == kind and word in words:
            return rule, chapter
    raise KeyError(kind)


CHAPTERS = {
    "pages": "Pages and the page cache",
    "reclaim": "Reclaim",
    "flushers": "Flusher threads",
    "lock-ordering": "Lock ordering",
    "pageout-work": "The pageout work",
    "lifetimes": "References and lifetimes",
    "progress": "Progress",
    "write-your-own": "Write your own policy",
}
"""Titles of the chapters that lessons name: neither a report nor the students' release has the files."""


def own_lines(trace: Trace, kind: str) -> tuple[tuple[int, str], ...]:
    """The lines of the policy that a failure is about, with their numbers, ascending."""
    steps = trace.steps
    if kind in (LIVELOCK, STARVATION) and trace.loop is not None:
        numbers = {line for step in steps[trace.loop :] for line in step.lines}
    elif kind == LEAK:
        numbers = {line for step in steps if _took_what_is_left(trace, step) for line in step.lines[-1:]}
    elif kind == DEADLOCK:
        blocked = [task for task in steps[-1].after["tasks"] if task["status"] == "blocked"] if steps else []
        numbers = {task["line"] for task in blocked if task["line"] is not None}
        numbers |= {line for step in steps if _locked_for_good(trace, step) for line in step.lines[-1:]}
    elif kind in ("duty", "asked"):
        numbers = {line for step in steps if step.op == "writepage" for line in step.lines}
    else:
        numbers = set(steps[-1].lines) if steps else set()
    if not numbers:  # the last that the policy did
        numbers = set(next((step.lines for step in reversed(steps) if step.lines), ()))
    source = trace.source.splitlines()
    return tuple((number, source[number - 1].strip()) for number in sorted(numbers) if 0 < number <= len(source))


def _took_what_is_left(trace: Trace, step: Step) -> bool:
    """Whether a step of the policy took a pin, a lock or a reference of something that is still held at the end."""
    end = trace.steps[-1].after
    if step.op in ("get_page", "find_get_page"):
        left = {page["name"] for page in end["pages"] if page["pins"]}
    elif step.op in ("lock_page", "trylock_page"):
        left = {page["name"] for page in end["pages"] if page["holder"]}
    else:
        left = {inode["name"] for inode in end["inodes"] if inode["refs"]} if step.op == "igrab" else set()
    return bool(step.lines) and (step.result if step.op == "find_get_page" else step.args[:1] and step.args[0]) in left


def _locked_for_good(trace: Trace, step: Step) -> bool:
    """Whether a step of the policy took a lock that is held at the end."""
    held = {page["name"] for page in trace.steps[-1].after["pages"] if page["holder"]}
    return bool(step.lines) and step.op in ("lock_page", "trylock_page") and step.args[0] in held
