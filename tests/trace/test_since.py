"""Since when something has been so, in the words of a cycle: locks, works, completions."""

import pytest

from wbviz.check.check import check_scenario
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import build
from wbviz.trace.since import since
from wbviz.trace.text import cycle_words
from wbviz.trace.trace import Trace


def trace_of(policy: str, scenario: str) -> Trace:
    trace = check_scenario(load_policy(policy), build(scenario)).trace
    assert trace is not None
    return trace


def words_of(trace: Trace) -> list[str]:
    assert trace.verdict is not None
    return [line.strip() for line in cycle_words(trace, trace.verdict["cycle"]).splitlines()]


def step_of(trace: Trace, task: str, op: str, nth: int = -1) -> int:
    return [number for number, step in enumerate(trace.steps, 1) if (step.task, step.op) == (task, op)][nth]


def test_a_lock_in_the_queue_and_the_work_that_carries_it() -> None:
    trace = trace_of("lock_at_enqueue", "sync-ahead")
    queued = step_of(trace, "kswapd", "queue_work")
    taken = step_of(trace, "flusher", "take_work")
    assert words_of(trace) == [
        f"flusher waits for work 2: A0 is locked by work 2, since step {queued} "
        f"(flusher waits from step {max(taken, queued)} on)",
        f"work 2 waits for flusher: it is queued for flusher, since step {queued}",
    ]


def test_a_completion() -> None:
    trace = trace_of("igrab_at_enqueue", "iput-in-flusher")
    queued = step_of(trace, "flusher", "queue_sync")
    assert words_of(trace)[0] == (
        f"flusher waits for work 2: work 2 is not completed, and was queued in step {queued} "
        f"(flusher waits from step {queued} on)"
    )


def test_a_full_queue() -> None:
    trace = trace_of("spin_when_full", "full-queue")
    queued = step_of(trace, "kswapd", "queue_work", 0)
    assert f"kswapd waits for work 2: the queue is full, with it queued since step {queued}" in words_of(trace)


@pytest.mark.parametrize(("policy", "scenario"), [("writearound", "abba"), ("lock_at_enqueue", "random-order")])
def test_every_edge_says_since_when(policy: str, scenario: str) -> None:
    trace = trace_of(policy, scenario)
    for line in words_of(trace):
        assert ", since step " in line
        assert "waits from step" in line or line.startswith("work ")


def test_a_break_begins_anew() -> None:
    trace = trace_of("writearound", "abba")

    def nth(*so: bool) -> int | None:
        answers = iter((*so, *([so[-1]] * len(trace.steps))))
        return since(trace, lambda _: next(answers))

    assert nth(True) == 0
    assert nth(False) is None
    assert nth(False, True) == 1
    assert nth(True, False, True) == 2
