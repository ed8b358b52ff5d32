"""What ends a submission's run for good, and what is wrong with this machine."""

from __future__ import annotations

from wbviz.errors import PolicyError, WbvizError


class JudgeError(PolicyError):
    """The child misbehaved: it sent what nobody asked for, or no message, or too much at once, or died.

    A verdict against the submission: it comes as the `Fault` of a turn, so that a check ends in policy-error.
    """


class SandboxError(WbvizError):
    """The child could not be started or confined: a fault of this machine, never of the submission."""


class Unjudged(WbvizError):
    """A clock ran out, or the machine killed the child: nothing is known of the submission, and it gets no points.

    It is raised through whatever explores the policy, so that no verdict is made of it. `what` is all that differs:
    SimPy makes an exception anew from its arguments.
    """

    def __init__(self, what: str) -> None:
        super().__init__(
            what,
            came="no answer, and so no points: a clock decides about none",
            expected="an answer to each question, within milliseconds",
            cause="a machine that is very busy; or a loop that `except:` keeps alive, one long call of a function "
            "written in C, a computation without end",
            fix="# judge it again, with less beside it; if that ends like this too, it is the policy: look at the line",
        )


class Spent(MemoryError):
    """The whole submission has been asked, or has read, as much as any submission may: `str()` says what, and how much.

    An exploration that meets it stops, and is `incomplete` with these words, as where memory runs out.
    """


class Misbehaviour(Exception):
    """Within this package: what the child did, as the sentence of a JudgeError, and the likely cause."""

    def __init__(self, what: str, cause: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.cause = cause


class Late(Misbehaviour):
    """Within this package: what a clock, or the machine, put an end to."""
