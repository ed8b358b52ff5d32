"""What ends a submission's run for good, and what is wrong with this machine."""

from __future__ import annotations

from wbviz.errors import PolicyError, WbvizError


class JudgeError(PolicyError):
    """The child misbehaved: it sent what nobody asked for, or no message, or too much, or nothing in time, or died.

    A verdict against the submission: it comes as the `Fault` of a turn, so that a check ends in policy-error.
    """


class SandboxError(WbvizError):
    """The child could not be started or confined: a fault of this machine, never of the submission."""


class Misbehaviour(Exception):
    """Within this package: what the child did, as the sentence of a JudgeError, and the likely cause."""

    def __init__(self, what: str, cause: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.cause = cause
