"""Regrading: what differs from an earlier result."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from wbviz.errors import UsageError
from wbviz.grade.batch.row import Row
from wbviz.grade.batch.tables import number


def load_earlier(path: Path) -> dict[str, dict[str, Any]]:
    """The rows of an earlier result by student: from its folder, or its grades.json. UsageError if it is none."""
    file = path / "grades.json" if path.is_dir() else path
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        if data["format"] != "wbviz-grades":
            raise KeyError("format")
        return {row["who"]["student"]: row for row in data["rows"]}
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise UsageError(
            f"{path} is not an earlier result",
            came=str(error) or type(error).__name__,
            expected="a folder that --out wrote, or the grades.json in it",
            fix="python -m wbviz grade 02-pin-then-lock submissions --out second --against first",
        ) from None


def differences(rows: Sequence[Row], earlier: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """A line for each student whose result differs, with the properties that do; none if all is the same."""
    lines = []
    for row in rows:
        before = earlier.get(row.student)
        if before is None:
            lines.append(f"{row.student}: new, {_points(row.final, row.status)}")
            continue
        changes = []
        was, now = _points(before["final"], before["status"]), _points(row.final, row.status)
        if was != now:
            changes.append(f"{was} -> {now}")
        for name in [*before["properties"], *(n for n in row.properties if n not in before["properties"])]:
            old, new = before["properties"].get(name), row.properties.get(name)
            if old != new:
                changes.append(f"{name} {number(old) or 'none'} -> {number(new) or 'none'}")
        if changes:
            lines.append(f"{row.student}: {', '.join(changes)}")
    here = {row.student for row in rows}
    return lines + [f"{student}: not there any more" for student in earlier if student not in here]


def _points(final: float | None, status: str) -> str:
    return status if final is None else number(final)
