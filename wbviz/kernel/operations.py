"""Every operation, one record each: what it does, and what everybody who meets it has to know of it.

The tables elsewhere are made of these records: what readers call it, what it costs in simulated time, who owns a pin or
a lock after it. What a policy may write and rely on is in `api`. What is code of its own somewhere else (a footprint,
the obligations of a certificate, the sentence that tells it) is held against this list by a test.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from wbviz.kernel import inodes, pages, queue
from wbviz.kernel.api import API
from wbviz.kernel.pages import Args, Done, Waits
from wbviz.kernel.reasons import Wait
from wbviz.kernel.state import State, Value, World


class Thing(StrEnum):
    """What is taken and has to be given back."""

    LOCK = "lock"
    PIN = "pin"
    REFERENCE = "reference"


class Operation(NamedTuple):
    """`do` and `waits` are as `pages` says; `waits` is None for an operation that never waits. `waits_for` is what
    keeps it then; who is idle waits for nothing.

    `takes_info`: it has keyword arguments. It `takes` or `gives_back` something of its first argument, or, if it
    `finds`, of its result; if it `answers`, it may not get it. `choices` are what its task may choose among, none while
    it waits. `goes_on` says in which worlds it goes on as a program of its own (`multistep`). `called` is what readers
    call it, where that is not its name. `effort` is how much it does: a step, a search, or to submit a page; the disk's
    own has none.
    """

    do: Callable[..., Done]
    waits: Callable[[World, State, int, Args], Waits] | None = None
    waits_for: Wait | None = None
    takes_info: bool = False
    takes: Thing | None = None
    gives_back: Thing | None = None
    answers: bool = False
    finds: bool = False
    choices: Callable[[State, Args], tuple[int | None, ...]] | None = None
    goes_on: Callable[[World], bool] | None = None
    called: str = ""
    effort: str = "step"

    def took(self, result: Value) -> bool:
        """Whether it has taken what it takes, by what came of it."""
        if self.finds:
            return result is not None
        return result is True or not self.answers


def _always(world: World) -> bool:
    return True


def _where_it_clusters(world: World) -> bool:
    return world.clusters


OPERATIONS: dict[str, Operation] = {
    "lock_page": Operation(
        pages.do_lock_page,
        pages.waits_lock,
        Wait.LOCK,
        takes=Thing.LOCK,
    ),
    "trylock_page": Operation(
        pages.do_trylock_page,
        takes=Thing.LOCK,
        answers=True,
    ),
    "unlock_page": Operation(
        pages.do_unlock_page,
        gives_back=Thing.LOCK,
    ),
    "get_page": Operation(
        pages.do_get_page,
        takes=Thing.PIN,
    ),
    "put_page": Operation(
        pages.do_put_page,
        gives_back=Thing.PIN,
    ),
    "wait_on_page_writeback": Operation(
        pages.do_wait_on_page_writeback,
        pages.waits_writeback,
        Wait.WRITEBACK,
    ),
    "writepage": Operation(
        pages.do_writepage,
        goes_on=_where_it_clusters,
        effort="submit",
    ),
    "igrab": Operation(
        inodes.do_igrab,
        takes=Thing.REFERENCE,
        answers=True,
    ),
    "iput": Operation(
        inodes.do_iput,
        gives_back=Thing.REFERENCE,
        goes_on=_always,
    ),
    "find_get_page": Operation(
        inodes.do_find_get_page,
        takes=Thing.PIN,
        finds=True,
        effort="search",
    ),
    "queue_work": Operation(
        queue.do_queue_work,
        takes_info=True,
        effort="search",
    ),
    "extend_work": Operation(
        queue.do_extend_work,
        takes_info=True,
        effort="search",
    ),
    "cond_resched": Operation(queue.do_nothing),
    # What only built-in tasks and the disk do
    "lock_attached": Operation(
        pages.do_lock_attached,
        pages.waits_lock_attached,
        Wait.LOCK,
        takes=Thing.LOCK,
        answers=True,
        called="lock_page",
        effort="search",
    ),
    "trylock_attached": Operation(
        pages.do_trylock_attached, takes=Thing.LOCK, answers=True, called="trylock_page", effort="search"
    ),
    "submit": Operation(pages.do_submit, effort="submit"),
    "detach": Operation(pages.do_detach, effort="search"),
    "dirty_page": Operation(pages.do_dirty_page, called="write into"),
    "end_writeback": Operation(
        pages.do_end_writeback,
        pages.waits_for_a_request,
        choices=pages.choices_at_the_disk,
        called="finish writing",
        effort="",
    ),
    "igrab_live": Operation(inodes.do_igrab_live, takes=Thing.REFERENCE, answers=True, called="igrab"),
    "unlink": Operation(inodes.do_unlink, effort="search"),
    "gone": Operation(inodes.do_gone, called="evict inode", effort="search"),
    "umount": Operation(inodes.do_umount, effort="search"),
    "queue_sync": Operation(queue.do_queue_sync, called="queue a sync of", effort="search"),
    "take_work": Operation(queue.do_take_work, queue.waits_take, called="take a work", effort="search"),
    "complete": Operation(queue.do_complete),
    "wait_for": Operation(queue.do_nothing, queue.waits_for_work, Wait.COMPLETION, called="wait for"),
    "isolate": Operation(
        queue.do_isolate,
        takes=Thing.PIN,
        finds=True,
        choices=queue.choices_isolate,
        called="pick a dirty page",
        effort="search",
    ),
}

POLICY_LOCKS = tuple(name for name in API if OPERATIONS[name].takes is Thing.LOCK)
"""What a policy may lock a page by."""
