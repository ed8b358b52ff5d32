"""Reports as Gradescope's results.json.

The format: docs/specs.md in gradescope/autograder_samples. A test with the visibility `after_published` is not shown,
and the total with it, until the instructor publishes the grades: so nobody finds out about hidden scenarios by handing
in again and again.
"""

from __future__ import annotations

from typing import Any

from wbviz.grade.report import basis, headline, lesson_text
from wbviz.grade.result import PropertyResult, Report

MOST = 100_000


def gradescope(public: Report, whole: Report | None = None) -> dict[str, Any]:
    """The results of a submission.

    public: graded without the secret seed; the student sees it. whole: graded with it; its points count, and what it
    takes off stands in one test of its own.
    """
    counts = whole or public
    if not public.gradable:
        return not_graded(public.problem)
    tests = [_test(one) for one in public.properties]
    if whole is not None:
        tests.append(
            {
                "name": "Hidden scenarios",
                "score": round(whole.points - public.points, 6),
                "max_score": 0.0,
                "output": "\n".join(f"{one.title}: {one.sentence}" for one in whole.public().properties),
                "visibility": "after_published",
            }
        )
    return {
        "score": float(counts.points),
        "output": f"{headline(public)}\n{basis(public)}\nSandbox: {counts.tier}.",
        "stdout_visibility": "hidden",
        "tests": tests,
    }


def _test(one: PropertyResult) -> dict[str, Any]:
    return {
        "name": one.title,
        "score": float(one.points),
        "max_score": float(one.possible),
        "output": f"{one.verdict}\n{lesson_text(one)}"[:MOST],
        "visibility": "visible",
    }


def not_graded(problem: str) -> dict[str, Any]:
    """The results where there was no policy to grade: what the student has to do."""
    return nothing(
        "Nothing was graded yet, and Gradescope shows that as 0 points. Mend what is said below and hand in again: "
        f"only what can be graded has points.\n\n{problem}"
    )


def nothing(output: str) -> dict[str, Any]:
    """The results where nothing was graded. Gradescope wants points all the same: none."""
    return {"score": 0.0, "output": output, "stdout_visibility": "hidden", "tests": []}


def broken(why: str) -> dict[str, Any]:
    """The results where the autograder itself failed."""
    return nothing(
        f"The autograder failed; this is not your fault, and these are not your points.\n{why}\n"
        "Submit again, and if it fails again tell your instructor, who sees the details."
    )
