"""The late policy: a file of the instructor's and the time at which a submission came. Never the clock.

due = 2026-11-20T23:59:00+01:00
grace_minutes = 10
percent_per_day = 10       # of the points there are, for each day begun
percent_at_most = 50
closed_after_days = 7      # later than this: no points

[extensions]               # another time for somebody, by the name in the table of grades
ada = 2026-11-25T23:59:00+01:00
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from wbviz.errors import UsageError
from wbviz.grade.collect.submission import Who

_EXAMPLE = "due = 2026-11-20T23:59:00+01:00\npercent_per_day = 10"
_STUDENT = ("student", "sis login id", "username", "email address", "email", "sid", "id")
_TIME = ("submitted", "submission time", "submitted at", "timestamp", "last modified (submission)")


@dataclass(frozen=True)
class LatePolicy:
    """What lateness costs. `due` and extensions have time zones; percentages are of the points there are."""

    due: datetime
    grace_minutes: float = 0
    percent_per_day: float = 0
    percent_at_most: float = 100
    closed_after_days: float | None = None
    extensions: Mapping[str, datetime] = field(default_factory=dict)

    def deducted(self, student: str, submitted: datetime, total: float) -> tuple[float, str]:
        """Points to take off, at most all there are, and why in words ("" if it was in time)."""
        late = submitted - self.extensions.get(student, self.due)
        if late <= timedelta(minutes=self.grace_minutes):
            return 0.0, ""
        if self.closed_after_days is not None and late > timedelta(days=self.closed_after_days):
            return total, f"more than {self.closed_after_days:g} days late"
        days = -(-late // timedelta(days=1))
        percent = min(self.percent_at_most, self.percent_per_day * days)
        return round(total * percent / 100, 4), f"{days} {'day' if days == 1 else 'days'} late, {percent:g}% less"


def load_late_policy(path: Path) -> LatePolicy:
    """The policy in a TOML file. UsageError says which key is wrong."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"cannot read the late policy {path}: {error}", expected="TOML", fix=_EXAMPLE) from None
    extensions = data.pop("extensions", {})
    numbers = {"grace_minutes", "percent_per_day", "percent_at_most", "closed_after_days"}
    for key, value in data.items():
        if key not in numbers | {"due"}:
            raise _wrong(path, key, value, f"one of: due, {', '.join(sorted(numbers))}, [extensions]")
        if key in numbers and (type(value) not in (int, float) or not 0 <= value < 1e6):
            raise _wrong(path, key, value, "a number from 0 on")
    if not isinstance(extensions, dict):
        raise _wrong(path, "extensions", extensions, "a table: a student, and a date with a time zone")
    for key, value in {"due": data.get("due"), **extensions}.items():
        if not (isinstance(value, datetime) and value.tzinfo is not None):
            raise _wrong(path, key, value, "a date and a time with a time zone")
    return LatePolicy(**data, extensions=extensions)


def load_times(path: Path) -> dict[str, datetime | None]:
    """When each student handed in, from a CSV file with a column for the student and one for the time (ISO 8601).

    None for a student whose time is empty.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"cannot read the times in {path}: {error}", expected="CSV in UTF-8") from None
    header = [name.strip().lower() for name in rows[0]] if rows else []
    who = next((header.index(name) for name in _STUDENT if name in header), None)
    when = next((header.index(name) for name in _TIME if name in header), None)
    if who is None or when is None:
        raise UsageError(
            f"{path} has no column for the student, or none for the time",
            came=", ".join(header)[:200],
            expected=f"one of {', '.join(_STUDENT)}; and one of {', '.join(_TIME)}",
            fix="student,submitted\nada,2026-11-20T22:15:00+01:00",
        )
    times: dict[str, datetime | None] = {}
    for number, row in enumerate(rows[1:], 2):
        student, text = (row[column].strip() if column < len(row) else "" for column in (who, when))
        if student:
            times[student] = _time(path, number, text) if text else None
    return times


def absent(times: Mapping[str, datetime | None], handed_in: Iterable[Who]) -> list[str]:
    """Lines about students whom the table of times names, and of whom there is no submission."""
    here = {name for who in handed_in for name in (who.student, who.email)}
    nothing = [student for student, time in times.items() if student not in here and time is None]
    lost = [student for student, time in times.items() if student not in here and time is not None]
    lines = [f"handed nothing in: {', '.join(nothing)}"] if nothing else []
    if lost:
        lines.append(f"no submission here, though there is a time of one: {', '.join(lost)}")
    return lines


def _time(path: Path, line: int, text: str) -> datetime:
    try:
        stamp = datetime.fromisoformat(text)
    except ValueError:
        stamp = None
    if stamp is None or stamp.tzinfo is None:
        raise UsageError(
            f"{path}, line {line}: this is no time that can be compared",
            came=text[:60],
            expected="ISO 8601 with a time zone",
            cause="" if stamp is None else "without a time zone nobody knows which hour it was",
            fix="2026-11-20T22:15:00+01:00",
        )
    return stamp


def _wrong(path: Path, key: str, value: Any, expected: str) -> UsageError:
    came = "nothing" if value is None else str(value)[:60]
    return UsageError(f"the late policy {path} is wrong: {key}", came=came, expected=expected, fix=_EXAMPLE)
