"""An index in a file of unknown size: an int that remembers where it comes from.

What a policy may do with the index of a page, and still be the same policy in a file of any size: move it by a
constant, compare it with another one, with the ends of the file, take the difference. `Position` allows just that. It
stands for `corner + below*x + above*y` for all x, y >= 0: x more pages below the wanted page and y more above it than
at the corner, the smallest file that is meant. Where a comparison comes out differently for different x and y, or where
the bare number would matter, the machine is asked (the attributes "sign" and "value" of the position), and may end the
run there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NoReturn, Protocol

Form = tuple[int, int, int]
"""corner, below, above."""


class Asked(Protocol):
    """The run of a program, as its positions know it."""

    def ask(self, target: Any, name: str) -> Any:
        """The machine's answer to a read."""
        ...


def negative(form: Form) -> bool | None:
    """Whether it is below zero, where that is the same for all x and y; else None."""
    corner, below, above = form
    if corner < 0 and below <= 0 and above <= 0:
        return True
    if corner >= 0 and below >= 0 and above >= 0:
        return False
    return None


def zero(form: Form) -> bool | None:
    """Whether it is zero, where that is the same for all x and y; else None."""
    corner, below, above = form
    if below == above == 0:
        return corner == 0
    if (corner < 0 and below <= 0 and above <= 0) or (corner > 0 and below >= 0 and above >= 0):
        return False
    return None


class Position:
    """See the module. Made by `position`, which gives a plain int where the number does not depend on the size."""

    __slots__ = ("form", "run")

    def __init__(self, run: Asked, form: Form) -> None:
        self.run = run
        self.form = form

    # Moving, and the difference

    def _plus(self, other: object, mine: int, its: int) -> Any:
        if isinstance(other, Position):
            form = other.form
        elif isinstance(other, int):
            form = (int(other), 0, 0)
        else:
            return self._value()
        return position(self.run, _combined(self.form, mine, form, its))

    def __add__(self, other: object) -> Any:
        return self._plus(other, 1, 1)

    __radd__ = __add__

    def __sub__(self, other: object) -> Any:
        return self._plus(other, 1, -1)

    def __rsub__(self, other: object) -> Any:
        return self._plus(other, -1, 1)

    def __neg__(self) -> Any:
        return self._plus(0, -1, 0)

    def __pos__(self) -> Position:
        return self

    def __abs__(self) -> Any:
        return -self if self < 0 else self

    # Comparing

    def __lt__(self, other: object) -> bool:
        return self._decided(negative, self._plus(other, 1, -1))

    def __gt__(self, other: object) -> bool:
        return self._decided(negative, self._plus(other, -1, 1))

    def __le__(self, other: object) -> bool:
        return not self > other

    def __ge__(self, other: object) -> bool:
        return not self < other

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (int, float, complex, Position)):
            return False
        return self._decided(zero, self._plus(other, 1, -1))

    def __bool__(self) -> bool:
        return not self._decided(zero, self)

    def _decided(self, question: Callable[[Form], bool | None], about: Any) -> bool:
        form = about.form if isinstance(about, Position) else (about, 0, 0)
        answer = question(form)
        return bool(self.run.ask(("position", *form), "sign")) if answer is None else answer

    # Whatever else an int can do needs the number itself

    def _value(self, *_: object) -> NoReturn:
        self.run.ask(("position", *self.form), "value")
        raise AssertionError("the machine answers no question for the number of a position")

    __hash__ = __index__ = __int__ = __float__ = __complex__ = __round__ = __trunc__ = __floor__ = __ceil__ = _value
    __mul__ = __rmul__ = __floordiv__ = __rfloordiv__ = __truediv__ = __rtruediv__ = __mod__ = __rmod__ = _value
    __divmod__ = __rdivmod__ = __pow__ = __rpow__ = __lshift__ = __rlshift__ = __rshift__ = __rrshift__ = _value
    __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = __invert__ = _value
    __str__ = __repr__ = __format__ = _value

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._value()


class Span:
    """What `range` gives where an end of it is a position: the positions, one after another."""

    __slots__ = ("items", "run")

    def __init__(self, run: Asked, items: tuple[Any, ...]) -> None:
        self.run = run
        self.items = items

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def __reversed__(self) -> Iterator[Any]:
        return iter(self.items[::-1])

    def __len__(self) -> int:
        return len(self.items)

    def __contains__(self, item: object) -> bool:
        return any(item == one for one in self.items)

    def __getitem__(self, at: int | slice) -> Any:
        return Span(self.run, self.items[at]) if isinstance(at, slice) else self.items[at]

    def _value(self, *_: object) -> NoReturn:
        self.run.ask(("position", 0, 0, 0), "value")
        raise AssertionError("the machine answers no question for the numbers of a span")

    __eq__ = __hash__ = __str__ = __repr__ = __format__ = _value

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._value()


def position(run: Asked, form: Form) -> Any:
    """The number of that form: an int where it is the same for every size."""
    return Position(run, form) if form[1] or form[2] else form[0]


def span(run: Asked, *ends: Any) -> Any:
    """`range` for positions: as long for every size, or the machine is asked."""
    if not any(isinstance(end, Position) for end in ends):
        return range(*ends)
    start, stop, step = (0, *ends, 1) if len(ends) == 1 else (*ends, 1)[:3]
    length = stop - start
    if isinstance(length, Position):
        length = length._value()
    if isinstance(step, Position):
        step = step._value()
    return Span(run, tuple([start + offset for offset in range(0, length, step)]))


def _combined(one: Form, mine: int, two: Form, its: int) -> Form:
    return (mine * one[0] + its * two[0], mine * one[1] + its * two[1], mine * one[2] + its * two[2])
