"""A policy that is seen through: what its `enqueue` ever asks for, in whatever interleaving, is noted.

Whether reclaim writes by itself can so be said of all that was explored, without looking at every state again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wbviz.errors import PolicyError
from wbviz.policy.load import Policy
from wbviz.policy.protocol import Op, Programs, Read, Turn, Value
from wbviz.policy.table import Table


class Watched(Policy):
    """Another policy under its own name. `asked` holds the names of the operations that its `enqueue` asked for."""

    __slots__ = ("_inner", "_table", "asked")

    def __init__(self, inner: Policy) -> None:
        self._inner = inner
        self.name, self.given, self.path = inner.name, inner.given, inner.path
        self.asked: set[str] = set()
        self._table = Table(self.programs(), inner._source)

    @property
    def source(self) -> str:
        """The text of the other policy's file."""
        return self._inner.source

    def programs(self) -> Any:
        """The other policy's programs, watched."""
        return _Watching(self._inner.programs(), self.asked)

    def table(self) -> Table:
        """What all of it has answered, one for all scenarios: what is asked is noted when it is asked first."""
        return self._table

    def problem(self) -> PolicyError | None:
        """As the other policy says."""
        return self._inner.problem()


class _Watching:
    def __init__(self, inner: Programs, asked: set[str]) -> None:
        self._inner = inner
        self._asked = asked
        self._enqueue: set[int] = set()

    def start(self, function: str, argument: Value, read: Callable[[Read], Value]) -> Turn:
        return self._note(function == "enqueue", self._inner.start(function, argument, read))

    def resume(self, place: int, answer: Value, read: Callable[[Read], Value]) -> Turn:
        return self._note(place in self._enqueue, self._inner.resume(place, answer, read))

    def _note(self, enqueue: bool, turn: Turn) -> Turn:
        if enqueue and isinstance(turn.request, Op):
            self._enqueue.add(turn.place)
            self._asked.add(turn.request.name)
        return turn
