"""Programs as functions from history to the next request, each history folded to a place."""

from __future__ import annotations

import atexit
import sys
from collections.abc import Callable, Mapping
from typing import Any
from weakref import WeakSet

from wbviz.policy.fingerprint import Key
from wbviz.policy.protocol import Fault, Halt, Op, Programs, Read, Request, Return, Turn, Value
from wbviz.policy.run import Run
from wbviz.policy.source import Source

__all__ = ["Fault", "GeneratorPrograms", "Halt", "Op", "Programs", "Read", "Request", "Return", "Turn", "Value"]

_KEPT = 256
"""So many suspended generators are kept, lest their histories be replayed."""


class _Past:
    """A history, newest turn last: the answer, the reads with what they gave, the request; works by local numbers."""

    __slots__ = ("answer", "argument", "before", "function", "reads", "request")

    def __init__(
        self,
        function: str,
        argument: Value,
        before: _Past | None,
        answer: Value,
        reads: tuple[tuple[Read, Value], ...],
        request: Request,
    ) -> None:
        self.function = function
        self.argument = argument
        self.before = before
        self.answer = answer
        self.reads = reads
        self.request = request

    def turns(self) -> list[_Past]:
        """All turns, oldest first."""
        turns: list[_Past] = []
        past: _Past | None = self
        while past is not None:
            turns.append(past)
            past = past.before
        return turns[::-1]


class _Place:
    """A place: one history that leads there, the local numbers of the works it refers to, the works of the history."""

    __slots__ = ("count", "past", "works")

    def __init__(self, past: _Past, works: tuple[int, ...], count: int) -> None:
        self.past = past
        self.works = works
        self.count = count


class GeneratorPrograms:
    """Programs that generators in this process answer: the protocol `Programs`.

    `functions` gives the generator functions by name, called as `function(mm, argument)`.

    With `trusted` (the kernel's own programs) any name is an operation, an argument that is a tuple is unpacked,
    nothing is isolated, counted or run twice, and an exception is a bug that comes through. Otherwise `source` is a
    policy's: each run gets fresh globals, each turn is run a second time and compared, and what is wrong is a `Fault`.
    With `relative` indexes may be positions, and the policy's `range` takes them.
    """

    def __init__(
        self,
        functions: Callable[[], Mapping[str, Callable[..., Any]]] | None = None,
        *,
        trusted: bool = False,
        source: Source | None = None,
        relative: bool = False,
    ) -> None:
        if (trusted and functions is None) or (not trusted and source is None):
            raise TypeError("trusted programs are given by functions, a policy by its source")
        self._functions = functions
        self._relative = relative
        self._source = None if trusted else source
        self._places: list[_Place] = []
        self._by_key: dict[Key, int] = {}
        self._kept: dict[int, tuple[Run, Run | None]] = {}
        _ALIVE.add(self)

    def start(self, function: str, argument: Value, read: Callable[[Read], Value]) -> Turn:
        """The first turn of a program: up to its first operation, its end, or a fault."""
        argument, count = _local(argument, (), 0)
        runs = self._run(function, argument), self._twin(function, argument)
        return self._turn(runs, function, argument, None, None, read, (), count)

    def resume(self, place: int, answer: Value, read: Callable[[Read], Value]) -> Turn:
        """The next turn: the operation pending at `place` was answered. ValueError if nothing is pending there."""
        old = self._places[place]
        past = old.past
        if not isinstance(past.request, Op):
            raise ValueError(f"nothing is pending at place {place}: the program ended with {past.request!r}")
        runs = self._kept.pop(place, None)
        if runs is None:
            runs = self._run(past.function, past.argument), self._twin(past.function, past.argument)
            try:
                errors = [self._again(run, past.turns()) for run in runs if run is not None]
            except BaseException:
                _abandon(runs)
                raise
            for error in errors:
                if error is not None:
                    return self._unfaithful(runs, past, error)
        answer, count = _local(answer, old.works, old.count)
        return self._turn(runs, past.function, past.argument, past, answer, read, old.works, count, old.count)

    def close(self) -> None:
        """Let go of every suspended generator. The object stays usable."""
        while self._kept:
            _abandon(self._kept.popitem()[1])

    def __del__(self, finalizing: Callable[[], bool] = sys.is_finalizing) -> None:
        if hasattr(self, "_kept") and not finalizing():  # at the end of Python, what this needs is gone already
            self.close()

    def _run(self, function: str, argument: Value) -> Run:
        if self._source is None:
            assert self._functions is not None
            return Run(self._functions, function, argument)
        from wbviz.policy.untrusted_run import StudentRun

        return StudentRun(self._source, function, argument, self._relative)

    def _twin(self, function: str, argument: Value) -> Run | None:
        """A second run, for each turn of a policy is made twice and compared, unless its text is enough (`plain`)."""
        return None if self._source is None or self._source.plain() else self._run(function, argument)

    def _turn(
        self,
        runs: tuple[Run, Run | None],
        function: str,
        argument: Value,
        before: _Past | None,
        answer: Value,
        read: Callable[[Read], Value],
        works: tuple[int, ...],
        count: int,
        known: int = 0,
    ) -> Turn:
        live = _Live(read, works, known, count)
        run, twin = runs
        error = None
        try:
            request = run.step(answer, live)
            past = _Past(function, argument, before, answer, tuple(live.reads), request)
            if twin is not None and not isinstance(request, Fault):
                error = self._replay(twin, [past])
        except BaseException:
            _abandon(runs)
            raise
        if error is not None:
            return self._unfaithful(runs, past, error)
        key, held, unique = run.key(request)
        if twin is not None and not isinstance(request, Fault):
            again, _, unique_too = twin.key(request)
            unique = unique or unique_too or again != key
        if unique:
            held += [number for number in range(live.count) if number not in held]
            key = object()
        return self._arrive(runs, past, key, tuple(held), live)

    def _arrive(self, runs: tuple[Run, Run | None], past: _Past, key: Key, held: tuple[int, ...], live: _Live) -> Turn:
        """The turn for the place of a key; the runs that got there are kept for the turn that follows."""
        number = self._by_key.setdefault(key, len(self._places))
        if number == len(self._places):
            self._places.append(_Place(past, held, live.count))
        elif number not in self._kept:  # any history that leads to the place will do, best the one with a run
            place = self._places[number]
            place.past, place.works, place.count = past, held, live.count
        if isinstance(past.request, Op) and number not in self._kept:
            self._kept[number] = runs
            if len(self._kept) > _KEPT:
                _abandon(self._kept.pop(next(iter(self._kept))))
        else:
            _abandon(runs)
        return Turn(number, _symbolic_request(past.request, held), tuple(live.symbol(it) for it in held))

    def _again(self, run: Run, turns: list[_Past]) -> Fault | None:
        """Bring a new run to where a history ends: as `_replay`, but cheaply where it is known to do the same."""
        error = self._replay(run, turns[:1])
        if error is None and not run.forward([(turn.answer, turn.reads) for turn in turns[1:]]):
            error = self._replay(run, turns[1:])
        return error

    def _replay(self, run: Run, turns: list[_Past]) -> Fault | None:
        """Let a run go through some turns of a history. A fault if it does not do what the history says."""
        for turn in turns:
            replayed = _Replayed(turn.reads)
            first: Any
            then: Any
            try:
                request = run.step(turn.answer, replayed)
            except _Unfaithful as difference:
                first, then = difference.args
            else:
                if isinstance(request, Fault):
                    return request
                if request == turn.request and not replayed.left():
                    continue
                first = replayed.left() or turn.request
                then = request
            assert self._source is not None, "a trusted program answered the same history in two ways"
            from wbviz.policy.faults.purity import two_ways

            return Fault(two_ways(self._source, first, then))
        return None

    def _unfaithful(self, runs: tuple[Run, Run | None], past: _Past, fault: Fault) -> Turn:
        last = _Past(past.function, past.argument, past, None, (), fault)
        return self._arrive(runs, last, ("fault", str(fault.error)), (), _Live(_no_read, (), 0, 0))


_ALIVE: WeakSet[GeneratorPrograms] = WeakSet()


def _abandon(runs: tuple[Run, Run | None]) -> None:
    for run in runs:
        if run is not None:
            run.abandon()


def _close_all() -> None:
    """Before the interpreter takes itself apart: then it would run what suspended generators have in `finally`."""
    for programs in list(_ALIVE):
        programs.close()


atexit.register(_close_all)


class _Unfaithful(BaseException):
    """A replayed program reads something else than it did."""


class _Replayed:
    """Answers reads as they were answered before."""

    __slots__ = ("_at", "_reads")

    def __init__(self, reads: tuple[tuple[Read, Value], ...]) -> None:
        self._reads = reads
        self._at = 0

    def __call__(self, read: Read) -> Value:
        if self._at == len(self._reads):
            raise _Unfaithful(None, read)
        before, value = self._reads[self._at]
        if before != read:
            raise _Unfaithful(before, read)
        self._at += 1
        return value

    def left(self) -> Read | None:
        """The first read that did not come, or None."""
        return self._reads[self._at][0] if self._at < len(self._reads) else None


class _Live:
    """Passes reads on to the machine, translates works, and remembers."""

    __slots__ = ("_known", "_read", "_works", "count", "reads")

    def __init__(self, read: Callable[[Read], Value], works: tuple[int, ...], known: int, count: int) -> None:
        self._read = read
        self._works = works
        self._known = known
        self.count = count
        self.reads: list[tuple[Read, Value]] = []

    def __call__(self, read: Read) -> Value:
        target = read.target
        asked = read if target[0] != "work" else Read(("work", self.symbol(target[1])), read.attr, read.line)
        value, count = _local(self._read(asked), self._works, self._known)
        self.count = max(self.count, count)
        self.reads.append((read, value))
        return value

    def symbol(self, number: int) -> int:
        """The symbol of a work in this turn: a slot of the old place, or counted on from there."""
        if number >= self._known:
            return len(self._works) + number - self._known
        return self._works.index(number)


def _no_read(read: Read) -> Value:
    raise AssertionError(read)


def _local(value: Value, works: tuple[int, ...], known: int) -> tuple[Value, int]:
    """A value with works by symbol as one with works by local number, and how many works there are then."""
    if type(value) is not tuple:
        return value, known
    if value[0] == "work":
        symbol = value[1]
        number = works[symbol] if symbol < len(works) else known + symbol - len(works)
        return ("work", number), max(known, number + 1)
    if value[0] == "tuple":
        items = [_local(item, works, known) for item in value[1:]]
        return ("tuple", *[item for item, _ in items]), max([known, *[count for _, count in items]])
    return value, known


def _symbolic(value: Value, held: tuple[int, ...]) -> Value:
    """A value with works by local number as one with works by slot of the new place."""
    if type(value) is not tuple:
        return value
    if value[0] == "work":
        return ("work", held.index(value[1]))
    if value[0] == "tuple":
        return ("tuple", *[_symbolic(item, held) for item in value[1:]])
    return value


def _symbolic_request(request: Request, held: tuple[int, ...]) -> Request:
    if isinstance(request, Op):
        args = tuple([_symbolic(arg, held) for arg in request.args])
        info = tuple([(name, _symbolic(value, held)) for name, value in request.info])
        return Op(request.name, args, info, request.lines)
    if isinstance(request, Return):
        return Return(_symbolic(request.value, held))
    return request
