"""Scenarios of one's own: what a description becomes, and what is said of one that cannot be."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import wbviz
from wbviz.check.check import check_scenario
from wbviz.errors import ScenarioError
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import SCENARIOS, build
from wbviz.scenarios.described import BESIDE, described, parse_scenario, read_scenario

ROOT = Path(__file__).parents[2]
ABBA = """
claim = "A writer goes up while the flusher goes down."
[files]
A = 2
[[task]]
program = "kswapd"
pages = ["A1"]
[[task]]
program = "writer"
pages = ["A0", "A1"]
"""


def test_a_description_is_the_scenario_that_it_describes() -> None:
    mine, known = parse_scenario(ABBA), build("abba")
    assert (mine.world, mine.pages, mine.inodes, mine.tasks) == (known.world, known.pages, known.inodes, known.tasks)
    assert (mine.name, mine.claim) == ("mine", "A writer goes up while the flusher goes down.")
    found, expected = (check_scenario(load_policy("writearound"), one) for one in (mine, known))
    assert (found.verdict, found.states) == (expected.verdict, expected.states) == ("deadlock", expected.states)


def test_each_program_beside_a_policy_can_be_named() -> None:
    arguments = {
        "kswapd": {"pages": ["A0"], "works": 1, "any_order": True},
        "writer": {"pages": ["A0", "A1"]},
        "polite": {"pages": ["A0", "A1"]},
        "truncate": {"pages": ["A0"]},
        "reader": {"page": "A0", "endless": True},
        "cleaner": {"page": "A0"},
        "dirtier": {"page": "A0"},
        "sync": {"file": "A"},
        "unlink": {"file": "A", "dirties": ["A1"]},
        "umount": {"files": ["A"]},
        "fsync": {"pages": ["A0", "A1"]},
        "prepare": {"pages": ["A0", "A1"]},
    }
    assert set(arguments) == set(BESIDE)
    tasks = [{"program": name, **given} for name, given in arguments.items()]
    scenario = described({"files": {"A": 2}, "owners": ["A"], "task": tasks})
    assert [task.program for task in scenario.tasks[: len(tasks)]] == list(arguments)


def test_tasks_of_one_kind_are_numbered_and_all_pages_are_taken() -> None:
    kswapd = {"program": "kswapd", "pages": ["A0", "A1"]}
    scenario = described({"files": {"A": 2}, "task": [kswapd, kswapd], "flushers": 2, "queue_limit": 0})
    assert [task.name for task in scenario.tasks] == ["kswapd", "kswapd2", "flusher", "flusher2", "disk"]
    assert scenario.tasks[0].argument == ("tuple", ("tuple", ("page", 0), ("page", 1)), ("int", 2), False)
    assert scenario.world.queue_limit == 0


KSWAPD = {"program": "kswapd", "pages": ["A0"]}
WRONG = {
    "nothing": ({}, "needs files"),
    "no task": ({"files": {"A": 1}}, "needs tasks"),
    "nobody calls": ({"files": {"A": 1}, "task": [{"program": "reader", "page": "A0"}]}, "nobody hands a page"),
    "key": ({"files": {"A": 1}, "task": [KSWAPD], "flusher": 2}, "perhaps you meant flushers"),
    "argument": ({"files": {"A": 1}, "task": [KSWAPD | {"page": "A0"}]}, "perhaps you meant pages"),
    "missing": ({"files": {"A": 1}, "task": [{"program": "kswapd"}]}, "a kswapd needs pages"),
    "program": ({"files": {"A": 1}, "task": [{"program": "kswap", "pages": ["A0"]}]}, "perhaps you meant kswapd"),
    "inner program": ({"files": {"A": 1}, "task": [KSWAPD, {"program": "disk"}]}, "no program disk"),
    "page": ({"files": {"A": 1}, "task": [{"program": "kswapd", "pages": ["A1"]}]}, "no pages A1"),
    "twice": ({"files": {"A": 1}, "task": [{"program": "kswapd", "pages": ["A0", "A0"]}]}, "something twice"),
    "file": ({"files": {"AB": 1}, "task": [KSWAPD]}, "one letter"),
    "count": ({"files": {"A": 0}, "task": [KSWAPD]}, "number of pages"),
    "true count": ({"files": {"A": True}, "task": [KSWAPD]}, "number of pages"),
    "many": ({"files": {"A": 65}, "task": [KSWAPD]}, "too many pages"),
    "tasks": ({"files": {"A": 1}, "task": [KSWAPD] * 13}, "13 tasks"),
    "same name": ({"files": {"A": 1}, "task": [KSWAPD | {"name": "k"}] * 2}, "two tasks are called k"),
    "filesystem": ({"files": {"A": 1}, "task": [KSWAPD], "filesystem": "ext4"}, "no filesystem ext4"),
    "cluster": ({"files": {"A": 1}, "task": [KSWAPD], "cluster": 2}, "and no others"),
    "limit": ({"files": {"A": 1}, "task": [KSWAPD], "queue_limit": -1}, "queue_limit is out of range"),
    "flag": ({"files": {"A": 1}, "task": [KSWAPD], "igrab": 1}, "true or false"),
    "unlink": ({"files": {"A": 1}, "task": [KSWAPD, {"program": "unlink", "file": "A"}]}, "does not hold"),
    "list": ({"files": {"A": 1}, "task": [{"program": "kswapd", "pages": "A0"}]}, "a list of pages"),
    "taken": ({"files": {"A": 1}, "task": [KSWAPD], "name": "abba"}, "the book has a scenario abba"),
    "name": ({"files": {"A": 1}, "task": [KSWAPD], "name": " "}, "a text of 200"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_explains_itself(case: str) -> None:
    data, words = WRONG[case]
    with pytest.raises(ScenarioError) as caught:
        described(data)
    assert words in str(caught.value)


def test_a_file_that_is_not_there_or_no_toml_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot read"):
        read_scenario(tmp_path / "none.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("[files\n")
    with pytest.raises(ScenarioError, match="not TOML"):
        read_scenario(broken)
    broken.write_bytes(b"\xff")
    with pytest.raises(ScenarioError, match="not UTF-8"):
        read_scenario(broken)


def test_the_file_gives_the_name(tmp_path: Path) -> None:
    file = tmp_path / "up-and-down.toml"
    file.write_text(ABBA)
    assert read_scenario(file).name == "up-and-down"


def test_a_notebook_takes_a_description() -> None:
    tasks = [KSWAPD, {"program": "writer", "pages": ["A0"]}]
    assert wbviz.check("pin_then_lock", scenario={"files": {"A": 1}, "task": tasks}).verdict == "safe"


def wbviz_check(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "wbviz", "check", "writearound", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_command_line_takes_a_file(tmp_path: Path) -> None:
    file, kept = tmp_path / "up-and-down.toml", tmp_path / "result.json"
    file.write_text(ABBA)
    done = wbviz_check("--scenario-file", str(file), "--json", str(kept))
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("up-and-down: writearound is not safe: deadlock\n")
    assert "play it:" not in done.stdout  # a schedule names a scenario of the book
    (result,) = json.loads(kept.read_text())["results"]
    assert (result["scenario"], result["verdict"], result["params"]) == ("up-and-down", "deadlock", {})
    assert result["trace"]


def test_what_a_file_cannot_do_is_told(tmp_path: Path) -> None:
    file = tmp_path / "up-and-down.toml"
    file.write_text(ABBA)
    for more in (("--smallest",), ("--set", "pages=3")):
        done = wbviz_check("--scenario-file", str(file), *more)
        assert done.returncode == 3
        assert more[0] in done.stderr
        assert "Traceback" not in done.stderr


def test_no_scenario_of_the_book_has_the_name_that_descriptions_get() -> None:
    assert "mine" not in SCENARIOS
