"""One run of one program: a suspended generator, and what answers its reads.

Within a run works have *local* numbers, in the order of their arrival; `programs` translates them to symbols.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import GeneratorType
from typing import Any, TypeAlias

from wbviz.policy.fingerprint import Canon, Key
from wbviz.policy.protocol import Fault, Halt, Op, Read, Request, Return, Value
from wbviz.policy.views import VIEWS, Maker, Mm, Operation, View, to_value, to_view

Generator: TypeAlias = "GeneratorType[Any, Any, Any]"
Reader = Callable[[Read], Value]


class Run:
    """A program of the kernel's own: it is trusted, may use any operation, and its mistakes are our bugs.

    `step` does one turn: send the answer, run to the next yield, say what was asked for. `mm.works`, `mm.journalled`
    and `mm.filesystem` are reads; every other name is an operation. An argument that is a tuple is unpacked.
    """

    reads_of_mm = frozenset({"works", "journalled", "filesystem"})

    def __init__(
        self, functions: Callable[[], Mapping[str, Callable[..., Any]]], function: str, argument: Value
    ) -> None:
        self.mm: Any = Mm(self)
        self._views: dict[tuple[str, int], View] = {}
        self._functions = functions
        self._function = function
        self._argument = argument
        self._generator: Generator | None = None
        self._read: Reader

    # What views ask

    def view(self, kind: str, number: int) -> View:
        """The one view of a page, an inode or a work in this run."""
        view = self._views.get((kind, number))
        if view is None:
            view = self._views[kind, number] = VIEWS[kind](self, number)
        return view

    def attribute(self, view: View, name: str) -> Any:
        """The value of an attribute, as the machine has it now."""
        if name.startswith("__"):
            raise AttributeError(name)
        value = self._read(Read((view._kind, view._number), name, 0))
        if value == ("missing",):
            raise AttributeError(name)
        return to_view(value, self.view)

    def assign(self, view: View | Mm, name: str) -> None:
        """Views are read-only."""
        raise AttributeError(name)

    def member(self, name: str) -> Any:
        """An attribute of mm."""
        if name in self.reads_of_mm:
            return to_view(self._read(Read("mm", name, 0)), self.view)
        if name.startswith("__"):
            raise AttributeError(name)
        return Maker(self, name)

    def make(self, name: str, args: tuple[Any, ...], keywords: dict[str, Any]) -> Operation:
        """An operation with its arguments."""
        wire = tuple([to_value(arg) for arg in args])
        info = tuple([(key, to_value(keywords[key])) for key in sorted(keywords)])
        return Operation(self, name, wire, info, 0)

    def mistaken(self, operation: Operation, use: str) -> Any:
        """An operation was used as if it were its result."""
        raise TypeError(f"{operation.name} was {use} without being yielded")

    def dropped(self, operation: Operation) -> None:
        """Trusted programs yield what they make, or are abandoned."""

    # What `programs` asks

    def step(self, answer: Value, read: Reader) -> Request:
        """One turn. Raises what `read` raises."""
        self._read = read
        if self._generator is None:
            self._generator = self._begin()
        try:
            operation = self._generator.send(to_view(answer, self.view))
        except StopIteration as stop:
            return Return(to_value(stop.value))
        finally:
            self._read = shut
        operation.yielded = True
        return Op(operation.name, operation.args, operation.info, lines(self._generator))

    def forward(self, turns: Sequence[tuple[Value, tuple[tuple[Read, Value], ...]]]) -> bool:
        """Make turns again that another run has made, given by their answers and reads, without looking at what comes.

        False where that is not known to be the same; then nothing is done.
        """
        return False

    def _begin(self) -> Generator:
        argument = to_view(self._argument, self.view)
        args = argument if type(argument) is tuple else (argument,)
        generator: Generator = self._functions()[self._function](self.mm, *args)
        return generator

    def key(self, request: Request) -> tuple[Key, list[int], bool]:
        """The key of the suspended program with its request, the works it refers to, and whether it is unique."""
        canon = self._canon()
        if isinstance(request, Fault):
            return ("fault", str(request.error)), [], False
        if isinstance(request, Return):
            return ("return", canon.wire(request.value)), canon.works, False
        try:
            generator = canon.key(self._generator)
        except RecursionError:
            generator, canon.opaque = None, True
        args = tuple([canon.wire(arg) for arg in request.args])
        info = tuple([(name, canon.wire(value)) for name, value in request.info])
        return (generator, request.name, args, info, request.lines), canon.works, canon.opaque

    def _canon(self) -> Canon:
        return Canon()

    def abandon(self) -> None:
        """Let go of the suspended generator; none of its code runs as a step."""
        if self._generator is not None:
            self._generator.close()
            self._generator = None
        self._views.clear()
        self.mm = None


def shut(read: Read) -> Value:
    """Answers no read: between two turns a run holds nothing of the machine, so that both go when they are let go."""
    raise Halt


def lines(generator: Generator) -> tuple[int, ...]:
    """The lines a suspended generator and those it delegates to stand on, outermost first."""
    found = []
    inner: Any = generator
    while type(inner) is GeneratorType and inner.gi_frame is not None:
        found.append(inner.gi_frame.f_lineno)
        inner = inner.gi_yieldfrom
    return tuple(found)
