"""What is said to one child: its first words, how much it may still be asked, and how it ended, if it did.

Once the child has misbehaved it is asked nothing more: every turn is then a `Fault` with the `JudgeError`. Once it was
too slow, or has been asked all that it may be, every turn raises: `Unjudged`, or `Spent`.
"""

from __future__ import annotations

from typing import Any

from wbviz.errors import PolicyError
from wbviz.grade.judge import messages
from wbviz.grade.judge.errors import JudgeError, Late, Misbehaviour, Spent, Unjudged
from wbviz.grade.judge.limits import Limits
from wbviz.grade.judge.pipe import Pipe
from wbviz.policy.provably_pure import is_direct
from wbviz.policy.source import Source


class Talk:
    """See the module. The child on the other end of `pipe` is told the text of `source`."""

    def __init__(self, pipe: Pipe, source: Source, limits: Limits) -> None:
        self._pipe = pipe
        self.source = source
        self.limits = limits
        self.turns = 0.0
        """So many it was asked."""
        self.since = "before its first function was called"
        """Where it stood when it was last heard of."""
        self._late: Late | None = None
        self._spent: Spent | None = None
        self.error: JudgeError | None = None
        """How the child misbehaved, if it did."""
        self.plain = False
        """Whether its text alone shows that it answers a history in one way only; said before any of it has run."""
        try:
            self.plain = messages.plain(pipe.ask(["policy", source.file, source.text]))
        except Misbehaviour as misbehaviour:
            self.broken(misbehaviour)
        self.direct = self.plain and is_direct(source.text)
        """Whether the text shows as well that what is run again costs next to nothing."""

    def ask(self, message: object) -> Any:
        """The answer to a message. Raises `Misbehaviour` and `Spent`: whoever asks hands these to `broken`, `spend`."""
        try:
            return self._pipe.ask(message)
        except Spent as spent:
            raise Spent(f"{spent}, {self.since}") from None

    def problem(self) -> PolicyError | None:
        """What is wrong with the policy before anything is asked of it."""
        if self.error is None:
            self.go_on()
            try:
                return messages.problem(self.ask(["problem"]), self.source)
            except Misbehaviour as misbehaviour:
                self.broken(misbehaviour)
            except Spent as spent:
                self.broken(Misbehaviour(str(spent), "what stands outside of the functions takes too long"))
        return self.error

    def printed(self) -> tuple[str, ...]:
        """What the policy says that it has printed; () once the child is asked nothing more, or if it cannot print."""
        ended = self.error is not None or self._late is not None or self._spent is not None
        if not ended and "print" in self.source.text:
            try:
                return messages.printed(self.ask(["printed"]))
            except Misbehaviour as misbehaviour:
                self.broken(misbehaviour)
            except Spent as spent:
                self.spend(spent)
        return ()

    def go_on(self) -> None:
        """One turn more. Raises `Unjudged` or `Spent` if there is to be none."""
        if self._late is not None:
            raise self._unjudged(self._late)
        self.turns += 1
        if self.turns > self.limits.turns:
            self._spent = Spent(
                f"the policy was asked more than {self.limits.turns:,} times what it does next "
                "(a read counts as one, and so do ten steps that are run again to come there)"
            )
        if self._spent is not None:
            raise Spent(*self._spent.args)

    def spend(self, spent: Spent) -> None:
        """Nothing more is asked: the child has sent all that it may."""
        self._spent = spent

    def broken(self, misbehaviour: Misbehaviour) -> None:
        """Nothing more is asked. Raises `Unjudged` if it was a clock that ended it."""
        if isinstance(misbehaviour, Late):
            self._late = misbehaviour
            raise self._unjudged(misbehaviour) from None
        self.error = JudgeError(
            misbehaviour.what,
            file=self.source.file,
            expected="two generator functions that yield operations, and return",
            cause=misbehaviour.cause,
        )

    def _unjudged(self, late: Late) -> Unjudged:
        return Unjudged(f"{self.source.file} was not judged: {late.what}, {self.since}")
