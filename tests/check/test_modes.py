"""The ways to ask `check`: --locks, --smallest, --sample, --graph, the limits, and what does not go together."""

import json
from pathlib import Path
from typing import Any

import pytest

from wbviz.cli import main

SAFE, AGAINST, INCOMPLETE, UNUSABLE = 0, 1, 2, 3


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run `check` in this process: its status, output and errors."""

    def call(*args: str | Path) -> tuple[int, str, str]:
        try:
            status = main(["check", *map(str, args)])
        except SystemExit as stop:  # argparse
            status = stop.code if isinstance(stop.code, int) else 0
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return status, out, err

    return call


def test_locks_stand_beside_the_verdict(check: Any, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    status, out, _ = check("writearound", "--scenario", "abba", "--locks", "--json", target)
    assert status == AGAINST
    assert out.index("not safe: deadlock") < out.index("the order of page locks") < out.index("lockdep says: nothing")
    (result,) = json.loads(target.read_text(encoding="utf-8"))["results"]
    assert result["verdict"] == "deadlock"
    assert [(order["held"], order["wanted"]) for order in result["locks"]["orders"]] == [("A0", "A1"), ("A1", "A0")]


def test_locks_of_a_safe_policy(check: Any) -> None:
    status, out, _ = check("write_ahead", "--scenario", "abba", "--locks")
    assert status == SAFE
    assert "inversions: none" in out
    assert "a lockdep that knew page indices would say: nothing" in out


def test_smallest(check: Any, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    status, out, _ = check("writearound", "--scenario", "abba", "--set", "pages=3", "--smallest", "--json", target)
    assert status == AGAINST
    assert "abba (pages=2, flushers=1): writearound is not safe: deadlock" in out
    (result,) = json.loads(target.read_text(encoding="utf-8"))["results"]
    assert result["params"] == {"pages": 2, "flushers": 1}
    assert result["trace"]["params"] == {"pages": 2, "flushers": 1}
    assert result["smallest"]["asked"] == {"pages": 3, "flushers": 1}


def test_smallest_of_a_safe_policy(check: Any) -> None:
    status, out, _ = check("pin_then_lock", "--scenario", "abba", "--smallest")
    assert status == SAFE
    assert "nothing fails at" in out


def test_sample(check: Any, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    status, out, _ = check("writearound", "--scenario", "abba", "--sample", "200", "--seed", "5", "--json", target)
    assert status == AGAINST
    assert "seed 5" in out
    (result,) = json.loads(target.read_text(encoding="utf-8"))["results"]
    assert result["verdict"] == "deadlock"
    assert result["sample"]["seed"] == 5
    again = check("writearound", "--scenario", "abba", "--sample", "200", "--seed", "5")[1]
    assert without_seconds(again) == without_seconds(out)


def without_seconds(text: str) -> list[str]:
    return [line for line in text.splitlines() if "steps between them" not in line]


def test_a_sample_never_says_safe(check: Any) -> None:
    status, out, _ = check("pin_then_lock", "--scenario", "abba", "--sample", "20", "--depth", "2")
    assert status == INCOMPLETE
    assert "d=2" in out
    assert "not settled (incomplete)" in out


def test_graph(check: Any, tmp_path: Path) -> None:
    target = tmp_path / "abba.json"
    status, out, _ = check("writearound", "--scenario", "abba", "--graph", target)
    assert (status, "deadlock" in out) == (AGAINST, True)
    data = json.loads(target.read_text(encoding="utf-8"))
    assert (data["format"], data["version"], data["scenario"]) == ("wbviz-graph", 1, "abba")
    drawing = tmp_path / "abba.dot"
    status, _, _ = check("write_ahead", "--scenario", "abba", "--graph", drawing)
    assert status == SAFE
    assert drawing.read_text(encoding="utf-8").startswith('digraph "abba write_ahead"')


def test_a_graph_that_is_too_large_writes_nothing(check: Any, tmp_path: Path) -> None:
    target = tmp_path / "storm.json"
    status, _, err = check("write_ahead", "--scenario", "storm", "--max-states", "50", "--graph", target)
    assert status == UNUSABLE
    assert "more than 50 states" in err
    assert not list(tmp_path.iterdir())


def test_a_limit_of_memory(check: Any) -> None:
    status, out, _ = check("pin_then_lock", "--scenario", "abba", "--max-memory", "1")
    assert status == INCOMPLETE
    assert "more than 1 MiB of memory" in out
    status, out, _ = check("pin_then_lock", "--scenario", "abba", "--max-memory", "1", "--sample", "10")
    assert status == INCOMPLETE
    assert "more than 1 MiB of memory; 0 of 10 schedules" in out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--locks", "--smallest"), "not allowed with"),
        (("--sample", "5", "--locks"), "not allowed with"),
        (("--graph", "x.json", "--smallest"), "not allowed with"),
        (("--sample", "0"), "not a whole number above 0"),
        (("--sample", "many"), "not a whole number above 0"),
        (("--sample", "5", "--seed", "-1"), "not a whole number from 0 on"),
        (("--seed", "5"), "--seed is for a sample"),
        (("--depth", "5"), "--depth is for a sample"),
        (("--sample", "5", "--max-states", "10"), "explores nothing"),
        (("--graph", "x.json"), "--graph takes one scenario"),
        (("--graph", "x.json", "--scenario", "abba", "--scenario", "polite"), "--graph takes one scenario"),
        (("--graph", "x.svg", "--scenario", "abba"), "ends in .json"),
        (("--graph", "-", "--scenario", "abba"), "ends in .json"),
        (("--graph", "x.json", "--scenario", "abba", "--json", "y.json"), "one at a time"),
        (("--max-memory", "0"), "not a whole number above 0"),
    ],
)
def test_what_does_not_go_together(check: Any, options: tuple[str, ...], said: str) -> None:
    status, out, err = check("pin_then_lock", *options)
    assert (status, out) == (UNUSABLE, "")
    assert said in " ".join(err.split())


def test_ctrl_c_leaves_the_other_scenarios(check: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("wbviz.check.watch.ProgressLine.exploring", stop)
    status, out, err = check("pin_then_lock", "--scenario", "abba", "--scenario", "polite")
    assert status == INCOMPLETE
    assert "polite" not in out
    assert "1 more not begun" in err
