"""Why a run ended or a task waits, as values: whoever decides by one of these decides by the value, never by words."""

from __future__ import annotations

from enum import StrEnum


class Rule(StrEnum):
    """The rules of the model that an operation, a read or a call can break."""

    FREED = "freed"
    """A page was touched whose memory was given back."""
    FREES_LOCKED = "frees-locked"
    """The last pin of a detached page was dropped while somebody held its lock."""
    NO_PIN = "no-pin"
    """A pin was dropped that there is not."""
    NO_REFERENCE = "no-reference"
    """A reference to an inode was dropped that there is not."""
    NOT_LOCKED = "not-locked"
    """A page was unlocked that nobody holds."""
    LOCK_OF_ANOTHER = "lock-of-another"
    """A page was unlocked that another task holds."""
    LOCK_WENT_AWAY = "lock-went-away"
    """A page was unlocked whose lock had gone with a work."""
    WRITTEN_UNLOCKED = "written-unlocked"
    """A page was written without its lock."""
    TRUNCATED = "truncated"
    """A page was written that is no longer part of its file."""
    UNDER_WRITEBACK = "under-writeback"
    """A page was written that was being written."""
    BUSY = "busy"
    """An inode was referenced at umount."""
    INODE_GONE = "inode-gone"
    """An inode was touched that had been evicted."""
    WORK_ENDED = "work-ended"
    """A work was read that had ended."""
    REFUSED = "refused"
    """`enqueue` returned False without a reason to."""


class Wait(StrEnum):
    """What keeps a task or a work from going on."""

    LOCK = "lock"
    WRITEBACK = "writeback"
    COMPLETION = "completion"
    """A work has to end."""
    ROOM = "room"
    """The queue is full, and whoever was refused asks again."""
    BEFORE = "before"
    """Another work stands before it in the queue."""
    QUEUED = "queued"
    """Nobody has taken it from the queue."""
    RUNS = "runs"
    """A task runs it."""
