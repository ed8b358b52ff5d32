"""A report as PrairieLearn's external grading results.

The format: docs/externalGrading.md in PrairieLearn/PrairieLearn. `score` is from 0 to 1; `gradable: false` with
`format_errors` for a file that is no policy, which costs no attempt; the whole at most 1 MB.
"""

from __future__ import annotations

from typing import Any

from wbviz.grade.report import basis, headline, lesson_text
from wbviz.grade.result import Report

MOST = 16_000
"""Characters of one test's output: nine of them, each character six bytes as JSON may write it, stay below 1 MB."""


def prairielearn(report: Report) -> dict[str, Any]:
    """The results of a report, without what hidden scenarios are: the student sees all of it at once."""
    public = report.public()
    if not public.gradable:
        return {"gradable": False, "format_errors": [public.problem], "message": basis(public)}
    return {
        "gradable": True,
        "score": round(public.points / public.total, 6) if public.total else 0.0,
        "message": headline(public),
        "output": basis(public),
        "tests": [
            {
                "name": one.title,
                "description": one.verdict,
                "points": one.points,
                "max_points": one.possible,
                "message": one.sentence[:1000],
                "output": lesson_text(one)[:MOST],
            }
            for one in public.properties
        ],
    }


def grader_failed() -> dict[str, Any]:
    """The results where the grader itself failed."""
    return not_gradable(
        "The grader failed; this is not your fault, and costs no attempt. "
        "Submit again, and if it fails again tell your instructor, who sees the details."
    )


def not_gradable(problem: str) -> dict[str, Any]:
    """The results of a submission in which there is no policy to grade."""
    return {"gradable": False, "format_errors": [problem]}
