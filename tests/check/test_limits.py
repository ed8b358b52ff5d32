"""What ends an exploration early is `incomplete`, never `safe`; and what is shown while it goes on."""

import io
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.check.tiny import graph_of, tiny
from wbviz.check import limits
from wbviz.check.check import check_scenario
from wbviz.check.limits import interrupted, memory, memory_limit
from wbviz.check.watch import ProgressLine
from wbviz.errors import UsageError
from wbviz.policy.load import load_policy, policy_from_text
from wbviz.scenarios.catalogue import build

ROOT = Path(__file__).parents[2]


def test_memory_is_measured() -> None:
    used = memory()
    if used is not None:
        assert 5 < used < 100_000, "MiB"


def test_a_limit_of_memory_is_incomplete() -> None:
    result = check_scenario(load_policy("pin_then_lock"), build("abba"), tick=memory_limit(1))
    assert result.verdict == "incomplete"
    assert "more than 1 MiB of memory" in result.headline.summary
    assert not interrupted(result)
    enough = check_scenario(load_policy("pin_then_lock"), build("abba"), tick=memory_limit(100_000))
    assert enough.verdict == "safe"


def test_where_memory_cannot_be_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows and in a browser: no /proc, no module resource."""
    graph = graph_of(tiny(1, ("r", "reader", "A0", False)))

    def no_file(*_: Any, **__: Any) -> Any:
        raise FileNotFoundError

    monkeypatch.setattr("builtins.open", no_file)
    monkeypatch.setitem(sys.modules, "resource", None)
    assert memory() is None
    with pytest.raises(UsageError, match="does not tell"):
        memory_limit(100)
    stream = io.StringIO()
    times = iter([0.0, 5.0])
    ProgressLine("tiny", stream, clock=lambda: next(times)).exploring(graph.progress())
    assert stream.getvalue().startswith("tiny: 3 states")
    assert "MiB" not in stream.getvalue()


def test_without_proc_the_peak_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("resource")

    def no_file(*_: Any, **__: Any) -> Any:
        raise FileNotFoundError

    monkeypatch.setattr("builtins.open", no_file)
    peak = limits.memory()
    assert peak is not None
    assert 5 < peak < 100_000


def tick_twice(watch: ProgressLine) -> None:
    progress = graph_of(tiny(1, ("r", "reader", "A0", False))).progress()
    watch.exploring(progress)
    watch.exploring(progress)


def test_progress_says_states_rate_depth_frontier_memory() -> None:
    stream = io.StringIO()
    times = iter([100.0, 101.9, 104.0])  # made, too early, four seconds on
    watch = ProgressLine("tiny", stream, clock=lambda: next(times))
    tick_twice(watch)
    # lock, unlock: three states, the last two steps deep, nothing left to explore
    said = stream.getvalue()
    assert said.startswith("tiny: 3 states, 1 a second, depth 2, frontier 0")
    assert said.count("\n") == 1
    assert (memory() is None) or said.rstrip().endswith("MiB")


def test_progress_of_a_sample() -> None:
    stream = io.StringIO()
    times = iter([0.0, 2.0, 2.5, 4.0])  # the third comes too soon after the second
    tick = ProgressLine("storm", stream, clock=lambda: next(times)).sampling(1000)
    for drawn in (10, 20, 30):
        tick(drawn, drawn * 100)
    assert [line.partition(" steps")[0] for line in stream.getvalue().splitlines()] == [
        "storm: 10 of 1,000 schedules, 1,000",
        "storm: 30 of 1,000 schedules, 3,000",
    ]


HUGE = ["--scenario", "storm", "--set", "pages=12", "--set", "kswapd=3", "--set", "works=2"]


UNLOCKS = """
def enqueue(mm, page):
    yield mm.unlock_page(page)

def execute(mm, work):
    yield mm.cond_resched()
"""


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is no signal there")
@pytest.mark.parametrize(
    ("text", "more", "status", "expected"),
    [
        (None, [], 2, "pin_then_lock is not settled (incomplete)"),
        (UNLOCKS, [], 1, "policy is not safe: rule-violation"),
        (None, ["--sample", "100000000"], 2, "100,000,000 schedules"),
    ],
)
def test_ctrl_c_keeps_what_was_found(
    tmp_path: Path, text: str | None, more: list[str], status: int, expected: str
) -> None:
    """The signal is sent when a line of progress tells of something covered (the first need not)."""
    policy = "pin_then_lock"
    if text:
        policy = str(tmp_path / "policy.py")
        Path(policy).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "wbviz", "check", policy, *HUGE, *more]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        while line.startswith("storm: 0 "):
            line = process.stderr.readline()
        assert line.startswith("storm: "), line
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == status, out + err
    assert expected in out
    assert "interrupted" in out
    assert re.search(r"[1-9][\d,]* (states|of)", out), "what was covered by then"
    assert "Traceback" not in out + err


GROWS = """\
def enqueue(mm, page):
    yield mm.get_page(page)
    return (yield mm.queue_work(page=page))

def execute(mm, work):
    yield mm.queue_work(page=work.page)
    yield mm.queue_work(page=work.page)
"""


def test_a_queue_that_grows_without_end_is_incomplete_long_before_the_states_are_too_many() -> None:
    result = check_scenario(policy_from_text(GROWS), build("busy-page"), max_states=10**6)
    assert result.verdict == "incomplete"
    assert "more than 100 works in the queue" in result.headline.summary
    assert result.states < 10_000
