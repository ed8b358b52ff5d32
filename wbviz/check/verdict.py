"""What a check can say, and in which order it says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from wbviz.check.limits import INTERRUPTED
from wbviz.errors import PolicyError

if TYPE_CHECKING:  # a proof has no trace, and does not wait for its module
    from wbviz.trace.trace import Json, Trace

SAFE, INCOMPLETE = "safe", "incomplete"
POLICY_ERROR, BROKEN, DEADLOCK = "policy-error", "rule-violation", "deadlock"
LOST, LEAK, LIVELOCK, STARVATION = "lost-work", "leak", "livelock", "starvation"
ORDER = (POLICY_ERROR, BROKEN, DEADLOCK, LOST, LEAK, LIVELOCK, STARVATION, INCOMPLETE, SAFE)
"""The headline is the first of these that was found."""

MEANINGS = {
    POLICY_ERROR: "the policy is not a policy; the message quotes its line and shows a corrected one",
    BROKEN: "an operation broke a rule, such as writing a page without its lock, or touching one that was freed",
    DEADLOCK: "some task can never run again, whatever the others do",
    LOST: "at rest, a page that `enqueue` accepted is still dirty and in its file, and nobody is left to write it",
    LEAK: "at rest, a pin, an inode reference or a lock is left",
    LIVELOCK: "a run without end, fair to every task, in which something that was promised never happens: those who "
    "mean to end keep each other busy, or themselves",
    STARVATION: "the same, but only because of a task that is endless by nature",
    INCOMPLETE: "a bound was reached before everything was covered; never called safe",
    SAFE: "in every order of steps at this size no rule is broken, nobody is blocked for ever, every accepted page is "
    "cleaned or gone, and nothing is left held",
}
"""Each kind in a sentence."""


class Verdict(NamedTuple):
    """One kind of finding, with its shortest trace (None where there is nothing to play).

    `cycle` are the edges of the wait-for cycle, by names; `tasks` are the tasks that the finding is about.
    `error` is the full message of a policy-error. `interrupted`: somebody ended the check before it had covered all.
    """

    kind: str
    summary: str
    trace: Trace | None = None
    cycle: tuple[Json, ...] = ()
    tasks: tuple[str, ...] = ()
    error: PolicyError | None = None
    interrupted: bool = False


WELL = Verdict(SAFE, "no rule broken, nobody blocked for ever, no page lost, nothing left held")


def not_covered(why: str, covered: str) -> Verdict:
    """The verdict where a bound was reached: why, and what was covered by then."""
    return Verdict(INCOMPLETE, f"not everything was covered: {why} ({covered})", interrupted=why == INTERRUPTED)


class Result(NamedTuple):
    """What checking one policy in one scenario found. `fairness` is what progress needs: "none" or "fair".

    `reductions` names those that the proof rests on; none where every step of every interleaving was taken.
    """

    scenario: str
    policy: str
    params: dict[str, int]
    verdicts: tuple[Verdict, ...]
    states: int
    transitions: int
    seconds: float
    fairness: str
    reductions: tuple[str, ...] = ()

    @property
    def headline(self) -> Verdict:
        """The first verdict in the order of `ORDER`."""
        return min(self.verdicts, key=lambda verdict: ORDER.index(verdict.kind))

    @property
    def verdict(self) -> str:
        """The kind of the headline."""
        return self.headline.kind

    @property
    def trace(self) -> Trace | None:
        """The headline's trace."""
        return self.headline.trace

    def to_json(self) -> Json:
        """The result as JSON-able data."""
        head = self.headline
        return {
            "scenario": self.scenario,
            "policy": self.policy,
            "params": self.params,
            "verdict": head.kind,
            "verdicts": [{"kind": verdict.kind, "summary": verdict.summary} for verdict in self.verdicts],
            "states": self.states,
            "transitions": self.transitions,
            "seconds": round(self.seconds, 6),
            "fairness": self.fairness,
            "trace": head.trace.to_json() if head.trace else None,
            "cycle": list(head.cycle),
        }
