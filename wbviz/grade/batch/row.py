"""A line of the table of grades: what a class's results come down to, a student each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from wbviz.grade.batch.job import UNUSABLE
from wbviz.grade.batch.late import LatePolicy
from wbviz.grade.collect.submission import Submission, Who


@dataclass(frozen=True)
class Row:
    """One student. `points` is None where nothing was graded; `final` is what is left of it after lateness.

    properties: points by property. tier: the sandbox. problem: why nothing was graded, and what to do.
    """

    who: Who
    slug: str
    status: str
    points: float | None
    total: int
    properties: Mapping[str, float] = field(default_factory=dict)
    tier: str = ""
    problem: str = ""
    notes: tuple[str, ...] = ()
    submitted: datetime | None = None
    final: float | None = None
    late: str = ""

    @property
    def student(self) -> str:
        """Who, in a word."""
        return self.who.student

    def to_json(self) -> dict[str, Any]:
        """The row as JSON-able data."""
        stamp = self.submitted.isoformat() if self.submitted else None
        return {**asdict(self), "notes": list(self.notes), "submitted": stamp, "properties": dict(self.properties)}


def row_of(
    submission: Submission,
    record: Mapping[str, Any] | None,
    failure: tuple[str, str] | None,
    total: int,
    times: Mapping[str, datetime | None],
    late: LatePolicy | None,
) -> Row:
    """The row of a submission: from its record, or from (status, problem) if it has none."""
    submitted = times.get(submission.student) or times.get(submission.who.email) or submission.submitted
    base = {
        "who": submission.who,
        "slug": submission.slug,
        "total": total,
        "notes": submission.notes,
        "submitted": submitted,
    }
    if record is None:
        status, problem = failure or (UNUSABLE, submission.problem)
        return Row(status=status, points=None, problem=problem, **base)  # type: ignore[arg-type]
    report = record["report"]
    if not report["gradable"]:
        return Row(status=record["status"], points=None, problem=report["problem"], tier=report["tier"], **base)  # type: ignore[arg-type]
    points = float(report["points"])
    lost, why = 0.0, ""
    if late is not None:
        if submitted is None:
            why = "no time of submission is known: nothing was taken off"
        else:
            lost, why = late.deducted(submission.student, submitted, total)
    return Row(
        status=record["status"],
        points=points,
        properties={one["name"]: one["points"] for one in report["properties"]},
        tier=report["tier"],
        final=max(0.0, round(points - lost, 4)),
        late=why,
        **base,  # type: ignore[arg-type]
    )
