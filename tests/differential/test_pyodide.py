"""The same code in the Python of browsers: the same verdicts, traces and numbers of states."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.bench import pyodide
from tests.differential.jobs import JOBS, NAMES, is_the_same_here


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


@pytest.mark.parametrize("number", range(len(JOBS)), ids=NAMES)
def test_it_says_the_same(said: dict[str, Any], number: int) -> None:
    is_the_same_here(number, said["results"][number])
