"""Every operation by its name: when it must wait, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from wbviz.kernel import inodes, pages, queue
from wbviz.kernel.pages import Args, Done, Waits
from wbviz.kernel.state import State, World


class Operation(NamedTuple):
    """`waits` is None for an operation that never waits; `takes_info` where it has keyword arguments."""

    do: Callable[..., Done]
    waits: Callable[[World, State, int, Args], Waits] | None = None
    takes_info: bool = False


POLICY_OPERATIONS = {
    "lock_page": Operation(pages.do_lock_page, pages.waits_lock),
    "trylock_page": Operation(pages.do_trylock_page),
    "unlock_page": Operation(pages.do_unlock_page),
    "get_page": Operation(pages.do_get_page),
    "put_page": Operation(pages.do_put_page),
    "wait_on_page_writeback": Operation(pages.do_wait_on_page_writeback, pages.waits_writeback),
    "writepage": Operation(pages.do_writepage),
    "igrab": Operation(inodes.do_igrab),
    "iput": Operation(inodes.do_iput),
    "find_get_page": Operation(inodes.do_find_get_page),
    "queue_work": Operation(queue.do_queue_work, takes_info=True),
    "extend_work": Operation(queue.do_extend_work, takes_info=True),
    "cond_resched": Operation(queue.do_nothing),
}
"""What a policy may do. `writepage` on a clustering filesystem and the last `iput` go on as a program (`programs`)."""

OPERATIONS = POLICY_OPERATIONS | {
    "lock_attached": Operation(pages.do_lock_attached, pages.waits_lock_attached),
    "trylock_attached": Operation(pages.do_trylock_attached),
    "submit": Operation(pages.do_submit),
    "detach": Operation(pages.do_detach),
    "dirty_page": Operation(pages.do_dirty_page),
    "end_writeback": Operation(pages.do_end_writeback),
    "igrab_live": Operation(inodes.do_igrab_live),
    "unlink": Operation(inodes.do_unlink),
    "gone": Operation(inodes.do_gone),
    "umount": Operation(inodes.do_umount),
    "queue_sync": Operation(queue.do_queue_sync),
    "take_work": Operation(queue.do_take_work, queue.waits_take),
    "complete": Operation(queue.do_complete),
    "wait_for": Operation(queue.do_nothing, queue.waits_for_work),
    "isolate": Operation(queue.do_isolate),
}
"""The same and what the built-in tasks do besides."""
