"""What the pages of the exercises ask: a grade with its lessons, a certificate."""

from __future__ import annotations

from typing import Any

from wbviz.certify.certify import certify as certified
from wbviz.certify.report import to_json
from wbviz.grade.exercise import load_exercise
from wbviz.grade.report import lesson, said
from wbviz.grade.result import PropertyResult
from wbviz.grade.score import grade_policy
from wbviz.page.asked import Asked, Json, Report
from wbviz.viz.stage.frames import film


def grade(asked: Asked, tell: Report) -> Json:
    """An exercise's report as `grade --format json` has it.

    Each property has also "said", a sentence; "lesson", its parts {"label", "words", "fixed"} where it does not hold;
    and "film", what the player plays, or null. Unofficial: no secret seed, and the policy runs beside its judge.
    """
    exercise = load_exercise(asked.text("exercise", longest=100))

    def told(where: str, states: int) -> None:
        tell({"scenario": where, "states": states})

    report = grade_policy(exercise, asked.policy(), told=told)
    data = report.to_json()
    for one, entry in zip(report.properties, data["properties"], strict=True):
        entry |= _taught(one)
    return data


def _taught(one: PropertyResult) -> dict[str, Any]:
    trace = one.failure.trace if one.failure else None
    counted = one.points < one.possible and (one.failure is not None or bool(one.rule))
    return {
        "said": said(one),
        "lesson": [part._asdict() for part in lesson(one)] if counted else [],
        "film": film(trace).bundle() if trace is not None and trace.steps else None,
    }


def certify(asked: Asked, tell: Report) -> Json:
    """A proof for every size, or where it fails: as `certify --json`, its "error" as "problem"."""
    del tell
    data = to_json(certified(asked.policy()))
    if (error := data.pop("error")) is not None:  # in an answer it is words
        data["problem"] = error
    return data
