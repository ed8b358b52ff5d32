"""What passes between a program and the machine that runs it. All of it is data and JSON-able.

A *value* is None, True, False or a bare string; an int is ("int", n); a page ("page", i), an inode
("inode", i), i being its number in the scenario; a tuple ("tuple", value, ...); and a work ("work", s). Where files
of any size are meant at once, an index is ("position", corner, below, above): see `position`.

s is a symbol, not the work's id, so that a program in the same situation with another work is at the same
place. In a turn that starts at a place with k works, 0..k-1 are these and k, k+1, ... are the works that the
turn brings in, in the order of their arrival in the answer and the reads. `Turn.request` names works by the
slots of the place that the turn *leads to*, and `Turn.works` says where each of these slots comes from.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from wbviz.errors import PolicyError

Value = Any


class Halt(BaseException):
    """Raised by a `read` callback: this read broke a rule, and the program runs no further."""


class Read(NamedTuple):
    """A question that the machine answers at once: an attribute of a page, an inode, a work, or of "mm"."""

    target: Value
    attr: str
    line: int


class Op(NamedTuple):
    """An operation the program wants done. `lines` are where it stands, outermost generator first."""

    name: str
    args: tuple[Value, ...]
    info: tuple[tuple[str, Value], ...]
    lines: tuple[int, ...]


class Return(NamedTuple):
    """The program has ended. Of `execute` the value is always None."""

    value: Value


class Fault(NamedTuple):
    """The program is no program: the policy broke a rule of how policies are written."""

    error: PolicyError


Request = Op | Return | Fault


class Turn(NamedTuple):
    """Where a program stands after a turn: its place, what it asks for, and where its works come from."""

    place: int
    request: Request
    works: tuple[int, ...]


class Programs(Protocol):
    """Programs as functions from history to the next request, histories folded to places.

    Places are dense ints from 0. `resume` may be called with any place whose request is an `Op`, in any order and
    more than once. `read` is called while the turn runs; when it raises `Halt`, so does the call, and nothing is kept.
    """

    def start(self, function: str, argument: Value, read: Callable[[Read], Value]) -> Turn:
        """The first turn of a program. Works in `argument` are new symbols, counted from 0."""
        ...

    def resume(self, place: int, answer: Value, read: Callable[[Read], Value]) -> Turn:
        """The next turn: the operation pending at `place` was answered with `answer`."""
        ...
