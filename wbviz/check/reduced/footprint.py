"""What a step depends on and touches, declared for each operation and each attribute that a program reads.

Two things are declared at once. *Fields*: which bits of the state (`layout`) the outcome of a step depends on; all it
changes lie among them. *Accesses*: which variables it reads (R), writes (W), or changes in a way that commutes with
other such changes (C). Two steps conflict when one writes what the other accesses, or one reads what the other changes.

Variables of a page: LA its lock is taken by whoever has pinned it, LB by anybody, while it is in its file; LQ its lock
changes hands, A it leaves its file, D dirty, WS writeback begins, WC it ends, K an enqueue in progress learns that it
was cleaned. Of the queue: QH works are taken, QT works come, QN its room, and two of `ordered`. Of each inode: I.
Pins and freed pages are no variables, for a task is held to using only pins that it owns (`steps`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wbviz.check.reduced.layout import NOBODY, Decline, Layout, Owned
from wbviz.kernel.state import World
from wbviz.machine.machine import Pending

PER_PAGE = ("LA", "LB", "LQ", "A", "D", "WS", "WC", "K")
QUEUE = ("QH", "QT", "QN", "WK", "CO")


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

    def action(self, own: Sequence[int], held: Iterable[int]) -> int:
        """What a step accesses (`Log.own`) of a task that holds the locks of some pages; it conflicts with a `future`
        if `&` is not 0.

        What others do to a page under its lock, they cannot do before the step: the task holds it.
        """
        reads, writes, commuting = own
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

    def sees(self, kind: int, variable: int) -> None:
        """An access that this step makes as it is chosen: others that come later do not meet it."""
        self.own[kind] |= variable

    def may(self, kind: int, variable: int, locked: bool = False) -> None:
        """An access that this place may make, and that this step does not."""
        self.wide[kind + 3 * locked] |= variable


R, W, C = 0, 1, 2
NONE = frozenset(("wait_for", "cond_resched"))


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
        page_of, fields = var.page, layout.page
        if name in ("lock_page", "trylock_page", "lock_attached", "trylock_attached"):
            page = args[0]
            log.fields |= fields["attached"][page] | layout.holder[page]
            if name.endswith("attached"):
                log.note(R, page_of["A"][page], name == "lock_attached")
            else:
                self.touch(log, owned, task, page)
            log.note(W, page_of["LB"][page], True)
            if not name.endswith("attached"):
                log.note(W, page_of["LA"][page], True)
            if name.startswith("try"):
                log.note(R, page_of["LQ"][page])
            log.note(C, page_of["LQ"][page])
        elif name == "unlock_page":
            page = args[0]
            log.fields |= layout.holder[page] | fields["detaching"][page]
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
            if choice is None:
                log.fields |= sum(fields["writeback"])
            else:
                log.fields |= fields["writeback"][choice]
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
            for page in args if choice is not None else args[0]:
                log.fields |= fields["attached"][page] | fields["dirty"][page]
                log.note(R, page_of["D"][page])  # what takes a page out of its file cleans it
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
            self._take(log, choice)
        elif name == "complete":
            self.complete(log, owned, task)
        elif name == "extend_work":
            self._extend(log, owned, task, pending)
        elif name not in NONE:
            raise Decline(f"no footprint of {name}")

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
        log.fields |= sum(layout.page[it][page] for it in names) | layout.holder[page]
        self.touch(log, owned, task, page)
        log.note(R, page_of["A"][page], True)
        log.note(W, page_of["D"][page], True)
        log.note(W, page_of["WS"][page], True)
        log.may(R, page_of["WC"][page], True)  # under writeback already: a broken rule, unless it has ended
        log.note(C, page_of["K"][page])

    def _queue(self, log: Log, owned: Owned, task: int, pending: Pending) -> None:
        layout, queue = self.layout, self.variables.queue
        self._append(log)
        if pending.name == "queue_sync":
            return
        page, inode = pending.args
        if self.world.queue_limit is not None:
            log.fields |= layout.queue
            log.note(W, queue["QN"])
        if inode is not None:
            self._inode(log, inode, R)
        if page is not None:
            log.fields |= layout.holder[page] | layout.page["attached"][page]
            self.touch(log, owned, task, page)

    def _inode(self, log: Log, inode: int, kind: int) -> None:
        log.fields |= self.layout.inode[inode]
        log.note(kind, self.variables.inode[inode])

    def _append(self, log: Log) -> None:
        """A work comes into the queue: one more that may be taken, whatever else is there."""
        log.may(C, self.variables.queue["QT"])

    def _extend(self, log: Log, owned: Owned, task: int, pending: Pending) -> None:
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

    def _look(self, log: Log) -> None:
        """A policy reads `mm.works`."""
        raise Decline("the policy looks at the order of the queue")

    def _look_at_other(self, log: Log) -> None:
        """A program looks at a work that its task does not run."""
        raise Decline("a program looks at a work that its task does not run")

    def enqueue_begins(self, log: Log, page: int) -> None:
        """An `enqueue` is called: that its page is cleaned is told to it from now on."""
        log.note(R, self.variables.page["K"][page])

    def enqueue_ends(self, log: Log, page: int, refused: bool, result: Any) -> None:
        """An `enqueue` returns: accepting commutes with cleaning the page; refusing without a reason does not."""
        log.fields |= self.layout.page["owed"][page]
        log.may(R, self.variables.page["K"][page])
        if result is False and not refused:
            log.note(R, self.variables.page["K"][page])

    def read(self, log: Log, owned: Owned, task: int, target: Any, attr: str) -> None:
        """What reading an attribute accesses."""
        layout, page_of = self.layout, self.variables.page
        if target == "mm":
            if attr == "works":
                self._look(log)
            return
        kind, number = target
        if kind == "inode":
            if attr != "pages":
                self._inode(log, number, R)
        elif kind == "work":
            if attr == "id":
                raise Decline("the policy reads the number of a work")
            if not any(work.id == number and work.by == task for work in owned.state.works):
                self._look_at_other(log)
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
                log.fields |= layout.holder[number]
                log.note(R, page_of["LQ"][number])
            elif attr == "dirty":
                log.fields |= layout.page["dirty"][number]
                log.note(R, page_of["D"][number], held)
            elif attr == "writeback":
                log.fields |= layout.page["writeback"][number] | layout.holder[number]
                log.note(R, page_of["WS"][number], held)
                log.may(R, page_of["WC"][number], held)
                if owned.state.pages[number].writeback:  # else it must begin before it can end
                    log.note(R, page_of["WC"][number], held)
            elif attr != "index":
                raise Decline(f"no footprint of reading {attr}")


def pages_in(value: Any) -> list[int]:
    """The pages in a value as programs exchange it."""
    if type(value) is not tuple:
        return []
    if value[0] == "page":
        return [value[1]]
    return [page for item in value[1:] for page in pages_in(item)] if value[0] == "tuple" else []
