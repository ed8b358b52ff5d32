"""How runs end, that a seed fixes them, and what is refused."""

import json
import os
import subprocess
import sys

import pytest

from tests.sim.small import COSTS, DISK, ENQUEUE, HORIZON, ONE, WHOLE_FILE, policy, run, small
from wbviz.errors import UsageError
from wbviz.kernel.operations import OPERATIONS
from wbviz.scenarios.catalogue import build
from wbviz.sim import Costs, Disk, Horizon, compare, format_metrics, run_text, simulate
from wbviz.sim.costs import COST_OF
from wbviz.sim.metrics import nearest_rank
from wbviz.trace.trace import from_json

AGAIN = """
import json, sys
from wbviz.policy.load import policy_from_text
from wbviz.scenarios.catalogue import build
from wbviz.sim import simulate
run = simulate(policy_from_text(sys.stdin.read(), "small"), build("storm", {"works": 3}), seed=5)
print(json.dumps(run.to_json()))
"""


def test_every_operation_has_a_cost() -> None:
    assert set(COST_OF) == set(OPERATIONS) - {"end_writeback"}, "the disk's own takes what the disk takes"
    assert set(COST_OF.values()) <= set(Costs._fields)


def test_the_same_seed_is_the_same_run() -> None:
    scenario = build("storm", {"works": 3})
    assert simulate(policy(ONE), scenario, seed=5) == simulate(policy(ONE), scenario, seed=5)


@pytest.mark.parametrize("salt", ["0", "1"])
def test_the_order_of_hashes_changes_nothing(salt: str) -> None:
    env = {**os.environ, "PYTHONHASHSEED": salt}
    out = subprocess.run([sys.executable, "-c", AGAIN], input=ONE, env=env, capture_output=True, text=True, check=True)
    here = simulate(policy(ONE), build("storm", {"works": 3}), seed=5)
    assert json.loads(out.stdout) == json.loads(json.dumps(here.to_json()))


def test_seeds_give_different_interleavings() -> None:
    scenario = build("abba")
    assert len({simulate(policy(ONE), scenario, seed=seed).trace.schedule for seed in range(10)}) > 3


def test_reclaim_takes_pages_in_an_order_of_the_seed() -> None:
    runs = [simulate(policy(ONE), build("scattered", {"pages": 4, "apart": 1}), seed=seed) for seed in range(20)]
    first = {next(step.choice for step in run.trace.steps if step.op == "isolate") for run in runs}
    assert first == {"A0", "A1", "A2", "A3"}


def test_costs_vary_by_the_jitter() -> None:
    scenario = small({"A": 1}, ("kswapd", "kswapd", ("A0",), 1, False))
    costs = COSTS._replace(jitter=0.5)
    runs = [simulate(policy(ONE), scenario, seed, costs=costs, disk=DISK, horizon=HORIZON) for seed in range(50)]
    times = [run.trace.steps[0].time or 0.0 for run in runs]  # a search: 10 seconds
    assert 5 <= min(times) < 6
    assert 14 < max(times) <= 15


def test_without_contention_seeds_change_nothing_but_the_order_of_reclaim() -> None:
    rows = compare([policy(ONE)], build("scattered", {"pages": 16, "works": 4, "apart": 4}), range(5))
    assert {(row.metrics.requests, row.metrics.pages, row.ended) for row in rows} == {(4, 4, "rest")}


def test_a_task_that_locks_twice_is_stuck() -> None:
    text = ENQUEUE + (
        "def execute(mm, work):\n    page = work.page\n    yield mm.lock_page(page)\n    yield mm.lock_page(page)\n"
    )
    result = run(text, small({"A": 1}, ("kswapd", "kswapd", ("A0",), 1, False)))
    assert result.ended == "stuck"
    assert result.why == "flusher waits for flusher (A0 is locked by flusher)"
    assert result.waits[0] == {
        "from": "flusher",
        "to": "flusher",
        "wait": "lock",
        "why": "A0 is locked by flusher",
        "page": "A0",
    }
    assert result.trace.verdict is not None
    assert (result.trace.verdict["kind"], result.trace.verdict["tasks"]) == ("deadlock", ["flusher"])
    assert result.trace.verdict["cycle"] == [result.waits[0]]
    assert result.metrics.longest_lock is not None, "a lock that is never released counts up to the end"


def test_an_endless_task_does_not_hide_that_the_others_are_stuck() -> None:
    text = ENQUEUE + (
        "def execute(mm, work):\n    page = work.page\n    yield mm.lock_page(page)\n    yield mm.lock_page(page)\n"
    )
    tasks = (("kswapd", "kswapd", ("A0",), 1, False), ("dirtier", "dirtier", "B0"))
    result = run(text, small({"A": 1, "B": 1}, *tasks), COSTS._replace(round=50))
    assert result.ended == "stuck"
    assert any(step.task == "dirtier" for step in result.trace.steps)


def test_a_holder_that_has_ended_is_told_without_a_cycle() -> None:
    text = ENQUEUE + "def execute(mm, work):\n    yield mm.lock_page(work.page)\n"
    # The flusher locks A0 at 22 and goes idle; the writer, which has three pages to lock before, asks at 40.
    tasks = (("kswapd", "kswapd", ("A0",), 1, False), ("writer", "writer", ("B0", "B1", "B2", "A0")))
    result = run(text, small({"A": 1, "B": 3}, *tasks), COSTS._replace(wake=0))
    assert result.ended == "stuck"
    assert result.why == "writer waits for flusher (A0 is locked by flusher)"
    assert result.trace.verdict is not None
    assert (result.trace.verdict["cycle"], result.trace.verdict["tasks"]) == ([], ["writer"])


def test_an_endless_task_stops_when_all_others_have() -> None:
    # It writes into A0 once more while A0 is under writeback, and the call is over when that write is.
    tasks = (("kswapd", "kswapd", ("A0",), 1, False), ("dirtier", "dirtier", "A0"))
    result = run(ONE, small({"A": 1}, *tasks), COSTS._replace(round=3000))
    assert result.ended == "rest"
    assert result.trace.steps[-1].op == "end_writeback"
    assert result.trace.steps[-1].after["pages"][0]["dirty"] is True
    assert result.metrics.never_clean == 0


SPIN = """
def enqueue(mm, page):
    while True:
        yield mm.cond_resched()

def execute(mm, work):
    yield mm.cond_resched()
"""


# It isolates at 10 and then does one step a second: 491 of them until 500, and its 90th at 99.
@pytest.mark.parametrize(
    ("horizon", "seconds", "count"), [(Horizon(seconds=500), 500, 491), (Horizon(1e9, steps=90), 99, 90)]
)
def test_a_run_without_an_end_is_cut_off(horizon: Horizon, seconds: float, count: int) -> None:
    scenario = small({"A": 1}, ("kswapd", "kswapd", ("A0",), 1, False))
    result = simulate(policy(SPIN), scenario, costs=COSTS, disk=DISK, horizon=horizon)
    assert result.ended == "horizon"
    assert "kswapd could still run" in result.why
    assert (result.metrics.seconds, result.metrics.steps) == (seconds, count)
    assert result.trace.verdict is None


def test_a_broken_rule_ends_the_run_with_its_step() -> None:
    text = ENQUEUE + "def execute(mm, work):\n    yield mm.writepage(work.page)\n"
    result = run(text, small({"A": 1}, ("kswapd", "kswapd", ("A0",), 1, False)))
    assert result.ended == "rule-violation"
    assert "without holding its lock" in result.why
    assert result.trace.steps[-1].task == "flusher"
    broken = {"rule": "written-unlocked", "attr": "", "line": 0}
    shown = {"kind": "rule-violation", "summary": result.why, "cycle": [], "tasks": ["flusher"], "broken": broken}
    assert result.trace.verdict == shown


def test_a_policy_error_ends_the_run_with_its_step() -> None:
    text = ENQUEUE + "def execute(mm, work):\n    yield 7\n"
    result = run(text, small({"A": 1}, ("kswapd", "kswapd", ("A0",), 1, False)))
    assert result.ended == "policy-error"
    assert result.trace.steps[-1].op == "take_work"


def test_a_cut_off_request_counts_as_busy_up_to_the_end() -> None:
    scenario = small({"A": 1}, ("kswapd", "kswapd", ("A0",), 1, False))
    horizon = Horizon(seconds=1124 + 5_000)  # half of the transfer that begins at 1124
    metrics = simulate(policy(ONE), scenario, costs=COSTS, disk=DISK, horizon=horizon).metrics
    assert (metrics.disk_busy_seconds, metrics.never_clean) == (5_000, 1)


def test_the_trace_has_its_times_and_its_form() -> None:
    result = run(ONE, small({"A": 1}, ("kswapd", "kswapd", ("A0",), 1, False)))
    times = [step.time for step in result.trace.steps]
    assert None not in times
    assert times == sorted(time for time in times if time is not None)
    data = json.loads(json.dumps(result.to_json()))
    assert from_json(data["trace"]) == result.trace
    assert data["metrics"]["longest_lock"] == {"page": "A0", "holders": ["flusher"], "seconds": 101}
    assert data["seed"] == 0


def test_rows_are_the_metrics_of_the_runs() -> None:
    scenario = build("scattered")
    policies = [policy(ONE), policy(WHOLE_FILE)]
    rows = compare(policies, scenario, [3, 4])
    assert [row.seed for row in rows] == [3, 4, 3, 4]
    singles = [simulate(which, scenario, seed=seed) for which in policies for seed in (3, 4)]
    assert [(row.ended, row.metrics) for row in rows] == [(single.ended, single.metrics) for single in singles]


def test_text() -> None:
    result = run(ONE, small({"A": 1}, ("kswapd", "kswapd", ("A0",), 1, False)))
    text = run_text(result)
    assert text.startswith("small in small (), seed 0\ncame to rest after 1.11e+04 s, 10 steps: ")
    assert text.endswith(format_metrics(result))
    assert "mean request   1.00 pages, 9.77 KiB (pages in all: 1)" in text
    assert "longest lock   101 s: A0, held by flusher" in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"costs": Costs(step=-1)},
        {"costs": Costs(jitter=1.5)},
        {"costs": Costs(wake=float("nan"))},
        {"disk": Disk(rate=0)},
        {"disk": Disk(seek=-1)},
        {"horizon": Horizon(seconds=float("inf"))},
        {"horizon": Horizon(steps=0)},
    ],
)
def test_what_no_run_can_have_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="out of range"):
        simulate(policy(ONE), build("abba"), **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(("percent", "expected"), [(0, 1), (25, 1), (26, 2), (50, 2), (95, 4), (100, 4)])
def test_nearest_rank(percent: int, expected: float) -> None:
    assert nearest_rank([1, 2, 3, 4], percent) == expected


def test_checking_never_imports_simpy() -> None:
    code = "import sys, wbviz.cli, wbviz.check.check, wbviz.scenarios.catalogue; sys.exit('simpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
