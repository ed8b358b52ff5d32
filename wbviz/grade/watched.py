"""A policy that is seen through: what its `enqueue` does, in whatever interleaving, is noted.

Whether reclaim writes by itself can so be said of all that was explored, without looking at every state again.
"""

from __future__ import annotations

from wbviz.errors import PolicyError
from wbviz.kernel.state import Frame
from wbviz.policy.load import Policy
from wbviz.policy.protocol import Op, Programs, Value
from wbviz.policy.table import Arrival, Reader, Table


class Spied(Policy):
    """Another policy under its own name. `asked` holds the names of the operations that its `enqueue` asks for."""

    __slots__ = ("_inner", "_table", "asked")

    def __init__(self, inner: Policy) -> None:
        self._inner = inner
        self.name, self.given, self.path = inner.name, inner.given, inner.path
        self.asked: set[str] = set()
        self._table = _Watching(inner.table(), self.asked)

    @property
    def source(self) -> str:
        """The text of the other policy's file."""
        return self._inner.source

    def programs(self) -> Programs:
        """The other policy's programs."""
        return self._inner.programs()

    def relative_programs(self) -> Programs:
        """As the other policy has them."""
        return self._inner.relative_programs()

    def table(self) -> Table:
        """What all of it has answered, one for all scenarios, watched."""
        return self._table

    def printed(self) -> tuple[str, ...]:
        """What the other policy has printed."""
        return self._inner.printed()

    def problem(self) -> PolicyError | None:
        """As the other policy says."""
        return self._inner.problem()


def enqueues(frame: Frame, table: Table, name: str) -> bool:
    """Whether a suspended program is an `enqueue` that has asked for the operation `name`, and waits for its end."""
    request = table.requests.get(frame.place) if frame.program == "enqueue" else None
    return isinstance(request, Op) and request.name == name


class _Watching(Table):
    """The other policy's table, with places that tell which function stands there.

    Suspended programs that are equal are one place of the other table, be they calls of `enqueue` or of `execute`. Here
    they are two: 2 n + 1 for `enqueue`, 2 n for `execute`. So it is known of every turn whose turn it was.
    """

    def __init__(self, inner: Table, asked: set[str]) -> None:
        self._inner = inner
        self._asked = asked
        self.requests = {}

    def start(self, function: str, argument: Value, reader: Reader) -> Arrival:
        """As the other table, noted."""
        return self._noted(self._inner.start(function, argument, reader), function == "enqueue")

    def resume(self, place: int, works: tuple[int, ...], answer: Value, reader: Reader) -> Arrival:
        """As the other table, noted."""
        return self._noted(self._inner.resume(place >> 1, works, answer, reader), place & 1)

    def _noted(self, arrival: Arrival, enqueue: int) -> Arrival:
        place = 2 * arrival.place + enqueue
        if place not in self.requests:
            self.requests[place] = arrival.request
            if enqueue and isinstance(arrival.request, Op):
                self._asked.add(arrival.request.name)
        return Arrival(place, arrival.works, arrival.request)
