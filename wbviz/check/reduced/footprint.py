"""What a step depends on and touches, declared for each operation and each attribute that a program reads.

Two things are declared at once. *Fields*: which bits of the state (`layout`) the outcome of a step depends on; all it
changes lie among them. *Accesses*: which variables it reads (R), writes (W), or changes in a way that commutes with
other such changes (C). Two steps conflict when one writes what the other accesses, or one reads what the other changes.

Variables of a page: LA its lock is taken, LQ its lock changes hands, A it leaves its file, D dirty, WS writeback
begins, WC it ends, K an enqueue in progress learns that it was cleaned. Of the queue: QT its end, QH its head, QN its
room, WK what works hold, CO works end. Of each inode: I.
Pins and freed pages are no variables, for a task is held to using only pins that it owns (`steps`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wbviz.check.reduced.layout import Decline, Layout, Owned
from wbviz.kernel.state import State, World
from wbviz.scenarios.machine import Pending

PER_PAGE = ("LA", "LQ", "A", "D", "WS", "WC", "K")
QUEUE = ("QT", "QH", "QN", "WK", "CO")


class Variables:
    """A bit for each variable, and how accesses are packed for one quick comparison."""

    def __init__(self, layout: Layout) -> None:
        bit = iter(range(1 << 20))
        self.page = {name: [1 << next(bit) for _ in range(layout.pages)] for name in PER_PAGE}
        self.queue = {name: 1 << next(bit) for name in QUEUE}
        self.inode = [1 << next(bit) for _ in range(layout.inodes)]
        self.width = next(bit)
        self.half = 3 * self.width
        self.of_page = [sum(self.page[name][p] for name in PER_PAGE) for p in range(layout.pages)]

    def action(self, reads: int, writes: int, commuting: int, held: Iterable[int]) -> int:
        """A step of a task that holds the locks of some pages; it conflicts with a `future` if `&` is not 0.

        What others do to a page under its lock, they cannot do before the step: the task holds it.
        """
        bits = writes | reads << self.width | commuting << 2 * self.width
        outside = ~self.thrice(sum([self.of_page[page] for page in held]))
        return bits | (bits & outside) << self.half

    def future(self, reads: int, writes: int, commuting: int) -> int:
        """What somebody may do: one half of what an `action` is compared with."""
        width = self.width
        return (reads | writes | commuting) | (writes | commuting) << width | (reads | writes) << 2 * width

    def thrice(self, bits: int) -> int:
        """These variables in all three parts of one half."""
        return bits | bits << self.width | bits << 2 * self.width


class Log:
    """What one step declares. `own` is what it did, `wide` what it may do at this place: first what anybody may do at
    any time, then what needs a page lock. In each: reads, writes, commuting changes."""

    __slots__ = ("fields", "own", "wide")

    def __init__(self) -> None:
        self.fields = 0
        self.own = [0, 0, 0]
        self.wide = [0, 0, 0, 0, 0, 0]

    def note(self, kind: int, variable: int, locked: bool = False) -> None:
        """An access: kind 0 reads, 1 writes, 2 changes and commutes; `locked`: under the lock of its page."""
        self.own[kind] |= variable
        self.wide[kind + 3 * locked] |= variable

    def may(self, kind: int, variable: int, locked: bool = False) -> None:
        """An access that this place may make, and that this step does not."""
        self.wide[kind + 3 * locked] |= variable


R, W, C = 0, 1, 2
Q_NONE = frozenset(("wait_for", "cond_resched", "call"))


class Footprint:
    """Declares operations and reads to a `Log`."""

    def __init__(self, layout: Layout, variables: Variables, world: World) -> None:
        self.layout, self.variables, self.world = layout, variables, world

    def touch(self, log: Log, owned: Owned, task: int, page: int) -> None:
        """The page's memory is used: by its owner of a pin, or because it is in its file.

        Raises `Decline` where only somebody else's pin keeps it: its legality would depend on their speed.
        """
        if owned.tasks[task][page]:
            return
        state = owned.state.pages[page]
        held = state.holder == task + 1
        log.fields |= self.layout.page["attached"][page] | self.layout.holder[page]
        log.note(R, self.variables.page["A"][page], held)
        if not state.attached:
            raise Decline("a task uses a page that it has not pinned")

    def operation(self, log: Log, owned: Owned, task: int, pending: Pending, choice: int | None) -> None:
        """What an operation accesses; called before it is done, and also where it must wait."""
        name, args, layout, var = pending.name, pending.args, self.layout, self.variables
        if choice is not None:
            args = (choice,)
        page_of, queue, fields = var.page, var.queue, layout.page
        if name in ("lock_page", "trylock_page", "lock_attached", "trylock_attached"):
            page = args[0]
            log.fields |= fields["attached"][page] | layout.holder[page] | layout.carrier[page]
            if name.endswith("attached"):
                log.note(R, page_of["A"][page], name == "lock_attached")
            else:
                self.touch(log, owned, task, page)
            log.note(W, page_of["LA"][page], True)
            if name.startswith("try"):
                log.note(R, page_of["LQ"][page])
            log.note(C, page_of["LQ"][page])
        elif name == "unlock_page":
            page = args[0]
            log.fields |= layout.holder[page] | layout.carrier[page] | fields["detaching"][page]
            log.note(C, page_of["LQ"][page])
        elif name == "get_page":
            self.touch(log, owned, task, args[0])
        elif name == "put_page":
            self._put(log, owned, task, args[0])
        elif name == "wait_on_page_writeback":
            log.fields |= fields["writeback"][args[0]]
            self.touch(log, owned, task, args[0])
            log.note(R, page_of["WS"][args[0]], owned.state.pages[args[0]].holder == task + 1)
        elif name in ("submit", "writepage"):
            log.fields |= layout.calls
            for page in args:
                self._submit(log, owned, task, page)
        elif name == "end_writeback":
            log.fields |= sum(fields["writeback"])
            if choice is not None:
                log.note(C, page_of["WC"][choice])
        elif name == "dirty_page":
            log.fields |= fields["attached"][args[0]] | fields["dirty"][args[0]]
            log.note(R, page_of["A"][args[0]])
            log.note(W, page_of["D"][args[0]])
        elif name == "detach":
            page = args[0]
            log.fields |= layout.calls | sum(fields[it][page] for it in ("attached", "dirty", "owed", "detaching"))
            log.note(W, page_of["A"][page], True)
            log.note(W, page_of["D"][page], True)
            log.note(C, page_of["K"][page])
        elif name == "isolate":
            wanted = pending.args[0] if type(pending.args[0]) is tuple else pending.args
            for page in wanted:
                log.fields |= fields["attached"][page] | fields["dirty"][page]
                log.note(R, page_of["A"][page])
                log.note(R, page_of["D"][page])
        elif name == "find_get_page":
            self._inode(log, args[0], R)
            found = self.world.page_at(args[0], args[1])
            if found is not None:
                log.fields |= fields["attached"][found]
                held = owned.state.pages[found].holder == task + 1
                log.note(R, page_of["A"][found], held)
        elif name == "umount":
            for inode in range(layout.inodes):
                self._inode(log, inode, W)
        elif name in ("igrab", "igrab_live", "iput", "unlink", "gone"):
            self._inode(log, args[0], W)
        elif name in ("queue_work", "queue_sync"):
            self._queue(log, owned, task, pending)
        elif name == "take_work":
            log.fields |= layout.works | layout.carriers
            carried = [page.holder for page in owned.state.pages if page.holder < 0]
            if carried:
                log.fields |= sum(layout.holder)
            log.note(W, queue["QH"])
            log.note(R, queue["WK"])
            if self.world.queue_limit is not None:
                log.note(W, queue["QN"])
        elif name == "extend_work":
            log.fields |= layout.works | layout.envs
            log.note(R, queue["QH"])
            log.note(W, queue["WK"])
            for _, value in pending.info:
                for page in pages_in(value):
                    self.touch(log, owned, task, page)
                if type(value) is tuple and value[0] == "inode":
                    self._inode(log, value[1], R)
        elif name == "complete":
            self.complete(log)
        elif name == "wait_for":
            log.fields |= layout.count
        elif name not in Q_NONE:
            raise Decline(f"no footprint of {name}")

    def clusters(self, log: Log, state: State, task: int, page: int) -> None:
        """A `writepage` finds out whether it goes on as a program: that it may write is looked at beforehand."""
        layout, page_of = self.layout, self.variables.page
        log.fields |= layout.page["writeback"][page] | layout.page["attached"][page]
        log.fields |= layout.holder[page] | layout.carrier[page]
        log.note(R, page_of["A"][page], True)
        log.note(R, page_of["WS"][page], True)
        log.may(R, page_of["WC"][page], True)
        if state.pages[page].writeback:
            log.note(R, page_of["WC"][page], True)

    def _put(self, log: Log, owned: Owned, task: int, page: int) -> None:
        state = owned.state.pages[page]
        log.fields |= (
            self.layout.page["attached"][page] | self.layout.page["detaching"][page] | self.layout.holder[page]
        )
        if not owned.tasks[task][page]:
            raise Decline("a task drops a pin that it does not own")
        mine = state.holder == task + 1
        if mine and owned.tasks[task][page] == 1 and not state.attached and not state.detaching:
            raise Decline("a task drops its pin of a detached page that it holds locked")

    def _submit(self, log: Log, owned: Owned, task: int, page: int) -> None:
        layout, page_of = self.layout, self.variables.page
        names = ("attached", "dirty", "writeback", "owed")
        log.fields |= sum(layout.page[it][page] for it in names) | layout.holder[page] | layout.carrier[page]
        self.touch(log, owned, task, page)
        log.note(R, page_of["A"][page], True)
        log.note(W, page_of["D"][page], True)
        log.note(W, page_of["WS"][page], True)
        log.may(R, page_of["WC"][page], True)  # under writeback already: a broken rule, unless it has ended
        log.note(C, page_of["K"][page])

    def _queue(self, log: Log, owned: Owned, task: int, pending: Pending) -> None:
        layout, queue = self.layout, self.variables.queue
        log.fields |= layout.works | layout.envs
        log.note(W, queue["QT"])
        if pending.name == "queue_sync":
            return
        page, inode = pending.args
        if self.world.queue_limit is not None:
            log.note(W, queue["QN"])
        if inode is not None:
            self._inode(log, inode, R)
        if page is not None:
            log.fields |= layout.holder[page] | layout.carrier[page] | layout.page["attached"][page]
            self.touch(log, owned, task, page)

    def _inode(self, log: Log, inode: int, kind: int) -> None:
        log.fields |= self.layout.inode[inode]
        log.note(kind, self.variables.inode[inode])

    def complete(self, log: Log) -> None:
        """A work ends."""
        log.fields |= self.layout.works | self.layout.envs | self.layout.carriers
        log.note(C, self.variables.queue["CO"])

    def enqueue_ends(self, log: Log, page: int, refused: bool, result: Any) -> None:
        """An `enqueue` returns: accepting commutes with cleaning the page; refusing without a reason does not."""
        log.fields |= self.layout.page["owed"][page]
        log.may(R, self.variables.page["K"][page])
        if result is False and not refused:
            log.note(R, self.variables.page["K"][page])

    def read(self, log: Log, owned: Owned, task: int, target: Any, attr: str) -> None:
        """What reading an attribute accesses."""
        layout, page_of, queue = self.layout, self.variables.page, self.variables.queue
        if target == "mm":
            if attr == "works":
                log.fields |= layout.works | layout.envs
                for name in ("QT", "QH"):
                    log.note(R, queue[name])
            return
        kind, number = target
        if kind == "inode":
            if attr != "pages":
                self._inode(log, number, R)
        elif kind == "work":
            if attr == "id":
                raise Decline("the policy reads the number of a work")
            log.fields |= layout.works | layout.envs
            if not any(work.id == number and work.by == task for work in owned.state.works):
                for name in ("WK", "CO"):
                    log.note(R, queue[name])
        elif attr != "cluster":
            held = owned.state.pages[number].holder == task + 1
            if attr == "attached":
                log.fields |= layout.page["attached"][number]
                log.note(R, page_of["A"][number], held)
                return
            self.touch(log, owned, task, number)
            if attr == "mapping":
                log.fields |= layout.page["attached"][number]
                log.note(R, page_of["A"][number], held)
            elif attr == "locked":
                log.fields |= layout.holder[number] | layout.carrier[number]
                log.note(R, page_of["LQ"][number])
            elif attr == "dirty":
                log.fields |= layout.page["dirty"][number]
                log.note(R, page_of["D"][number], held)
            elif attr == "writeback":
                log.fields |= layout.page["writeback"][number] | layout.holder[number]
                log.note(R, page_of["WS"][number], held)
                log.may(R, page_of["WC"][number], held)
                if owned.state.pages[number].writeback or not held:
                    log.note(R, page_of["WC"][number], held)


def pages_in(value: Any) -> list[int]:
    """The pages in a value as programs exchange it."""
    if type(value) is not tuple:
        return []
    if value[0] == "page":
        return [value[1]]
    return [page for item in value[1:] for page in pages_in(item)] if value[0] == "tuple" else []
