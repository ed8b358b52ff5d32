"""The programs of a policy that runs in a child: the protocol `Programs`, answered over a pipe.

Once the child has misbehaved it is asked nothing more: every turn is then a `Fault` with the `JudgeError`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wbviz.errors import PolicyError
from wbviz.grade.judge import messages
from wbviz.grade.judge.errors import JudgeError, Misbehaviour
from wbviz.grade.judge.known import NOTHING, Known, Names, Told, names, works
from wbviz.grade.judge.limits import Limits
from wbviz.grade.judge.pipe import Pipe
from wbviz.policy.protocol import Fault, Halt, Op, Read, Request, Turn, Value
from wbviz.policy.source import Source


class ChildPrograms:
    """See the module. The child on the other end of `pipe` is told the text of `source`."""

    def __init__(self, pipe: Pipe, source: Source, limits: Limits) -> None:
        self._pipe = pipe
        self._source = source
        self._limits = limits
        self._known = Known()
        self._places: list[tuple[Request, int]] = []
        self.error: JudgeError | None = None
        """How the child misbehaved, if it did."""
        try:
            pipe.send(["policy", source.file, source.text])
        except Misbehaviour as misbehaviour:
            self._broken(misbehaviour)

    def problem(self) -> PolicyError | None:
        """What is wrong with the policy before anything is asked of it."""
        if self.error is None:
            try:
                return messages.problem(self._pipe.ask(["problem"]), self._source)
            except Misbehaviour as misbehaviour:
                self._broken(misbehaviour)
        return self.error

    def start(self, function: str, argument: Value, read: Callable[[Read], Value]) -> Turn:
        """The first turn of a program."""
        return self._turn(["start", function, argument], None, argument, 0, read)

    def resume(self, place: int, answer: Value, read: Callable[[Read], Value]) -> Turn:
        """The next turn: the operation pending at `place` was answered with `answer`."""
        return self._turn(["resume", place, answer], place, answer, self._places[place][1], read)

    def _turn(
        self, question: list[Any], source: int | None, answer: Value, slots: int, read: Callable[[Read], Value]
    ) -> Turn:
        if self.error is None:
            try:
                return self._ask(question, source, answer, slots, read)
            except Misbehaviour as misbehaviour:
                self._broken(misbehaviour)
            except Halt:
                raise
            except BaseException:  # Ctrl-C, or a mistake of ours: the child waits for an answer that will not come
                self._broken(Misbehaviour("the judge was interrupted while it asked the program"))
                raise
        assert self.error is not None
        self._places.append((Fault(self.error), 0))
        return Turn(len(self._places) - 1, Fault(self.error), ())

    def _ask(
        self, question: list[Any], source: int | None, answer: Value, slots: int, read: Callable[[Read], Value]
    ) -> Turn:
        told = names((answer,))
        known = self._known.at(source) | told
        count = max(slots, works((answer,)))
        reads: list[tuple[Names, Names]] = []
        message = self._pipe.ask(question)
        while type(message) is list and message[:1] == ["read"]:
            asked = messages.read(message, self._source)
            about = NOTHING if asked.target == "mm" else names((asked.target,))
            self._known.check(about, known)
            if works((asked.target,)) > count:
                raise Misbehaviour("the program named a work that it was never told of")
            if len(reads) == self._limits.reads:
                raise Misbehaviour(f"the program read more than {self._limits.reads:,} attributes in one turn")
            try:
                value = read(asked)
            except Halt:
                self._halt()
                raise
            named = names((value,))
            known |= named
            count = max(count, works((value,)))
            reads.append((about, named))
            message = self._pipe.ask(["value", value])
        arrived = messages.arrived(message, self._source)
        self._check(arrived, count)
        self._known.arrive(source, Told(told, tuple(reads), arrived.place), arrived.request)
        return Turn(arrived.place, arrived.request, arrived.works)

    def _halt(self) -> None:
        """A read broke a rule: the child lets go of the turn, and is asked again when another run comes here."""
        try:
            if self._pipe.ask(["halt"]) != ["halted"]:
                raise Misbehaviour("the program went on after a read that broke a rule")
        except Misbehaviour as misbehaviour:
            self._broken(misbehaviour)

    def _check(self, arrived: messages.Arrived, count: int) -> None:
        """Works are known ones, each in one slot; a place is the next one, or what it was before."""
        place, slots, request = arrived
        if any(symbol >= count for symbol in slots) or len(set(slots)) < len(slots):
            raise Misbehaviour("the program named a work that it was never told of")
        if _works_of(request) > len(slots):
            raise Misbehaviour("the program named a work that is in no slot of its place")
        if place == len(self._places):
            if place == self._limits.places:
                raise Misbehaviour(
                    f"the policy can stand at more than {self._limits.places:,} places",
                    "a counter or a list that grows without end: no two rounds of a loop are then the same",
                )
            self._places.append((request, len(slots)))
        elif place > len(self._places):
            raise Misbehaviour("the program claims a place that comes too early")
        else:
            before, held = self._places[place]
            if held != len(slots) or _comparable(before) != _comparable(request):
                raise Misbehaviour("the program asks for two things at the same place")

    def _broken(self, misbehaviour: Misbehaviour) -> None:
        self.error = JudgeError(
            misbehaviour.what,
            file=self._source.file,
            expected="two generator functions that yield operations, and return",
            cause=misbehaviour.cause,
        )


def _works_of(request: Request) -> int:
    if isinstance(request, Op):
        return works(request.args)  # info holds none
    return 0 if isinstance(request, Fault) else works((request.value,))


def _comparable(request: Request) -> object:
    return request.error.as_dict() if isinstance(request, Fault) else request
