"""What a real kernel did, as recorded in book/data/kernel, and how its output is read."""

from __future__ import annotations

import json
import re
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from wbviz.check.check import check_scenario
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import build
from wbviz.trouble.record import experiments
from wbviz.trouble.record.__main__ import main
from wbviz.trouble.record.machine import sections

FOLDER = Path(__file__).parents[2] / "book" / "data" / "kernel"
STEP = re.compile(r"meeting: (\d+) (\w+) (?!waits )")


def recorded(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return data


def steps(name: str) -> list[str]:
    """Who takes each step of the shortest counterexample."""
    meeting = experiments.FORCED[name]
    trace = check_scenario(load_policy(meeting.policy), build(meeting.scenario)).trace
    assert trace is not None
    return [step.task for step in trace.steps]


@pytest.mark.parametrize("name", experiments.FORCED)
def test_an_order_is_that_of_the_shortest_counterexample(name: str) -> None:
    assert "".join(task[0] for task in steps(name)) == experiments.FORCED[name].order


@pytest.mark.parametrize("name", experiments.FORCED)
def test_the_kernel_took_the_steps_of_the_model_and_hung(name: str) -> None:
    log = [line for line, _ in recorded(name)["report"]]
    who = [found[2] for line in log if (found := STEP.search(line))]
    assert who == steps(name)[: len(who)]
    # Where the model's last step begins to write and then waits, the machine's log has the wait alone.
    assert len(steps(name)) - len(who) <= 1
    [result] = experiments.results("\n".join(log))
    assert (result["rounds"], result["hung"]) == (1, 1)
    assert any("INFO: task flusher:" in line for line in log)


def test_what_is_safe_never_hung_and_what_hangs_is_a_deadlock() -> None:
    data = recorded("rounds")
    hung: dict[tuple[str, str], int] = {}
    for row in (*data["harmless"], *data["free"]):
        pair = row["policy"], row["scenario"]
        hung[pair] = hung.get(pair, 0) + row["hung"]
    verdicts = {pair: check_scenario(load_policy(pair[0]), build(pair[1])).verdict for pair in hung}
    assert {pair: "safe" if not count else "deadlock" for pair, count in hung.items()} == verdicts


@pytest.mark.parametrize("name", experiments.LOADS)
def test_a_load_has_samples_slices_and_requests(name: str) -> None:
    one = recorded(name)
    assert len(one["samples"]) > 8
    assert one["trace"]["works"]["background"]["slices"]["count"]
    assert one["trace"]["requests"]["count"]


def test_the_parts_of_a_console() -> None:
    console = "SeaBIOS\x1b[2J\r\n==kernel\r\nLinux version 6.12\r\n==report\r\n[ 1.0] a == b\r\n\r\n==end\r\n"
    assert sections(console) == {"kernel": "Linux version 6.12", "report": "[ 1.0] a == b", "end": ""}


def test_a_log_tells_steps_and_results() -> None:
    log = "[ 1.0] meeting: 4 writer lock_page A0\n\n[ 1.1] meeting: 4 flusher waits for A0\n[ 2.0] usb 1-1: new\n"
    assert [told for _, told in experiments.lines(log)] == [
        {"step": 4, "task": "writer", "waits": False},
        {"step": 4, "task": "flusher", "waits": True},
        None,
    ]
    log = "[ 3.0] meeting: result pin_then_lock sync_ahead rounds=100 ended=97 spread=300 hold=50"
    assert experiments.results(log) == [
        {"policy": "pin_then_lock", "scenario": "sync-ahead", "rounds": 100, "hung": 3, "spread": 300, "hold": 50}
    ]


def test_samples_begin_at_nought_and_torn_lines_are_left_out() -> None:
    whole = " ".join(f"{name} {number}" for number, name in enumerate(experiments.SAMPLED))
    text = f"12.50 {whole}\n12.75 {whole.replace(' 0', ' 8', 1)}\n13.00 nr_dir"
    assert experiments.samples(text) == [[0, 0, 1, 2, 3], [0.25, 8, 1, 2, 3]]


def test_an_excerpt_has_three_lines_of_each_event() -> None:
    events = [f"k-1 [000] ..... {n}.0: {event}: x" for n, event in enumerate(["a", "b", "a", "a", "a", "b"])]
    kept = [line.split(": ")[1] for line in experiments.excerpt(events)]
    assert {name: len(list(some)) for name, some in groupby(sorted(kept))} == {"a": 3, "b": 2}


def test_an_experiment_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--yes", "baab"]) == 3
    assert "there is no experiment baab" in capsys.readouterr().err
