"""What a program sees: read-only views of pages, inodes and works, `mm`, and the operations it yields.

A view knows its run and its number, nothing else: every attribute is read through the run, at the moment of reading.
A run makes one view for each page, inode and work, so `is` and `==` agree.
"""

from __future__ import annotations

from typing import Any, Protocol

from wbviz.policy.position import Position
from wbviz.policy.protocol import Value


class Run(Protocol):
    """The run of a program, as its views know it."""

    def attribute(self, view: View, name: str) -> Any:
        """The value of an attribute of a view; AttributeError if it has none of this name."""
        ...

    def assign(self, view: View | Mm, name: str) -> None:
        """Somebody set or deleted an attribute of a view or of mm; never returns."""
        ...

    def member(self, name: str) -> Any:
        """The attribute `name` of mm: an operation to call, or something to read."""
        ...

    def make(self, name: str, args: tuple[Any, ...], keywords: dict[str, Any]) -> Operation:
        """An operation with its arguments."""
        ...

    def mistaken(self, operation: Operation, use: str) -> Any:
        """An operation was used as if it were its result; never returns."""
        ...

    def dropped(self, operation: Operation) -> None:
        """An operation is gone; perhaps it was never yielded."""
        ...


class View:
    """A page, an inode or a work: read-only, equal by identity, hashable, true."""

    __slots__ = ("_number", "_run")
    _run: Run
    _number: int
    _kind = ""

    def __init__(self, run: Run, number: int) -> None:
        _set_run(self, run)
        _set_number(self, number)

    def __getattr__(self, name: str) -> Any:
        return self._run.attribute(self, name)

    def __setattr__(self, name: str, value: object) -> None:
        self._run.assign(self, name)

    def __delattr__(self, name: str) -> None:
        self._run.assign(self, name)

    def __copy__(self) -> View:
        return self

    def __deepcopy__(self, memo: object) -> View:
        return self

    def __repr__(self) -> str:
        return f"<{self._kind} {self._number}>"


_set_run: Any = View.__dict__["_run"].__set__
_set_number: Any = View.__dict__["_number"].__set__


class Page(View):
    """A page of the page cache: index, mapping, dirty, writeback, locked."""

    __slots__ = ()
    _kind = "page"

    def __hash__(self) -> int:
        return 2 * self._number


class Inode(View):
    """A file: name, nr_pages, linked."""

    __slots__ = ()
    _kind = "inode"

    def __hash__(self) -> int:
        return 2 * self._number + 1


class Work(View):
    """A queued work: id, kind, page, inode, and what `info` holds. Its number is nobody's business: only a symbol."""

    __slots__ = ()
    _kind = "work"

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "<work>"


VIEWS: dict[str, type[View]] = {"page": Page, "inode": Inode, "work": Work}


class Mm:
    """`mm`: the operations, and what can be read of the machine as a whole."""

    __slots__ = ("_run",)
    _run: Run
    _kind = "mm"

    def __init__(self, run: Run) -> None:
        object.__setattr__(self, "_run", run)

    def __getattr__(self, name: str) -> Any:
        return self._run.member(name)

    def __setattr__(self, name: str, value: object) -> None:
        self._run.assign(self, name)

    def __delattr__(self, name: str) -> None:
        self._run.assign(self, name)

    def __repr__(self) -> str:
        return "<mm>"


class Maker:
    """`mm.lock_page` without its call: calling it gives the operation."""

    __slots__ = ("name", "run")

    def __init__(self, run: Run, name: str) -> None:
        self.run = run
        self.name = name

    def __call__(self, *args: Any, **keywords: Any) -> Operation:
        return self.run.make(self.name, args, keywords)

    def __repr__(self) -> str:
        return f"<mm.{self.name}>"


class Operation:
    """What `mm.lock_page(page)` gives: a request that does nothing until it is yielded.

    It is done each time it is yielded: a loop may make it once and yield it in every round.
    """

    __slots__ = ("args", "info", "line", "name", "run", "yielded")

    def __init__(
        self, run: Run, name: str, args: tuple[Value, ...], info: tuple[tuple[str, Value], ...], line: int
    ) -> None:
        self.run = run
        self.name = name
        self.args = args
        self.info = info
        self.line = line
        self.yielded = False

    def __del__(self) -> None:
        if not self.yielded:
            self.run.dropped(self)

    def __repr__(self) -> str:
        return f"<operation {self.name}, line {self.line}>"

    def __bool__(self) -> bool:
        self.run.mistaken(self, "tested")
        return True

    def __eq__(self, other: object) -> bool:
        if other is not self:
            self.run.mistaken(self, "compared")
        return True

    def __hash__(self) -> int:
        return 0

    def __iter__(self) -> Any:
        return self.run.mistaken(self, "iterated")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.run.mistaken(self, "read")


def to_view(value: Value, view: Any) -> Any:
    """A value of the wire as programs see it; `view(kind, number)` makes a page, an inode or a work."""
    if type(value) is not tuple:
        return value
    kind = value[0]
    if kind == "int":
        return value[1]
    if kind == "tuple":
        return tuple([to_view(item, view) for item in value[1:]])
    return view(kind, value[1:] if kind == "position" else value[1])


def to_value(thing: Any) -> Value:
    """What a program holds as a value of the wire. TypeError if it is none of these, with the culprit as argument."""
    if thing is None or thing is True or thing is False:
        return thing
    if isinstance(thing, View):
        return (thing._kind, thing._number)
    if isinstance(thing, str):
        return str.__str__(thing)  # of an enum member: its value
    if isinstance(thing, int):
        return ("int", int(thing))
    if isinstance(thing, Position):
        return ("position", *thing.form)
    if isinstance(thing, tuple):
        return ("tuple", *[to_value(item) for item in thing])
    raise TypeError(thing)
