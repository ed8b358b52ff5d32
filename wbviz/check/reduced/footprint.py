"""What a step depends on and touches, declared for each operation; for each attribute that a program reads in `reads`.

Two things are declared at once. *Fields*: which bits of the state (`layout`) the outcome of a step depends on; all it
changes lie among them. *Accesses*: which variables (`variables`) it reads (R), writes (W), or changes in a way that
commutes with other such changes (C). Two steps conflict when one writes what the other accesses, or one reads what the
other changes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from wbviz.check.reduced.layout import NOBODY, Decline, Owned
from wbviz.check.reduced.reads import Reads
from wbviz.check.reduced.variables import C, Log, R, W
from wbviz.machine.machine import Choice, Pending


class Doing(NamedTuple):
    """A task at an operation; `choice` is what it has chosen, if it may choose. What that accesses goes into `log`."""

    log: Log
    owned: Owned
    task: int
    pending: Pending
    choice: Choice


class Footprint(Reads):
    """Declares operations, and reads, to a `Log`."""

    def operation(self, log: Log, owned: Owned, task: int, pending: Pending, choice: Choice) -> None:
        """What an operation accesses; called before it is done, and also where it must wait."""
        if pending.name not in DECLARED:
            raise Decline(f"no footprint of {pending.name}")
        DECLARED[pending.name](self, Doing(log, owned, task, pending, choice))

    # The page lock

    def lock_page(self, it: Doing) -> None:
        """The lock of a page that the caller has pinned, if it is to be relied on."""
        page, page_of = it.pending.args[0], self.variables.page
        it.log.fields |= self.layout.page["attached"][page] | self.layout.holder[page]
        self.touch(it.log, it.owned, it.task, page)
        it.log.note(W, page_of["LB"][page], True)
        it.log.note(W, page_of["LA"][page], True)
        it.log.note(C, page_of["LQ"][page])

    def lock_attached(self, it: Doing, under_it: bool = True) -> None:
        """The lock of a page that is in its file; that it is, is known under the lock."""
        page, page_of = it.pending.args[0], self.variables.page
        it.log.fields |= self.layout.page["attached"][page] | self.layout.holder[page]
        it.log.note(R, page_of["A"][page], under_it)
        it.log.note(W, page_of["LB"][page], True)
        it.log.note(C, page_of["LQ"][page])

    def trylock_page(self, it: Doing) -> None:
        """As to lock it; and whether it is free is seen."""
        self.lock_page(it)
        it.log.note(R, self.variables.page["LQ"][it.pending.args[0]])

    def trylock_attached(self, it: Doing) -> None:
        """As to lock it; but whether it is in its file, and whether the lock is free, is seen without it."""
        self.lock_attached(it, under_it=False)
        it.log.note(R, self.variables.page["LQ"][it.pending.args[0]])

    def unlock_page(self, it: Doing) -> None:
        """The lock changes hands."""
        page = it.pending.args[0]
        it.log.fields |= self.layout.holder[page] | self.layout.page["detaching"][page]
        it.log.note(C, self.variables.page["LQ"][page])

    # References to the page, and writing

    def get_page(self, it: Doing) -> None:
        """Nobody else depends on a pin."""
        self.touch(it.log, it.owned, it.task, it.pending.args[0])

    def put_page(self, it: Doing) -> None:
        """Whether the page goes with the pin depends on its file and its lock."""
        page, state = it.pending.args[0], it.owned.state.pages[it.pending.args[0]]
        it.log.fields |= (
            self.layout.page["attached"][page] | self.layout.page["detaching"][page] | self.layout.holder[page]
        )
        own = it.owned.tasks[it.task][page]
        if not own:
            raise Decline("a task drops a pin that it does not own")
        mine = state.holder == it.task + 1
        if mine and own == 1 and not state.attached and not state.detaching:
            raise Decline("a task drops its pin of a detached page that it holds locked")

    def wait_on_page_writeback(self, it: Doing) -> None:
        """What it waits for may begin, unless the caller has the lock."""
        page = it.pending.args[0]
        it.log.fields |= self.layout.page["writeback"][page]
        self.touch(it.log, it.owned, it.task, page)
        it.log.note(R, self.variables.page["WS"][page], it.owned.state.pages[page].holder == it.task + 1)

    def writepage(self, it: Doing) -> None:
        """Every page that is handed to the disk; an enqueue in progress may learn of it."""
        it.log.fields |= self.layout.calls
        for page in it.pending.args:
            self._submit(it.log, it.owned, it.task, page)

    def end_writeback(self, it: Doing) -> None:
        """The disk finishes a page; before it has chosen one, any."""
        if it.choice is None:
            it.log.fields |= sum(self.layout.page["writeback"])
        else:
            it.log.fields |= self.layout.page["writeback"][it.choice]
            it.log.note(C, self.variables.page["WC"][it.choice])

    def dirty_page(self, it: Doing) -> None:
        """A page becomes dirty, whoever has its lock."""
        page = it.pending.args[0]
        it.log.fields |= self.layout.page["attached"][page] | self.layout.page["dirty"][page]
        it.log.note(R, self.variables.page["A"][page])
        it.log.note(W, self.variables.page["D"][page])

    def detach(self, it: Doing) -> None:
        """A page leaves its file, under its lock, and is clean then."""
        page, page_of, fields = it.pending.args[0], self.variables.page, self.layout.page
        it.log.fields |= self.layout.calls
        it.log.fields |= sum(fields[name][page] for name in ("attached", "dirty", "owed", "detaching"))
        it.log.note(W, page_of["A"][page], True)
        it.log.note(W, page_of["D"][page], True)
        it.log.note(C, page_of["K"][page])

    def isolate(self, it: Doing) -> None:
        """Whether the pages that reclaim looks at are dirty, up to the one it has chosen."""
        for page in it.pending.args[0] if it.choice is None else (it.choice,):
            it.log.fields |= self.layout.page["attached"][page] | self.layout.page["dirty"][page]
            it.log.note(R, self.variables.page["D"][page])  # what takes a page out of its file cleans it

    # Inodes

    def find_get_page(self, it: Doing) -> None:
        """A page is looked up in its file."""
        inode, index = it.pending.args
        self._inode(it.log, inode, R)
        found = self.world.page_at(inode, index)
        if found is not None:
            it.log.fields |= self.layout.page["attached"][found]
            held = it.owned.state.pages[found].holder == it.task + 1
            it.log.note(R, self.variables.page["A"][found], held)

    def umount(self, it: Doing) -> None:
        """Every inode."""
        for inode in range(self.layout.inodes):
            self._inode(it.log, inode, W)

    def on_inode(self, it: Doing) -> None:
        """An inode, which may change."""
        self._inode(it.log, it.pending.args[0], W)

    # The queue

    def queue_work(self, it: Doing) -> None:
        """A work comes, with its page and its inode, if there is room."""
        log, layout, queue = it.log, self.layout, self.variables.queue
        self._append(log)
        page, inode = it.pending.args
        if self.world.queue_limit is not None:
            log.fields |= layout.queue
            log.note(W, queue["QN"])
        if inode is not None:
            self._inode(log, inode, R)
        if page is not None:
            log.fields |= layout.holder[page] | layout.page["attached"][page]
            self.touch(log, it.owned, it.task, page)

    def queue_sync(self, it: Doing) -> None:
        """A work comes."""
        self._append(it.log)

    def extend_work(self, it: Doing) -> None:
        """A work of the queue changes, if the program knows it."""
        self._extend(it)

    def take_work(self, it: Doing) -> None:
        """A work leaves the queue."""
        self._take(it.log, it.choice)

    def work_ends(self, it: Doing) -> None:
        """The work that the task runs has ended."""
        self.complete(it.log, it.owned, it.task)

    def nothing(self, it: Doing) -> None:
        """It depends on nothing that others change, or on what it has been told of already."""

    def _submit(self, log: Log, owned: Owned, task: int, page: int) -> None:
        layout, page_of = self.layout, self.variables.page
        names = ("attached", "dirty", "writeback", "owed")
        log.fields |= sum(layout.page[it][page] for it in names) | layout.holder[page]
        self.touch(log, owned, task, page)
        log.note(R, page_of["A"][page], True)
        log.note(W, page_of["D"][page], True)
        log.note(W, page_of["WS"][page], True)
        log.may(R, page_of["WC"][page], True)  # under writeback already: a broken rule, unless it has ended
        log.note(C, page_of["K"][page])

    def _append(self, log: Log) -> None:
        """A work comes into the queue: one more that may be taken, whatever else is there."""
        log.may(C, self.variables.queue["QT"])

    def _extend(self, it: Doing) -> None:
        """A program knows no works but its own (`Layout`), which are not in the queue: it comes too late."""

    def _take(self, log: Log, choice: int | None) -> None:
        """Any of the works that wait may be taken; one that comes later, too."""
        queue = self.variables.queue
        log.note(W, queue["QH"])
        log.sees(R, queue["QT"])
        if self.world.queue_limit is not None:
            log.note(W, queue["QN"])
        if choice is None:
            log.fields |= self.layout.queue
        else:
            log.fields |= sum([self.layout.holder[page] for page in self.layout.contents[choice].locks])

    def complete(self, log: Log, owned: Owned, task: int) -> None:
        """The work that a task runs ends: the one that made it may learn of that. Nobody else knows of it."""
        for work, its in zip(owned.state.works, owned.works, strict=True):
            if work.by == task and its.maker != NOBODY:
                log.fields |= self.layout.env[its.maker]

    def enqueue_begins(self, log: Log, page: int) -> None:
        """An `enqueue` is called: that its page is cleaned is told to it from now on."""
        log.note(R, self.variables.page["K"][page])

    def enqueue_ends(self, log: Log, page: int, refused: bool, result: Any) -> None:
        """An `enqueue` returns: accepting commutes with cleaning the page; refusing without a reason does not."""
        log.fields |= self.layout.page["owed"][page]
        log.may(R, self.variables.page["K"][page])
        if result is False and not refused:
            log.note(R, self.variables.page["K"][page])


DECLARED: dict[str, Callable[[Footprint, Doing], None]] = {
    "lock_page": Footprint.lock_page,
    "trylock_page": Footprint.trylock_page,
    "lock_attached": Footprint.lock_attached,
    "trylock_attached": Footprint.trylock_attached,
    "unlock_page": Footprint.unlock_page,
    "get_page": Footprint.get_page,
    "put_page": Footprint.put_page,
    "wait_on_page_writeback": Footprint.wait_on_page_writeback,
    "writepage": Footprint.writepage,
    "submit": Footprint.writepage,
    "end_writeback": Footprint.end_writeback,
    "dirty_page": Footprint.dirty_page,
    "detach": Footprint.detach,
    "isolate": Footprint.isolate,
    "find_get_page": Footprint.find_get_page,
    "igrab": Footprint.on_inode,
    "igrab_live": Footprint.on_inode,
    "iput": Footprint.on_inode,
    "unlink": Footprint.on_inode,
    "gone": Footprint.on_inode,
    "umount": Footprint.umount,
    "queue_work": Footprint.queue_work,
    "queue_sync": Footprint.queue_sync,
    "extend_work": Footprint.extend_work,
    "take_work": Footprint.take_work,
    "complete": Footprint.work_ends,
    "wait_for": Footprint.nothing,
    "cond_resched": Footprint.nothing,
}
"""What declares an operation."""
