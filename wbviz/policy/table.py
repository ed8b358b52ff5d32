"""A program as a table: each history is asked once, then looked up.

`Table` stands between the machine and `Programs`: it names works by their numbers where a program
knows them only as symbols, answers the program's reads, and remembers every turn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from wbviz.kernel.state import Broken, Value
from wbviz.policy.protocol import Fault, Halt, Programs, Read, Request, Turn
from wbviz.policy.source import Source

Reader = Callable[[Value, str], Value]
"""Answers a read of an attribute, works by their numbers; raises `Broken` where reading breaks a rule."""


class Leaf(NamedTuple):
    """A turn as it is remembered. `works` says where the works of the new place come from."""

    place: int
    request: Request
    works: tuple[int, ...]


class _Reads:
    """Between two operations: an attribute that the program reads, and what follows for each answer."""

    __slots__ = ("answers", "read")

    def __init__(self, read: Read) -> None:
        self.read = read
        self.answers: dict[Value, Any] = {}


class Arrival(NamedTuple):
    """Where a program stands after a turn: its place, the works it refers to, what it asks for."""

    place: int
    works: tuple[int, ...]
    request: Request


class _TwoWays(Exception):
    """After the same history the program did something else than before: its arguments are both."""


class Table:
    """What one set of programs has answered so far.

    `source` is quoted where the programs answer the same history in two ways; a policy's have one.
    """

    beside: Table | None = None
    """What the programs that run beside these have answered, if somebody keeps it here for as long as this."""

    def __init__(self, programs: Programs, source: Source | None = None) -> None:
        self._programs = programs
        self._source = source
        self._turns: dict[Any, Any] = {}
        self.requests: dict[int, Request] = {}
        """The request pending at each place."""

    def start(self, function: str, argument: Value, reader: Reader) -> Arrival:
        """Call a function with an argument, up to its first operation."""
        env: list[int] = []
        symbolic = to_symbols(argument, env)
        key = (function, symbolic)
        node = self._turns.get(key)
        if type(node) is Leaf:
            return _arrived(node, env)
        return self._turn(key, node, env, reader, lambda read: self._programs.start(function, symbolic, read))

    def resume(self, place: int, works: tuple[int, ...], answer: Value, reader: Reader) -> Arrival:
        """Answer the pending request of a place; go on to the next one."""
        env = list(works)
        symbolic = to_symbols(answer, env)
        key = (place, symbolic)
        node = self._turns.get(key)
        if type(node) is Leaf:
            return _arrived(node, env)
        return self._turn(key, node, env, reader, lambda read: self._programs.resume(place, symbolic, read))

    def _turn(
        self,
        key: Any,
        node: Any,
        env: list[int],
        reader: Reader,
        ask: Callable[[Callable[[Read], Value]], Turn],
    ) -> Arrival:
        path: list[tuple[Read, Value]] = []
        env_at_start = env[:]
        while isinstance(node, _Reads):
            answer = answer_read(node.read, env, reader)
            path.append((node.read, answer))
            node = node.answers.get(answer)
        if node is None:
            env[:] = env_at_start
            node, path = self._ask(env, reader, ask)
            try:
                self._remember(key, path, node)
            except _TwoWays as both:
                assert self._source is not None, "a trusted program answered the same history in two ways"
                from wbviz.policy.faults.purity import two_ways

                return Arrival(node.place, (), Fault(two_ways(self._source, *both.args)))
        if path:
            self._count(len(path))
        return _arrived(node, env)

    def _count(self, reads: int) -> None:
        """So many reads were answered in a turn."""

    def _ask(
        self, env: list[int], reader: Reader, ask: Callable[[Callable[[Read], Value]], Turn]
    ) -> tuple[Leaf, list[tuple[Read, Value]]]:
        """Let the program run on, reading the state as it is."""
        path: list[tuple[Read, Value]] = []
        broken: list[Broken] = []

        def answer(read: Read) -> Value:
            try:
                value = answer_read(read, env, reader)
            except Broken as error:
                broken.append(error)
                raise Halt from None
            path.append((read, value))
            return value

        try:
            turn = ask(answer)
        except Halt:
            raise broken[0] from None
        self.requests.setdefault(turn.place, turn.request)
        return Leaf(turn.place, turn.request, turn.works), path

    def _remember(self, key: Any, path: list[tuple[Read, Value]], leaf: Leaf) -> None:
        held, at = self._turns, key
        for read, answer in path:
            node = held.setdefault(at, _Reads(read))
            if isinstance(node, Leaf) or node.read != read:
                raise _TwoWays(node.request if isinstance(node, Leaf) else node.read, read)
            held, at = node.answers, answer
        node = held.setdefault(at, leaf)
        if node is not leaf:
            raise _TwoWays(node.request if isinstance(node, Leaf) else node.read, leaf.request)


def _arrived(leaf: Leaf, env: list[int]) -> Arrival:
    return Arrival(leaf.place, tuple([env[slot] for slot in leaf.works]), leaf.request)


def answer_read(read: Read, env: list[int], reader: Reader) -> Value:
    """The answer to a read in the program's symbols; new works are added to `env`."""
    target = read.target
    if target[0] == "work":
        target = ("work", env[target[1]])
    try:
        value = reader(target, read.attr)
    except Broken as broken:
        raise Broken(broken.rule, broken.words, read.attr, read.line) from None
    return to_symbols(value, env)


def to_symbols(value: Value, env: list[int]) -> Value:
    """A value with works by number as one with works by symbol: their index in `env`, which grows."""
    if type(value) is not tuple:
        return value
    if value[0] == "work":
        if value[1] not in env:
            env.append(value[1])
        return ("work", env.index(value[1]))
    if value[0] == "tuple":
        return ("tuple", *[to_symbols(item, env) for item in value[1:]])
    return value


def to_numbers(value: Value, works: tuple[int, ...]) -> Value:
    """The inverse of `to_symbols`: works by number, everything else as it was."""
    if type(value) is not tuple:
        return value
    if value[0] == "work":
        return ("work", works[value[1]])
    if value[0] == "tuple":
        return ("tuple", *[to_numbers(item, works) for item in value[1:]])
    return value
