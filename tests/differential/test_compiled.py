"""The same code compiled: the same verdicts, traces and numbers of states, and the checker's own tests pass on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.differential.jobs import JOBS, NAMES, is_the_same_here
from wbviz.commands.compiled import MODULES, build_in, environment, missing

ROOT = Path(__file__).parents[2]
CHECK = """
import json, sys
from wbviz.check import graph
from wbviz.check.check import check_scenario
from wbviz.check.reduced import search
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import build
results = [check_scenario(load_policy(policy), build(scenario, params)).to_json()
           for policy, scenario, params in json.loads(sys.argv[1])]
print(json.dumps({"files": [search.__file__, graph.__file__], "results": results}))
"""


@pytest.fixture(scope="module")
def compiled() -> Path:
    """The folder with the compiled form. Without a compiler a person's run skips and says so; CI fails."""
    reason = missing()
    if reason and os.environ.get("CI") == "true":
        pytest.fail(f"CI has to have a compiler: {reason}")
    if reason:
        pytest.skip(f"NOT COMPILED: {reason}")
    return build_in(ROOT)


@pytest.fixture(scope="module")
def said(compiled: Path) -> dict[str, Any]:
    """All jobs in one process of the compiled form."""
    command = [sys.executable, "-c", CHECK, json.dumps(JOBS)]
    done = subprocess.run(command, env=environment(compiled), capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def test_it_is_compiled(said: dict[str, Any], compiled: Path) -> None:
    for file in map(Path, said["files"]):
        assert file.is_relative_to(compiled)
        assert file.suffix in (".so", ".pyd")
    assert not list((ROOT / "wbviz").rglob("*.so")), "nothing compiled lies beside the sources"
    assert all((compiled / "wbviz" / module).exists() for module in MODULES)


@pytest.mark.parametrize("number", range(len(JOBS)), ids=NAMES)
def test_it_says_the_same(said: dict[str, Any], number: int) -> None:
    is_the_same_here(number, said["results"][number])


def test_the_tests_of_the_checker_pass_on_it(compiled: Path) -> None:
    """All but the one that holds a weak reference to a machine, which a compiled object does not give, the one that
    puts another function in place of one that compiled code calls directly, and the one that derives a class from a
    compiled one."""
    but = (
        "tests/check/test_reproducible.py::test_a_machine_is_gone_when_its_graph_is",
        "tests/check/test_cross.py::test_ctrl_c_during_the_comparison_is_told",
        "tests/check/test_remembered.py::test_what_is_remembered_of_a_choice_is_what_would_be_chosen",
    )
    left_out = [word for name in but for word in ("--deselect", name)]
    tests = ["tests/check", "tests/kernel", *left_out, "-o", f"pythonpath={compiled.relative_to(ROOT)} ."]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(command, cwd=ROOT, env=environment(compiled), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
    assert " passed" in done.stdout


def test_what_was_compiled_before_is_not_compiled_again(compiled: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in compiled.rglob("*.so")}
    assert build_in(ROOT) == compiled
    assert {path: path.stat().st_mtime_ns for path in compiled.rglob("*.so")} == before
