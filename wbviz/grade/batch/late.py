"""The late policy: a file of the instructor's and the time at which a submission came. Never the clock.

due = 2026-11-20T23:59:00+01:00
grace_minutes = 10
percent_per_day = 10       # of the points there are, for each day begun
percent_at_most = 50
closed_after_days = 7      # later than this: no points

excused = ["bob"]          # no points, and none taken: Canvas gets EX

[extensions]               # another time for somebody
ada = 2026-11-25T23:59:00+01:00

A student is called by the name in the table of grades, or by login, number, e-mail address or full name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from wbviz.errors import UsageError
from wbviz.grade.batch.people import meant, nobody_called
from wbviz.grade.batch.roster import STUDENT, load_table, words_in
from wbviz.grade.collect.submission import Who

_EXAMPLE = "due = 2026-11-20T23:59:00+01:00\npercent_per_day = 10"
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
    excused: Sequence[str] = ()

    def deducted(self, due: datetime | None, submitted: datetime, total: float) -> tuple[float, str]:
        """Points to take off, at most all there are, and why in words ("" if it was in time).

        due: the student's own time, if there is an extension.
        """
        late = submitted - (due or self.due)
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
    extensions, excused = data.pop("extensions", {}), data.pop("excused", [])
    numbers = {"grace_minutes", "percent_per_day", "percent_at_most", "closed_after_days"}
    for key, value in data.items():
        if key not in numbers | {"due"}:
            raise _wrong(path, key, value, f"one of: due, {', '.join(sorted(numbers))}, excused, [extensions]")
        if key in numbers and (type(value) not in (int, float) or not 0 <= value < 1e6):
            raise _wrong(path, key, value, "a number from 0 on")
    if not isinstance(excused, list) or not all(isinstance(one, str) for one in excused):
        raise _wrong(path, "excused", excused, 'a list of students: excused = ["bob"]')
    if not isinstance(extensions, dict):
        raise _wrong(path, "extensions", extensions, "a table: a student, and a date with a time zone")
    for key, value in {"due": data.get("due"), **extensions}.items():
        if not (isinstance(value, datetime) and value.tzinfo is not None):
            raise _wrong(path, key, value, "a date and a time with a time zone")
    return LatePolicy(**data, extensions=extensions, excused=tuple(excused))


class Time(NamedTuple):
    """A row of the table of times: all words that tell who, and when, None where that is empty."""

    words: tuple[str, ...]
    submitted: datetime | None


def load_times(path: Path) -> list[Time]:
    """When each student handed in, from a CSV file with columns for the student and one for the time (ISO 8601)."""
    header, rows = load_table(path, "the times")
    when = next((header.index(name) for name in _TIME if name in header), None)
    if when is None or not set(header) & set(STUDENT):
        raise UsageError(
            f"{path} has no column for the student, or none for the time",
            came=", ".join(header)[:200],
            expected=f"one of {', '.join(STUDENT)}; and one of {', '.join(_TIME)}",
            fix="student,submitted\nada,2026-11-20T22:15:00+01:00",
        )
    times = []
    for number, row in enumerate(rows, 2):
        words, text = words_in(header, row), row[when] if when < len(row) else ""
        if words:
            times.append(Time(words, _time(path, number, text) if text else None))
    return times


class Lateness(NamedTuple):
    """The late policy and the times, each with the student whom it means, by place; and lines on what means nobody."""

    policy: LatePolicy | None
    times: Mapping[int, datetime | None]
    due: Mapping[int, datetime]
    excused: frozenset[int]
    remarks: tuple[str, ...]


def lateness(policy: LatePolicy | None, times: Sequence[Time], everybody: Sequence[Who]) -> Lateness:
    """Who is meant by each name in the instructor's files.

    Where a single student is graded, and not the class, only names that look misspelt are told.
    """
    one = len(everybody) == 1
    when = meant([(time.words, time.submitted) for time in times], everybody)
    due = meant([((name,), date) for name, date in (policy.extensions if policy else {}).items()], everybody)
    free = meant([((name,), True) for name in (policy.excused if policy else ())], everybody)
    empty = {time.words[0] for time in times if time.submitted is None}
    absent = [name for name in when.nobody if name in empty]
    lost = [name for name in when.nobody if name not in empty]
    remarks = nobody_called("handed nothing in", absent, everybody, one)
    remarks += nobody_called("no submission here, though there is a time of one", lost, everybody, one)
    remarks += nobody_called("an extension for somebody of whom nothing is here", due.nobody, everybody, one)
    remarks += nobody_called("excused, and nothing is here", free.nobody, everybody, one)
    for what, found in (("a time", when), ("an extension", due), ("excused", free)):
        remarks += [
            f"{what} that could mean more than one student, and so means none: {name}" for name in found.several
        ]
        remarks += [f"{what} for a student who has one already, not used: {name}" for name in found.twice]
    return Lateness(policy, when.by_place, due.by_place, frozenset(free.by_place), tuple(remarks))


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
