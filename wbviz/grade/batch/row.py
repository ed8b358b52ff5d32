"""A line of the table of grades: what a class's results come down to, a student each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from wbviz.grade.batch.job import FAILED, UNUSABLE
from wbviz.grade.batch.late import Lateness
from wbviz.grade.collect.submission import Submission, Who


@dataclass(frozen=True)
class Row:
    """One student. `points` is None where nothing was graded; `final` is what is left of it after lateness.

    properties: points by property. tier: the sandbox. problem: why nothing was graded, and what to do. excused: there
    is no final mark, and that is meant.
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
    excused: bool = False

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
    place: int,
    record: Mapping[str, Any] | None,
    failure: tuple[str, str] | None,
    total: int,
    lateness: Lateness,
) -> Row:
    """The row of a submission: from its record, or from (status, problem) if it has none.

    place: of the student among those whom `lateness` speaks of.
    """
    submitted = lateness.times.get(place) or submission.submitted
    excused = place in lateness.excused
    row = Row(
        submission.who,
        submission.slug,
        UNUSABLE,
        None,
        total,
        notes=submission.notes,
        submitted=submitted,
        late="excused" if excused else "",
        excused=excused,
    )
    if record is None:
        status, problem = failure or (FAILED if submission.internal else UNUSABLE, submission.problem)
        return replace(row, status=status, problem=problem)
    report = record["report"]
    row = replace(row, status=record["status"], tier=report["tier"])
    if not report["gradable"]:
        return replace(row, problem=report["problem"])
    points = float(report["points"])
    row = replace(row, points=points, properties={one["name"]: one["points"] for one in report["properties"]})
    if excused:
        return row
    lost, why = 0.0, ""
    if lateness.policy is not None and submitted is None:
        late = ", and the platform calls it late" if submission.late else ""
        why = f"no time of submission is known{late}: nothing was taken off"
    elif lateness.policy is not None and submitted is not None:
        lost, why = lateness.policy.deducted(lateness.due.get(place), submitted, total)
    return replace(row, final=max(0.0, round(points - lost, 4)), late=why)
