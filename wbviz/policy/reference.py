"""The operations and attributes in words, for whoever writes a policy: what the book's tables are made of.

What an operation does is decided in `wbviz.kernel`; a test holds this text against it where it can be held.
"""

from __future__ import annotations

from typing import NamedTuple

from wbviz.policy.arguments import SIGNATURES, TAKES_INFO


class Words(NamedTuple):
    """An operation in words. `waits` is empty for one that never makes its caller wait."""

    gives: str
    waits: str
    broken: str


_FREED = "the page was freed"
_GONE = "the inode is gone"

OPERATIONS: dict[str, Words] = {
    "lock_page": Words("the lock is the caller's", "anybody holds it, the caller included", _FREED),
    "trylock_page": Words("True, and the lock is the caller's; or False", "", _FREED),
    "unlock_page": Words("the lock is free", "", "the caller does not hold it"),
    "get_page": Words("one pin more", "", _FREED),
    "put_page": Words("one pin less", "", "the page has no pin, or the last one goes while it is locked"),
    "wait_on_page_writeback": Words("the page is not under writeback", "the page is under writeback", _FREED),
    "writepage": Words(
        "a dirty page goes under writeback; a clean one is a wasted request",
        "the filesystem clusters, and sleeps for a page that it adds",
        "the caller does not hold the lock; the page has left its file, is already under writeback, or was freed",
    ),
    "igrab": Words("True, and one reference more; False if the inode is being freed", "", _GONE),
    "iput": Words(
        "one reference less; the last one of a file without a name evicts it",
        "it evicts: for page locks, for the disk, perhaps for the journal",
        "there is no reference to drop",
    ),
    "find_get_page": Words("the page at that index, pinned; None if the file has none there", "", _GONE),
    "queue_work": Words("True; False if the queue is full", "", ""),
    "extend_work": Words("True; False if the work was taken or has ended", "", ""),
    "cond_resched": Words("nothing: others may run", "", ""),
}

ATTRIBUTES: dict[str, dict[str, str]] = {
    "page": {
        "index": "its number in the file; stays when it has left the file",
        "mapping": "its inode; None once it has left its file",
        "dirty": "whether its data is newer than the disk's",
        "writeback": "whether it is on its way to the disk",
        "locked": "whether anybody holds its lock",
    },
    "inode": {
        "name": "A, B, and so on",
        "nr_pages": "how many pages the file has; constant",
        "linked": "whether the file still has a name",
    },
    "work": {
        "id": "its number",
        "kind": "pageout or sync",
        "page": "the page it was queued for; None for a sync",
        "inode": "the inode it was queued with, or None",
    },
}


def call(name: str) -> str:
    """An operation as it is called: its arguments, and `**info` where it takes any."""
    arguments = list(SIGNATURES[name])
    if name == "queue_work":
        arguments = [f"{argument}=None" for argument in arguments]
    return f"{name}({', '.join([*arguments, '**info'] if name in TAKES_INFO else arguments)})"
