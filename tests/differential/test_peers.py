"""A second judgement: what Spin and Harmony say of the same scenarios, and where they are known to be wrong or silent.

Their models, in tests/bench/peers/, are written from what the scenarios mean. Each answer is asserted in the tool's own
words. Without the tools a person's run skips these tests and says how to get them; CI fails.
"""

from __future__ import annotations

import os
import sys
from typing import NamedTuple

import pytest

from tests.bench.peers.run import (
    HERE,
    Constants,
    Failed,
    Missing,
    harmony,
    harmony_missing,
    process,
    spin,
    spin_missing,
)
from wbviz.check.check import check_scenario
from wbviz.check.verdict import Result
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import build

INVALID_END, NO_ERROR, CYCLE = "invalid end state", "no error", "acceptance cycle"
NO_ISSUES, BUSY = "No issues found", "Active busy waiting"
POSSIBLY, NEVER_ENDS = "Non-terminating state (possibly deadlock)", "Non-terminating state"


def need(reason: str) -> None:
    """Skip, loudly, or fail in CI, if there is a reason: a tool that is missing."""
    if reason and os.environ.get("CI") == "true":
        pytest.fail(f"CI has to have the peers: {reason}")
    if reason:
        pytest.skip(f"NO SECOND JUDGEMENT: {reason}")


def ours(scenario: str, policy: str, params: dict[str, int]) -> Result:
    return check_scenario(load_policy(policy), build(scenario, params))


def by_spin(model: str, constants: Constants, *, ask: bool = False) -> str:
    need(spin_missing())
    return spin(model, constants, optimise="-O0", ask=ask).verdict


def by_harmony(model: str, constants: Constants) -> str:
    need(harmony_missing())
    return harmony(model, constants).verdict


class Claim(NamedTuple):
    """A scenario and a policy on which all three have to agree: can everybody get on?"""

    scenario: str
    policy: str
    model: str
    params: dict[str, int]
    switches: dict[str, bool]
    safe: bool

    @property
    def constants(self) -> Constants:
        return {name.upper(): size for name, size in self.params.items()} | self.switches


STORM = {"kswapd": 1, "works": 1, "writers": 1}
CLAIMS = [
    claim
    for pages in (2, 3)
    for claim in (
        Claim("abba", "writearound", "abba", {"pages": pages}, {"WRITEAROUND": True}, False),
        Claim("abba", "write_ahead", "abba", {"pages": pages}, {"WRITEAROUND": False}, True),
        Claim("sync-ahead", "lock_at_enqueue", "sync_ahead", {"pages": pages - 1}, {"LOCK_AT_ENQUEUE": True}, False),
        Claim("sync-ahead", "pin_then_lock", "sync_ahead", {"pages": pages - 1}, {"LOCK_AT_ENQUEUE": False}, True),
    )
] + [
    Claim("storm", "write_ahead", model, {"pages": 2, **STORM, **more}, {}, True)
    for model in ("storm", "storm_plain")
    for more in ({}, {"pages": 3})
]
NAMES = [f"{claim.model}-{claim.policy}-{claim.params['pages']}" for claim in CLAIMS]


@pytest.mark.parametrize("claim", CLAIMS, ids=NAMES)
def test_our_verdict(claim: Claim) -> None:
    assert ours(claim.scenario, claim.policy, claim.params).verdicts[0].kind == ("safe" if claim.safe else "deadlock")


@pytest.mark.parametrize("claim", CLAIMS, ids=NAMES)
def test_spin_agrees(claim: Claim) -> None:
    assert by_spin(claim.model, claim.constants) == (NO_ERROR if claim.safe else INVALID_END)


@pytest.mark.parametrize("claim", CLAIMS, ids=NAMES)
def test_harmony_agrees(claim: Claim) -> None:
    assert by_harmony(claim.model, claim.constants) == (NO_ISSUES if claim.safe else POSSIBLY)


@pytest.mark.parametrize("model", ["storm", "storm_plain"])
def test_every_statement_of_spins_storm_is_executed(model: str) -> None:
    """A model in which something can never happen would be safe for the wrong reason."""
    need(spin_missing())
    sizes = {"PAGES": 3, "KSWAPD": 2, "WORKS": 1, "WRITERS": 1}
    assert set(spin(model, sizes, optimise="-O0").unreached) == {"-end-"}  # of the flusher, which never ends


class Case(NamedTuple):
    """A case on which the tools differ: our verdict, and the tasks that it is about, no more and no fewer.

    `spin` is its search for invalid end states, `asked` its answer to a property that a person has to think of: that
    the wanted page is cleaned in the end, under weak fairness.
    """

    scenario: str
    policy: str
    verdict: str
    tasks: frozenset[str]
    spin: str
    asked: str
    harmony: str


CASES = {
    # Both sides trylock and back off. Spin needs to be asked; Harmony sees that somebody is busy.
    "polite": Case("polite", "backoff", "livelock", frozenset({"flusher", "polite"}), NO_ERROR, CYCLE, BUSY),
    # A trylock of what it holds itself. Harmony has no word for it: some run does not terminate.
    "own_range": Case("piggyback", "own_range", "livelock", frozenset({"flusher"}), NO_ERROR, CYCLE, NEVER_ENDS),
    # One-sided trylock, endless holder. Harmony says the same as of the case before and the correct one below.
    "contended": Case(
        "contended", "requeue_if_locked", "starvation", frozenset({"flusher", "reader"}), NO_ERROR, CYCLE, NEVER_ENDS
    ),
    # The same against a holder that ends: safe under a fair scheduler. All agree.
    "busy_page": Case("busy-page", "requeue_if_locked", "safe", frozenset(), NO_ERROR, NO_ERROR, NO_ISSUES),
    # Two tasks lock each other out, a third never ends: Spin passes it without a word.
    "daemon_writearound": Case(
        "daemon", "writearound", "deadlock", frozenset({"flusher", "writer"}), NO_ERROR, CYCLE, NEVER_ENDS
    ),
    # A correct order beside the same endless task. Harmony raises a false alarm, although the task is `eternal`.
    "daemon_ordered": Case("daemon", "pin_then_lock", "safe", frozenset(), NO_ERROR, NO_ERROR, NEVER_ENDS),
    # Who spins, holding a lock, is not blocked; who waits for that lock is, for ever. Spin sees nobody stuck.
    "spin_when_full": Case(
        "full-queue", "spin_when_full", "deadlock", frozenset({"flusher"}), NO_ERROR, CYCLE, POSSIBLY
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_our_verdict_on_progress(name: str) -> None:
    case = CASES[name]
    result = ours(case.scenario, case.policy, {})
    (verdict,) = result.verdicts
    assert (verdict.kind, set(verdict.tasks)) == (case.verdict, case.tasks)
    assert result.fairness == "fair", "somebody may go round for ever, if nobody else ever gets his turn"


@pytest.mark.parametrize("name", CASES)
def test_spin_on_progress(name: str) -> None:
    case = CASES[name]
    assert by_spin("progress", {name.upper(): True}) == case.spin
    assert by_spin("progress", {name.upper(): True}, ask=True) == case.asked


@pytest.mark.parametrize("name", CASES)
def test_harmony_on_progress(name: str) -> None:
    assert by_harmony("progress", {"CASE": name}) == CASES[name].harmony


def test_asked_the_right_question_spin_agrees_with_us() -> None:
    """What Spin cannot say by itself it confirms: the wanted page is cleaned exactly where we say safe."""
    assert all((case.asked == NO_ERROR) == (case.verdict == "safe") for case in CASES.values())


def test_a_missing_tool_is_named_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Missing, match="apt-get install spin"):
        spin("abba", {"PAGES": 2})


def test_a_model_that_is_not_understood_is_no_verdict() -> None:
    need(spin_missing())
    with pytest.raises(Failed, match="status"):
        spin("abba", {})  # no number of pages


def test_a_tool_that_does_not_end_is_stopped() -> None:
    with pytest.raises(Failed, match="was stopped"):
        process(["/bin/sh", "-c", "while :; do :; done"], HERE, limit=0.1)


def test_a_tool_that_is_not_there_is_told() -> None:
    with pytest.raises(Failed, match=r"no-such-tool could not be started(.|\n)*No such file"):
        process(["no-such-tool"], HERE)


def test_memory_is_that_of_the_process_and_not_of_who_started_it() -> None:
    held = bytearray(64 << 20)
    held[:: 1 << 12] = b"x" * (64 << 8)  # every page is used
    small = process([sys.executable, "-I", "-S", "-c", "pass"], HERE).memory
    large = process([sys.executable, "-I", "-S", "-c", "x = b'x' * (48 << 20)"], HERE).memory
    assert small < len(held) / 2 < 48 << 20 < large
