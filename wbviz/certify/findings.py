"""The obligations, and each way in which one can fail, as values. The words for them are in `words`."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from wbviz.certify.facts import Knowledge


class Obligation(Enum):
    """What a program has to keep at each of its steps; together they make every composition safe."""

    TOUCH = "touch"
    ORDER = "order"
    QUEUE = "queue"
    WRITE = "write"
    BALANCE = "balance"
    DUTY = "duty"
    PROGRESS = "progress"


class Kind(Enum):
    """A way in which an obligation fails."""

    PAGE_MAY_BE_FREED = "page-may-be-freed"
    INODE_MAY_BE_GONE = "inode-may-be-gone"
    WORK_MAY_HAVE_ENDED = "work-may-have-ended"
    LOCKED_AND_UNKEPT = "locked-and-unkept"
    SLEEPS_DOWNWARDS = "sleeps-downwards"
    LOCKS_TWICE = "locks-twice"
    ADDED_PAGES = "added-pages"
    EVICTS_LOCKED = "evicts-locked"
    LOCK_IN_QUEUE = "lock-in-queue"
    FLUSHER_EVICTS = "flusher-evicts"
    BUSY = "busy"
    WAITS_LOCKED = "waits-locked"
    TAKEN_OUT_UNLOCKED = "taken-out-unlocked"
    WRITES_UNLOCKED = "writes-unlocked"
    WRITES_GONE = "writes-gone"
    WRITES_TWICE = "writes-twice"
    NOT_LOCKED = "not-locked"
    NOT_PINNED = "not-pinned"
    NOT_REFERENCED = "not-referenced"
    LOCK_LEFT = "lock-left"
    PIN_LEFT = "pin-left"
    REFERENCE_LEFT = "reference-left"
    NO_REASON = "no-reason"
    NOT_QUEUED = "not-queued"
    NOT_WRITTEN = "not-written"
    LOOP = "loop"
    COMES_BACK = "comes-back"


OBLIGATION = {
    Kind.PAGE_MAY_BE_FREED: Obligation.TOUCH,
    Kind.INODE_MAY_BE_GONE: Obligation.TOUCH,
    Kind.WORK_MAY_HAVE_ENDED: Obligation.TOUCH,
    Kind.LOCKED_AND_UNKEPT: Obligation.TOUCH,
    Kind.SLEEPS_DOWNWARDS: Obligation.ORDER,
    Kind.LOCKS_TWICE: Obligation.ORDER,
    Kind.ADDED_PAGES: Obligation.ORDER,
    Kind.EVICTS_LOCKED: Obligation.ORDER,
    Kind.LOCK_IN_QUEUE: Obligation.QUEUE,
    Kind.FLUSHER_EVICTS: Obligation.QUEUE,
    Kind.BUSY: Obligation.BALANCE,
    Kind.WAITS_LOCKED: Obligation.QUEUE,
    Kind.TAKEN_OUT_UNLOCKED: Obligation.WRITE,
    Kind.WRITES_UNLOCKED: Obligation.WRITE,
    Kind.WRITES_GONE: Obligation.WRITE,
    Kind.WRITES_TWICE: Obligation.WRITE,
    Kind.NOT_LOCKED: Obligation.BALANCE,
    Kind.NOT_PINNED: Obligation.BALANCE,
    Kind.NOT_REFERENCED: Obligation.BALANCE,
    Kind.LOCK_LEFT: Obligation.BALANCE,
    Kind.PIN_LEFT: Obligation.BALANCE,
    Kind.REFERENCE_LEFT: Obligation.BALANCE,
    Kind.NO_REASON: Obligation.DUTY,
    Kind.NOT_QUEUED: Obligation.DUTY,
    Kind.NOT_WRITTEN: Obligation.DUTY,
    Kind.LOOP: Obligation.PROGRESS,
    Kind.COMES_BACK: Obligation.PROGRESS,
}
"""Which obligation fails."""

SINGLE, CLUSTER, CLUSTER_TRY = FILESYSTEMS = ("single", "cluster", "cluster-try")

ONLY_ON: dict[Kind, frozenset[str]] = {Kind.ADDED_PAGES: frozenset({CLUSTER})}
"""Kinds that matter on some filesystems only."""

ONLY_BESIDE: dict[Kind, frozenset[str]] = {
    Kind.BUSY: frozenset({"umount"}),
    Kind.FLUSHER_EVICTS: frozenset({"unlink"}),
    Kind.EVICTS_LOCKED: frozenset({"unlink"}),
}
"""Kinds that matter beside some built-in tasks only: nobody else minds a reference, or makes one the last."""


class Finding(NamedTuple):
    """An obligation that fails: how, where, and what was known at that moment.

    `page` and `other` are offsets from the wanted page: what the operation is about, and the page that is in the way.
    `line` is that of the operation or the read; where a program ends, that of its last operation (0: it has none).
    """

    kind: Kind
    function: str
    line: int
    page: int | None
    other: int | None
    wanted: int
    known: Knowledge

    @property
    def obligation(self) -> Obligation:
        """Which obligation fails."""
        return OBLIGATION[self.kind]
