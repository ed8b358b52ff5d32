"""What a task may still do: places of programs, the steps between them, and the union of accesses that lie ahead.

Places, accesses and steps are collected as they are seen. At a place that waits for a page's writeback, what lies
behind
does not count as looking at the end of that writeback: nobody gets past before the disk has done it.
"""

from __future__ import annotations

from typing import Any

from wbviz.check.footprint import Log, Variables
from wbviz.scenarios.machine import Pending

Node = tuple[str, int]
NOTHING = (0, 0, 0, 0, 0, 0)


class Places:
    """The program graph. `changed` says whether something new was seen since `close`."""

    def __init__(self, variables: Variables) -> None:
        self.variables = variables
        self.accesses: dict[Node, list[int]] = {}
        self.after: dict[Node, set[Node]] = {}
        self.barrier: dict[Node, int] = {}
        self.changed = False
        self._ahead: dict[Node, tuple[int, ...]] = {}
        self._stacks: dict[Any, tuple[int, int]] = {}

    def note(self, node: Node, log: Log, pending: Pending) -> None:
        """A step from a place made these accesses."""
        known = self.accesses.get(node)
        if known is None:
            known = self.accesses[node] = [0] * 6
            if pending.name == "wait_on_page_writeback":
                self.barrier[node] = self.variables.page["WC"][pending.args[0]]
        for kind, bits in enumerate(log.wide):
            if bits & ~known[kind]:
                known[kind] |= bits
                self.changed = True

    def link(self, before: Any, after: Any) -> None:
        """A step led from one stack of frames to another: each frame that is new lies behind the one it came from."""
        common = 0
        while common < min(len(before), len(after)) - 1 and before[common][:2] == after[common][:2]:
            common += 1
        if common >= len(after):
            return
        previous = before[min(common, len(before) - 1)][:2]
        for frame in after[common:]:
            node = frame[:2]
            known = self.after.setdefault(previous, set())
            if node != previous and node not in known:
                known.add(node)
                self.changed = True
            previous = node

    def close(self) -> None:
        """Work out anew what lies ahead of each place."""
        ahead = {node: tuple(bits) for node, bits in self.accesses.items()}
        before: dict[Node, list[Node]] = {}
        for node, targets in self.after.items():
            for target in targets:
                before.setdefault(target, []).append(node)
        pending = list(ahead)
        while pending:
            target = pending.pop()
            bits = ahead.get(target, NOTHING)
            for node in before.get(target, ()):
                stays = ~self.barrier.get(node, 0)
                old = ahead.get(node, NOTHING)
                new = tuple([mine | its & stays for mine, its in zip(old, bits, strict=True)])
                if new != old:
                    ahead[node] = new
                    pending.append(node)
        self._ahead, self._stacks, self.changed = ahead, {}, False

    def of_stack(self, stack: tuple[Node, ...]) -> tuple[int, int]:
        """What a task with this stack may do: at any time, and under the lock of the page it does it to."""
        found = self._stacks.get(stack)
        if found is None:
            union = [0] * 6
            for node in stack:
                for kind, bits in enumerate(self._ahead.get(node, NOTHING)):
                    union[kind] |= bits
            future = self.variables.future
            found = self._stacks[stack] = future(*union[:3]), future(*union[3:])
        return found
