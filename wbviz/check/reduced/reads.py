"""What the reads of a program depend on and touch: the half of `footprint` that is about attributes."""

from __future__ import annotations

from typing import Any

from wbviz.check.reduced.layout import Decline, Layout, Owned
from wbviz.check.reduced.variables import Log, R, Variables
from wbviz.kernel.state import World


class Reads:
    """Declares reads to a `Log`."""

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

    def _inode(self, log: Log, inode: int, kind: int) -> None:
        log.fields |= self.layout.inode[inode]
        log.note(kind, self.variables.inode[inode])

    def _look(self, log: Log) -> None:
        """A policy reads `mm.works`."""
        raise Decline("the policy looks at the order of the queue")

    def _look_at_other(self, log: Log) -> None:
        """A program looks at a work that its task does not run."""
        raise Decline("a program looks at a work that its task does not run")

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
