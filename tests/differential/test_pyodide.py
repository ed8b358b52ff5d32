"""The same code in the Python of browsers: the same verdicts, traces and numbers of states."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.bench import pyodide
from tests.differential.jobs import JOBS
from wbviz.check.check import check_scenario
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import build


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    """All jobs in one process of Node. Without it a person's run skips and says how to get it; CI fails."""
    reason = pyodide.missing()
    if reason and os.environ.get("CI") == "true":
        pytest.fail(f"CI has to have Pyodide: {reason}")
    if reason:
        pytest.skip(f"NOT TRIED IN A BROWSER'S PYTHON: {reason}")
    return pyodide.check(JOBS)


def test_it_is_another_python(said: dict[str, Any]) -> None:
    assert said["platform"] == "emscripten"
    assert len(said["results"]) == len(JOBS) > 40


@pytest.mark.parametrize("number", range(len(JOBS)), ids=[f"{scenario}-{policy}" for policy, scenario, _ in JOBS])
def test_it_says_the_same(said: dict[str, Any], number: int) -> None:
    policy, scenario, params = JOBS[number]
    here = check_scenario(load_policy(policy), build(scenario, params)).to_json()
    there = said["results"][number]
    assert {key: there[key] for key in here if key != "seconds"} == {key: here[key] for key in here if key != "seconds"}
