"""The table of what a child has answered, with a count of all that was asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from wbviz.grade.judge.errors import Spent
from wbviz.policy.protocol import Read, Value
from wbviz.policy.table import Leaf, Table

if TYPE_CHECKING:
    from wbviz.grade.judge.remote import ChildPrograms
    from wbviz.grade.judge.talk import Talk


class Answered(NamedTuple):
    """A turn as the child answered it: who was asked what, what it read, where it led.

    `key` is (function, argument) for a call, (place, answer) for what follows.
    """

    key: tuple[str | int, Value]
    reads: tuple[tuple[Read, Value], ...]
    leaf: Leaf


class JudgeTable(Table):
    """A `Table` over a child. Whoever explores with it meets `Spent` once all reads together are too many."""

    def __init__(self, programs: ChildPrograms, talk: Talk) -> None:
        super().__init__(programs, talk.source)
        self._talk = talk
        self._most = self._left = talk.limits.answered

    def _count(self, reads: int) -> None:
        self._left -= reads
        if self._left < 0:
            raise Spent(f"the policy read more than {self._most:,} attributes in all")

    def recorded(self) -> Iterator[Answered]:
        """All turns that were answered."""
        left: list[tuple[Any, tuple[tuple[Read, Value], ...], Any]] = [
            (key, (), node) for key, node in self._turns.items()
        ]
        while left:
            key, reads, node = left.pop()
            if isinstance(node, Leaf):
                yield Answered(key, reads, node)
            else:
                left += [(key, (*reads, (node.read, value)), after) for value, after in node.answers.items()]

    def _remember(self, key: Any, path: list[tuple[Read, Value]], leaf: Leaf) -> None:
        """A child that has misbehaved answers nothing: its turns are no answers that could differ from others."""
        if self._talk.error is None:
            super()._remember(key, path, leaf)
