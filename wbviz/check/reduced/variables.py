"""The variables of the reduced exploration, and how a step's accesses to them are noted and compared.

Of a page: LA its lock is taken by whoever has pinned it, LB by anybody, while it is in its file; LQ its lock changes
hands, A it leaves its file, D dirty, WS writeback begins, WC it ends, K an enqueue in progress learns that it was
cleaned. Of the queue: QH works are taken, QT works come, QN its room, and two of `ordered`. Of each inode: I.
Pins and freed pages are no variables, for a task is held to using only pins that it owns (`steps`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wbviz.check.reduced.layout import Layout

R, W, C = 0, 1, 2
"""An access reads, writes, or changes in a way that commutes with other such changes."""

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
        """An access of a kind; `locked`: under the lock of its page."""
        self.own[kind] |= variable
        self.wide[kind + 3 * locked] |= variable

    def sees(self, kind: int, variable: int) -> None:
        """An access that this step makes as it is chosen: others that come later do not meet it."""
        self.own[kind] |= variable

    def may(self, kind: int, variable: int, locked: bool = False) -> None:
        """An access that this place may make, and that this step does not."""
        self.wide[kind + 3 * locked] |= variable
