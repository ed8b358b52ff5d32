"""The programs of a policy that runs in a child: the protocol `Programs`, answered over a pipe.

How a child may end, and what its turns are then, is said in `talk`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wbviz.grade.judge import messages
from wbviz.grade.judge.errors import Misbehaviour, Spent
from wbviz.grade.judge.known import NOTHING, Known, Names, Told, names, works
from wbviz.grade.judge.talk import Talk
from wbviz.policy.protocol import Fault, Halt, Op, Read, Request, Turn, Value

AGAIN, LEAN = 0.1, 0.005
"""What a step costs that is run again, and the same of a text that shows what it does (`wbviz.policy.lean`), where a
message over the pipe costs one: what comes next, or a read."""


class ChildPrograms:
    """See the module. With `relative` indexes may be positions; these programs and the others are apart."""

    def __init__(self, talk: Talk, relative: bool = False) -> None:
        self._talk = talk
        self._relative = relative
        self._known = Known()
        self._places: list[tuple[Request, int]] = []
        self._depths: dict[int, int] = {}
        self._resumed: set[int] = set()

    def start(self, function: str, argument: Value, read: Callable[[Read], Value]) -> Turn:
        """The first turn of a program."""
        self._talk.since = f"in the first lines of {function}"
        return self._turn(self._question("start", function, argument), None, argument, 0, read)

    def resume(self, place: int, answer: Value, read: Callable[[Read], Value]) -> Turn:
        """The next turn: the operation pending at `place` was answered with `answer`."""
        request, slots = self._places[place]
        line = request.lines[-1] if isinstance(request, Op) and request.lines else None
        self._talk.since = f"after line {line}, {self._talk.source.line(line).strip()}"
        if place in self._resumed:  # the child has let go of the program that stood there, and must run it again
            self._talk.turns += (LEAN if self._talk.direct else AGAIN) * self._depths[place]
        self._resumed.add(place)
        return self._turn(self._question("resume", place, answer), place, answer, slots, read)

    def _question(self, *parts: Any) -> list[Any]:
        return ["relative", *parts] if self._relative else [*parts]

    def _turn(
        self, question: list[Any], source: int | None, answer: Value, slots: int, read: Callable[[Read], Value]
    ) -> Turn:
        self._talk.go_on()
        if self._talk.error is None:
            try:
                return self._ask(question, source, answer, slots, read)
            except Misbehaviour as misbehaviour:
                self._talk.broken(misbehaviour)
            except Halt:
                raise
            except Spent as spent:
                self._talk.spend(spent)
                raise
            except BaseException:  # Ctrl-C, or a mistake of ours: the child waits for an answer that will not come
                self._talk.broken(Misbehaviour("the judge was interrupted while it asked the program"))
                raise
        assert self._talk.error is not None
        self._places.append((Fault(self._talk.error), 0))
        return Turn(len(self._places) - 1, Fault(self._talk.error), ())

    def _ask(
        self, question: list[Any], source: int | None, answer: Value, slots: int, read: Callable[[Read], Value]
    ) -> Turn:
        told = names((answer,))
        known = self._known.at(source) | told
        count = max(slots, works((answer,)))
        reads: list[tuple[Names, Names]] = []
        message = self._talk.ask(question)
        while type(message) is list and message[:1] == ["read"]:
            asked = messages.read(message, self._talk.source, self._relative)
            about = NOTHING if asked.target == "mm" else names((asked.target,))
            self._known.check(about, known)
            if works((asked.target,)) > count:
                raise Misbehaviour("the program named a work that it was never told of")
            if len(reads) == self._talk.limits.reads:
                raise Misbehaviour(f"the program read more than {self._talk.limits.reads:,} attributes in one turn")
            try:
                value = read(asked)
            except Halt:
                self._halt()
                raise
            named = names((value,))
            known |= named
            count = max(count, works((value,)))
            reads.append((about, named))
            self._talk.turns += 1
            message = self._talk.ask(["value", value])
        arrived = messages.arrived(message, self._talk.source, self._relative)
        self._check(arrived, count)
        before = 0 if source is None else self._depths[source]
        self._depths.setdefault(arrived.place, before + 1)
        self._known.arrive(source, Told(told, tuple(reads), arrived.place), arrived.request)
        return Turn(arrived.place, arrived.request, arrived.works)

    def _halt(self) -> None:
        """A read broke a rule: the child lets go of the turn, and is asked again when another run comes here."""
        try:
            if self._talk.ask(["halt"]) != ["halted"]:
                raise Misbehaviour("the program went on after a read that broke a rule")
        except Misbehaviour as misbehaviour:
            self._talk.broken(misbehaviour)

    def _check(self, arrived: messages.Arrived, count: int) -> None:
        """Works are known ones, each in one slot; a place is the next one, or what it was before."""
        place, slots, request = arrived
        if any(symbol >= count for symbol in slots) or len(set(slots)) < len(slots):
            raise Misbehaviour("the program named a work that it was never told of")
        if _works_of(request) > len(slots):
            raise Misbehaviour("the program named a work that is in no slot of its place")
        if place == len(self._places):
            self._places.append((request, len(slots)))
        elif place > len(self._places):
            raise Misbehaviour("the program claims a place that comes too early")
        else:
            before, held = self._places[place]
            if held != len(slots) or comparable(before) != comparable(request):
                raise Misbehaviour("the program asks for two things at the same place")


def _works_of(request: Request) -> int:
    if isinstance(request, Op):
        return works(request.args)  # info holds none
    return 0 if isinstance(request, Fault) else works((request.value,))


def comparable(request: Request) -> object:
    """A request as it is compared: two errors are the same if their words are."""
    return request.error.as_dict() if isinstance(request, Fault) else request
