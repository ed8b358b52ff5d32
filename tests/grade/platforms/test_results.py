"""Results as Gradescope and PrairieLearn document them, whatever was handed in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.grade.batch.helping import SEED, small_exercise, source
from tests.grade.platforms.schemas import GRADESCOPE, PRAIRIELEARN, PRAIRIELEARN_BYTES
from wbviz.grade.batch.job import judge
from wbviz.grade.exercise import load_exercise
from wbviz.grade.platforms.gradescope import broken, gradescope, nothing
from wbviz.grade.platforms.prairielearn import not_gradable, prairielearn
from wbviz.grade.result import Report

# A policy that the public scenarios of the small exercise let pass: it goes wrong only where its page is truncated.
POLICIES = {
    "right": source("pin_then_lock"),
    "deadlock": source("writearound"),
    "freed": source("no_pin"),
    "no Python": "def enqueue(:\n",
    "imports": "import os\n" + source("pin_then_lock"),
    "hostile text": "# `](javascript:alert(1)) <script>alert(1)</script>\n" + source("no_recheck"),
}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Report, Report]]:
    """For each policy the report without and with the secret seed."""
    exercise = load_exercise(small_exercise(tmp_path_factory.mktemp("platforms")))
    return {
        name: (judge(text.encode(), exercise, None, False), judge(text.encode(), exercise, SEED, False))
        for name, text in POLICIES.items()
    }


def valid(results: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    again: dict[str, Any] = json.loads(json.dumps(results))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(again)
    return again


@pytest.mark.parametrize("name", POLICIES)
def test_gradescope(reports: dict[str, tuple[Report, Report]], name: str) -> None:
    public, whole = reports[name]
    results = valid(gradescope(public, whole), GRADESCOPE)
    assert results["score"] == whole.points
    assert results["stdout_visibility"] == "hidden"
    if not public.gradable:
        assert "shows that as 0 points" in results["output"]
        assert "costs nothing" not in results["output"], "Gradescope shows 0 points, and nobody believes that"
        assert "ask the student" not in results["output"], "it is the student who reads this"
        return
    assert sum(test["score"] for test in results["tests"]) == pytest.approx(results["score"])
    assert sum(test["max_score"] for test in results["tests"]) == whole.total
    *shown, hidden = results["tests"]
    assert hidden["visibility"] == "after_published"
    assert all(test["visibility"] == "visible" for test in shown)
    assert "hidden" not in json.dumps(shown), "a visible test tells of hidden scenarios"


def test_gradescope_without_a_seed_has_no_hidden_test(reports: dict[str, tuple[Report, Report]]) -> None:
    results = valid(gradescope(reports["right"][0]), GRADESCOPE)
    assert {test["visibility"] for test in results["tests"]} == {"visible"}
    assert results["score"] == 100


@pytest.mark.parametrize("results", [broken("MemoryError"), nothing("no policy.py")])
def test_gradescope_gets_its_file_when_nothing_was_graded(results: dict[str, Any]) -> None:
    assert valid(results, GRADESCOPE)["score"] == 0


@pytest.mark.parametrize("name", POLICIES)
def test_prairielearn(reports: dict[str, tuple[Report, Report]], name: str) -> None:
    whole = reports[name][1]
    results = valid(prairielearn(whole), PRAIRIELEARN)
    assert len(json.dumps(results).encode()) < PRAIRIELEARN_BYTES
    assert results["gradable"] is whole.gradable
    if whole.gradable:
        assert results["score"] == pytest.approx(whole.points / whole.total)
        assert sum(test["points"] for test in results["tests"]) == pytest.approx(whole.points)
    else:
        assert "score" not in results
        assert results["format_errors"] == [whole.problem]
    assert "hidden-1" not in json.dumps(results)


def test_a_file_that_does_not_parse_is_not_gradable(reports: dict[str, tuple[Report, Report]]) -> None:
    assert prairielearn(reports["no Python"][0])["gradable"] is False
    assert valid(not_gradable("it is empty"), PRAIRIELEARN)["gradable"] is False


def test_a_long_lesson_is_cut_to_what_prairielearn_takes(reports: dict[str, tuple[Report, Report]]) -> None:
    whole = reports["freed"][1]
    long = tuple(one._replace(sentence="\u2026" * 500_000) for one in whole.properties)
    assert len(json.dumps(prairielearn(whole._replace(properties=long))).encode()) < PRAIRIELEARN_BYTES
