"""What may still happen: places of programs, the steps between them, and the accesses that lie ahead of each.

Places, accesses and steps are collected as they are seen. A queued work is a place too: what a flusher does with it
lies ahead of the work, and of whoever may still queue it, not of the flusher that idles.
At a place that waits for a page's writeback, what lies behind does not count as looking at the end of that writeback:
nobody gets past before the disk has done it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wbviz.check.reduced.footprint import Variables
from wbviz.kernel.state import Frame, Work
from wbviz.scenarios.machine import Pending

Node = tuple[Any, ...]
"""A program at a place: (program, place); or a work by what it holds: ("work", kind, page, inode, info, writes)."""

Edges = dict[Node, set[Node]]


def work_node(work: Work) -> Node:
    """The place where whoever takes this work begins."""
    return ("work", work.kind, work.page, work.inode, work.info, work.writes)


class Places:
    """The program graph. `changed` says whether something new was seen since `close`.

    Accesses are packed by `Variables.future`, to be compared with an action by `&`: what anybody may do at any time in
    the lower half, what needs a page lock in the upper.
    """

    def __init__(self, variables: Variables) -> None:
        self.variables = variables
        self.accesses: dict[Node, int] = {}
        self.after: Edges = {}
        self.queues: Edges = {}
        self.barrier: dict[Node, int] = {}
        self.changed = False
        self.free = 0
        """What anybody may do at any place."""
        self._ahead: dict[Node, int] = {}
        self._queued: dict[Node, int] = {}

    def note(self, node: Node, wide: Sequence[int], pending: Pending | None = None) -> None:
        """A step from a place made these accesses."""
        known = self.accesses.get(node)
        if known is None:
            known = self.accesses[node] = 0
            if pending is not None and pending.name == "wait_on_page_writeback":
                half = self.variables.thrice(self.variables.page["WC"][pending.args[0]])
                self.barrier[node] = ~(half | half << self.variables.half)
        bits = self.pack(wide)
        if bits & ~known:
            self.accesses[node] = known | bits
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
            if node != previous:
                self._edge(self.after, previous, node)
            previous = node

    def queue(self, node: Node, work: Node) -> None:
        """A step from a place left this work in the queue."""
        self._edge(self.queues, node, work)

    def _edge(self, edges: Edges, before: Node, after: Node) -> None:
        known = edges.setdefault(before, set())
        if after not in known:
            known.add(after)
            if after in self.accesses or after in self.after or after in self.queues:
                self.changed = True  # else nothing is known of it yet, and nothing more lies ahead of the one before

    def close(self) -> set[Node]:
        """Work out anew what lies ahead of each place. The places of which something else is known now."""
        ahead, queued = self._ahead, self._queued
        whole = self._closure(self.accesses, (self.after, self.queues))
        self._ahead = self._closure(self.accesses, (self.after,))
        of_works = {node: _union([whole.get(work, 0) for work in works]) for node, works in self.queues.items()}
        self._queued = self._closure(of_works, (self.after,), barriers=False)
        self.free = _union(whole.values())
        self.changed = False
        return {node for node, bits in self._ahead.items() if ahead.get(node) != bits} | {
            node for node, bits in self._queued.items() if queued.get(node) != bits
        }

    def _closure(self, start: Mapping[Node, int], graphs: tuple[Edges, ...], barriers: bool = True) -> dict[Node, int]:
        """Each node with its own accesses and those of all that lie behind it."""
        ahead = dict(start)
        before: dict[Node, list[Node]] = {}
        for graph in graphs:
            for node, targets in graph.items():
                for target in targets:
                    before.setdefault(target, []).append(node)
        barrier = self.barrier if barriers else {}
        pending = list(ahead)
        while pending:
            target = pending.pop()
            bits = ahead[target]
            for node in before.get(target, ()):
                old = ahead.get(node, 0)
                new = old | bits & barrier.get(node, -1)
                if new != old:
                    ahead[node] = new
                    pending.append(node)
        return ahead

    def pack(self, wide: Sequence[int]) -> int:
        """Six sets of variables as one number."""
        future = self.variables.future
        return future(*wide[:3]) | future(*wide[3:]) << self.variables.half

    def of_stack(self, stack: tuple[Node, ...]) -> tuple[int, int]:
        """What a task with this stack may do itself; and what a flusher may do with the works that it may queue."""
        own = _union([self._ahead.get(node, 0) for node in stack])
        return own, _union([self._queued.get(node, 0) for node in stack])

    def of_work(self, work: Work) -> int:
        """What whoever takes a work may do, with the works that are queued on the way."""
        node = work_node(work)
        return self._ahead.get(node, 0) | self._queued.get(node, 0)


def _union(many: Iterable[int]) -> int:
    union = 0
    for bits in many:
        union |= bits
    return union
