"""The programs of a policy that runs in a child: the protocol `Programs`, answered over a pipe.

Once the child has misbehaved it is asked nothing more: every turn is then a `Fault` with the `JudgeError`. Once it was
too slow, or has been asked all that it may be, every turn raises: `Unjudged`, or `Spent`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wbviz.errors import PolicyError
from wbviz.grade.judge import messages
from wbviz.grade.judge.errors import JudgeError, Late, Misbehaviour, Spent, Unjudged
from wbviz.grade.judge.known import NOTHING, Known, Names, Told, names, works
from wbviz.grade.judge.limits import Limits
from wbviz.grade.judge.pipe import Pipe
from wbviz.policy.protocol import Fault, Halt, Op, Read, Request, Turn, Value
from wbviz.policy.source import Source

AGAIN = 0.1
"""What a step costs that is run again, where to be asked over the pipe costs one."""


class ChildPrograms:
    """See the module. The child on the other end of `pipe` is told the text of `source`."""

    def __init__(self, pipe: Pipe, source: Source, limits: Limits) -> None:
        self._pipe = pipe
        self._source = source
        self.limits = limits
        self._known = Known()
        self._places: list[tuple[Request, int]] = []
        self._turns = 0.0
        self._depths: dict[int, int] = {}
        self._resumed: set[int] = set()
        self._since = "before its first function was called"
        self._late: Late | None = None
        self._spent: Spent | None = None
        self.error: JudgeError | None = None
        """How the child misbehaved, if it did."""
        self.plain = False
        """Whether its text alone shows that it answers a history in one way only; said before any of it has run."""
        try:
            self.plain = messages.plain(pipe.ask(["policy", source.file, source.text]))
        except Misbehaviour as misbehaviour:
            self._broken(misbehaviour)

    def problem(self) -> PolicyError | None:
        """What is wrong with the policy before anything is asked of it."""
        if self.error is None:
            self._go_on()
            try:
                return messages.problem(self._pipe.ask(["problem"]), self._source)
            except Misbehaviour as misbehaviour:
                self._broken(misbehaviour)
        return self.error

    def printed(self) -> tuple[str, ...]:
        """What the policy says that it has printed; () once the child is asked nothing more, or if it cannot print."""
        ended = self.error is not None or self._late is not None or self._spent is not None
        if not ended and "print" in self._source.text:
            try:
                return messages.printed(self._pipe.ask(["printed"]))
            except Misbehaviour as misbehaviour:
                self._broken(misbehaviour)
            except Spent as spent:
                self._spent = spent
        return ()

    def start(self, function: str, argument: Value, read: Callable[[Read], Value]) -> Turn:
        """The first turn of a program."""
        self._since = f"in the first lines of {function}"
        return self._turn(["start", function, argument], None, argument, 0, read)

    def resume(self, place: int, answer: Value, read: Callable[[Read], Value]) -> Turn:
        """The next turn: the operation pending at `place` was answered with `answer`."""
        request, slots = self._places[place]
        line = request.lines[-1] if isinstance(request, Op) and request.lines else None
        self._since = f"after line {line}, {self._source.line(line).strip()}"
        if place in self._resumed:  # the child has let go of the program that stood there, and must run it again
            self._turns += AGAIN * self._depths[place]
        self._resumed.add(place)
        return self._turn(["resume", place, answer], place, answer, slots, read)

    def _turn(
        self, question: list[Any], source: int | None, answer: Value, slots: int, read: Callable[[Read], Value]
    ) -> Turn:
        self._go_on()
        if self.error is None:
            try:
                return self._ask(question, source, answer, slots, read)
            except Misbehaviour as misbehaviour:
                self._broken(misbehaviour)
            except Halt:
                raise
            except Spent as spent:
                self._spent = spent
                raise
            except BaseException:  # Ctrl-C, or a mistake of ours: the child waits for an answer that will not come
                self._broken(Misbehaviour("the judge was interrupted while it asked the program"))
                raise
        assert self.error is not None
        self._places.append((Fault(self.error), 0))
        return Turn(len(self._places) - 1, Fault(self.error), ())

    def _go_on(self) -> None:
        """One turn more. Raises `Unjudged` or `Spent` if there is to be none."""
        if self._late is not None:
            raise self._unjudged(self._late)
        self._turns += 1
        if self._turns > self.limits.turns:
            self._spent = Spent(
                f"the policy was asked more than {self.limits.turns:,} times what it does next "
                "(ten steps that are run again to come there count as one)"
            )
        if self._spent is not None:
            raise Spent(*self._spent.args)

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
            if len(reads) == self.limits.reads:
                raise Misbehaviour(f"the program read more than {self.limits.reads:,} attributes in one turn")
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
        before = 0 if source is None else self._depths[source]
        self._depths.setdefault(arrived.place, before + 1)
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
            self._places.append((request, len(slots)))
        elif place > len(self._places):
            raise Misbehaviour("the program claims a place that comes too early")
        else:
            before, held = self._places[place]
            if held != len(slots) or comparable(before) != comparable(request):
                raise Misbehaviour("the program asks for two things at the same place")

    def _broken(self, misbehaviour: Misbehaviour) -> None:
        """Nothing more is asked. Raises `Unjudged` if it was a clock that ended it."""
        if isinstance(misbehaviour, Late):
            self._late = misbehaviour
            raise self._unjudged(misbehaviour) from None
        self.error = JudgeError(
            misbehaviour.what,
            file=self._source.file,
            expected="two generator functions that yield operations, and return",
            cause=misbehaviour.cause,
        )

    def _unjudged(self, late: Late) -> Unjudged:
        return Unjudged(f"{self._source.file} was not judged: {late.what}, {self._since}")


def _works_of(request: Request) -> int:
    if isinstance(request, Op):
        return works(request.args)  # info holds none
    return 0 if isinstance(request, Fault) else works((request.value,))


def comparable(request: Request) -> object:
    """A request as it is compared: two errors are the same if their words are."""
    return request.error.as_dict() if isinstance(request, Fault) else request
