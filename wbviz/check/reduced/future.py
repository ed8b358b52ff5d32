"""What may still happen: places of programs, the steps between them, and the accesses that lie ahead of each.

Places, accesses and steps are collected as they are seen. A queued work is a place too: what a flusher does with it
lies ahead of the work, and of whoever may still queue it, not of the flusher that idles.
At a place that waits for a page's writeback, what lies behind does not count as looking at the end of that writeback:
nobody gets past before the disk has done it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wbviz.check.reduced.variables import Variables
from wbviz.kernel.state import Frame, Work
from wbviz.machine.machine import Pending

Node = tuple[Any, ...]
"""A program at a place: (program, place); or a work by what it holds: ("work", kind, page, inode, info, writes)."""


def work_node(work: Work) -> Node:
    """The place where whoever takes this work begins."""
    return ("work", work.kind, work.page, work.inode, work.info, work.writes)


class Ahead:
    """Bits that spread backwards along edges: each node has its own and those of all that lie behind it."""

    def __init__(self, barrier: Mapping[Node, int] | None = None) -> None:
        self.bits: dict[Node, int] = {}
        self._before: dict[Node, list[Node]] = {}
        self._barrier = {} if barrier is None else barrier
        """Bits that do not pass a node are 0 here."""
        self._fresh: list[Node] = []

    def add(self, node: Node, bits: int) -> bool:
        """A node has these bits. True if some of them are new."""
        known = self.bits.get(node, 0)
        if not bits & ~known:
            return False
        self.bits[node] = known | bits
        self._fresh.append(node)
        return True

    def edge(self, before: Node, after: Node) -> bool:
        """A node lies behind another, which was not known. True if more lies ahead of that one now."""
        self._before.setdefault(after, []).append(before)
        return self.add(before, self.bits.get(after, 0) & self._barrier.get(before, -1))

    def spread(self) -> set[Node]:
        """Go on until nothing changes. The nodes that have more than at the last time."""
        changed = set[Node]()
        while self._fresh:
            node = self._fresh.pop()
            changed.add(node)
            bits = self.bits[node]
            for before in self._before.get(node, ()):
                self.add(before, bits & self._barrier.get(before, -1))
        return changed


class Places:
    """The program graph. `changed` says whether something new was seen since `close`.

    Accesses are packed by `Variables.future`, to be compared with an action by `&`: what anybody may do at any time in
    the lower half, what needs a page lock in the upper.
    """

    def __init__(self, variables: Variables) -> None:
        self.variables = variables
        self.accesses: dict[Node, int] = {}
        self.changed = False
        self.dirtied = 0
        """The pages that some program makes dirty, as bits."""
        self._edges = set[tuple[Node, Node]]()
        self._queuers: dict[Node, list[Node]] = {}
        self._barrier: dict[Node, int] = {}
        self._own, self._whole, self._queued = Ahead(self._barrier), Ahead(self._barrier), Ahead()
        """What lies ahead of a place: for its task itself, with all works that it may queue, for these works alone."""

    def note(self, node: Node, wide: Sequence[int], pending: Pending | None = None) -> None:
        """A step from a place made these accesses."""
        known = self.accesses.get(node)
        if known is None:
            known = self.accesses[node] = 0
            if pending is not None and pending.name == "wait_on_page_writeback":
                half = self.variables.thrice(self.variables.page["WC"][pending.args[0]])
                self._barrier[node] = ~(half | half << self.variables.half)
        bits = self.pack(wide)
        if bits & ~known:
            self.accesses[node] = known | bits
            self._whole.add(node, bits)
            self.changed = self._own.add(node, bits) or self.changed

    def dirties(self, page: int) -> None:
        """Some program makes this page dirty."""
        if not self.dirtied >> page & 1:
            self.dirtied |= 1 << page
            self.changed = True

    def link(self, before: tuple[Frame, ...], after: tuple[Frame, ...]) -> None:
        """A step led from one stack of frames to another: each frame that is new lies behind the one it came from."""
        common = 0
        while common < min(len(before), len(after)) - 1 and before[common][:2] == after[common][:2]:
            common += 1
        if common < len(after):
            self._chain(before[min(common, len(before) - 1)][:2], after[common:])

    def take(self, work: Node, after: tuple[Frame, ...]) -> None:
        """Taking a work led to this stack."""
        self._chain(work, after)

    def _chain(self, previous: Node, frames: Iterable[Frame]) -> None:
        for frame in frames:
            node = frame[:2]
            if node != previous and (previous, node) not in self._edges:
                self._edges.add((previous, node))
                for ahead in (self._own, self._whole, self._queued):
                    self.changed = ahead.edge(previous, node) or self.changed
            previous = node

    def queue(self, node: Node, work: Node) -> None:
        """A step from a place left this work in the queue."""
        if (node, work) not in self._edges:
            self._edges.add((node, work))
            self._queuers.setdefault(work, []).append(node)
            self._queued.add(node, self._whole.bits.get(work, 0))
            self.changed = self._whole.edge(node, work) or self.changed

    def close(self) -> set[Node]:
        """Work out what lies ahead of each place. The places of which more is known now."""
        changed, more = self._own.spread(), self._whole.spread()
        for work in more:
            for node in self._queuers.get(work, ()):
                self._queued.add(node, self._whole.bits[work])
        self.changed = False
        return changed | self._queued.spread()

    def pack(self, wide: Sequence[int]) -> int:
        """Six sets of variables as one number."""
        future = self.variables.future
        return future(*wide[:3]) | future(*wide[3:]) << self.variables.half

    def of_stack(self, stack: tuple[Node, ...]) -> tuple[int, int]:
        """What a task with this stack may do itself; and what a flusher may do with the works that it may queue."""
        own = queued = 0
        for node in stack:
            own |= self._own.bits.get(node, 0)
            queued |= self._queued.bits.get(node, 0)
        return own, queued

    def of_work(self, work: Work) -> int:
        """What whoever takes a work may do, with the works that are queued on the way."""
        node = work_node(work)
        return self._own.bits.get(node, 0) | self._queued.bits.get(node, 0)
