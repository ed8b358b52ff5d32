"""What whoever writes a policy knows of the operations: data alone, for the process that runs a stranger's loads it."""

from __future__ import annotations

from typing import NamedTuple


class Api(NamedTuple):
    """The arguments of an operation by position, and in words what it gives, what its caller may wait for ("" for
    nothing), and what breaks a rule.

    `answer` is what a policy may call its result, where it cannot do without. `takes_info`: it has keyword arguments.
    `optional` arguments may be left out.
    """

    arguments: tuple[str, ...]
    gives: str
    waits: str
    broken: str
    answer: str = ""
    takes_info: bool = False
    optional: bool = False


_FREED = "the page was freed"
_GONE = "the inode is gone"
_PAGE, _INODE = ("page",), ("inode",)

API: dict[str, Api] = {
    "lock_page": Api(_PAGE, "the lock is the caller's", "anybody holds it, the caller included", _FREED),
    "trylock_page": Api(_PAGE, "True, and the lock is the caller's; or False", "", _FREED, answer="locked"),
    "unlock_page": Api(_PAGE, "the lock is free", "", "the caller does not hold it"),
    "get_page": Api(_PAGE, "one pin more", "", _FREED),
    "put_page": Api(_PAGE, "one pin less", "", "the page has no pin, or the last one goes while it is locked"),
    "wait_on_page_writeback": Api(_PAGE, "the page is not under writeback", "the page is under writeback", _FREED),
    "writepage": Api(
        _PAGE,
        "a dirty page goes under writeback; a clean one is a wasted request",
        "the filesystem clusters, and sleeps for a page that it adds",
        "the caller does not hold the lock; the page has left its file, is already under writeback, or was freed",
    ),
    "igrab": Api(_INODE, "True, and one reference more; False if the inode is being freed", "", _GONE, answer="done"),
    "iput": Api(
        _INODE,
        "one reference less; the last one of a file without a name evicts it",
        "it evicts: for page locks, for the disk, perhaps for the journal",
        "there is no reference to drop",
    ),
    "find_get_page": Api(
        ("inode", "index"),
        "the page at that index, pinned; None if the file has none there",
        "",
        _GONE,
        answer="neighbour",
    ),
    "queue_work": Api(
        ("page", "inode"), "True; False if the queue is full", "", "", answer="queued", takes_info=True, optional=True
    ),
    "extend_work": Api(
        ("work",), "True; False if the work was taken or has ended", "", "", answer="done", takes_info=True
    ),
    "cond_resched": Api((), "nothing: others may run", "", ""),
}
"""What a policy may do, in the order of the reference."""
