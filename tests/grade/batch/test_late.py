"""What lateness costs: from files, to the minute, and the same on every day it is computed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from wbviz.errors import UsageError
from wbviz.grade.batch.late import LatePolicy, Time, lateness, load_late_policy, load_times
from wbviz.grade.collect.submission import Who

POLICY = """
due = 2026-11-20T23:59:00+01:00
grace_minutes = 10
percent_per_day = 10
percent_at_most = 40
closed_after_days = 7

[extensions]
eve = 2026-11-25T23:59:00+01:00
"""


def written(tmp_path: Path, text: str, name: str = "late.toml") -> Path:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / name


@pytest.mark.parametrize(
    ("student", "submitted", "deducted"),
    [
        ("ada", "2026-11-20T23:59:00+01:00", 0),
        ("ada", "2026-11-20T23:09:00+00:00", 0),  # ten minutes of grace, in another time zone
        ("ada", "2026-11-21T00:09:01+01:00", 20),
        ("ada", "2026-11-21T23:59:00+01:00", 20),
        ("ada", "2026-11-21T23:59:01+01:00", 40),
        ("ada", "2026-11-26T12:00:00+01:00", 80),  # six days begun would be 60%: at most 40
        ("ada", "2026-11-28T00:00:00+01:00", 200),
        ("eve", "2026-11-24T12:00:00+01:00", 0),
        ("eve", "2026-11-26T12:00:00+01:00", 20),
    ],
)
def test_points_taken_off(tmp_path: Path, student: str, submitted: str, deducted: float) -> None:
    late = load_late_policy(written(tmp_path, POLICY))
    lost, why = late.deducted(late.extensions.get(student), datetime.fromisoformat(submitted), 200)
    assert lost == deducted
    assert bool(why) == bool(deducted)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("percent_per_day = 10", "due"),
        ("due = 2026-11-20T23:59:00", "due"),
        ("due = 2026-11-20", "due"),
        ("due = 2026-11-20T23:59:00Z\npercent_per_day = -1", "percent_per_day"),
        ("due = 2026-11-20T23:59:00Z\npercent_a_day = 1", "percent_a_day"),
        ("due = 2026-11-20T23:59:00Z\nextensions = 1", "extensions"),
        ('due = 2026-11-20T23:59:00Z\nexcused = "bob"', "excused"),
        ("due = 2026-11-20T23:59:00Z\n[extensions]\nada = 5", "ada"),
        ("due = ", "cannot read the late policy"),
    ],
)
def test_a_wrong_policy_is_told(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_late_policy(written(tmp_path, text))
    assert says in str(caught.value)
    assert "due = 2026" in caught.value.fix


def test_times_from_a_table(tmp_path: Path) -> None:
    table = "Name,SID,Submission Time\nAda,1815,2026-11-20T22:00:00+01:00\nBob,1816,\nEve,1817,2026-11-20T22:00:00Z\n"
    times = load_times(written(tmp_path, "\ufeff" + table, "times.csv"))
    assert [time.words for time in times] == [("1815", "Ada"), ("1816", "Bob"), ("1817", "Eve")]
    ada, bob, eve = (time.submitted for time in times)
    assert bob is None
    assert ada is not None
    assert eve is not None
    assert ada < eve


def test_who_handed_nothing_in_is_told_apart_from_a_submission_that_is_lost() -> None:
    some = datetime(2026, 11, 20, tzinfo=UTC)
    said = {"ada": some, "bob@example.org": some, "eve": None, "mallory": None, "max@example.org": some}
    here = [Who("ada"), Who("7", email="bob@example.org"), Who("peggy")]
    found = lateness(None, [Time((name,), time) for name, time in said.items()], here)
    assert found.times == {0: some, 1: some}
    assert found.remarks == (
        "handed nothing in: eve, mallory",
        "no submission here, though there is a time of one: max@example.org",
    )
    assert lateness(None, [Time(("ada",), None)], here).remarks == ()


HERE = [
    Who("ada", "Ada Lovelace", "ada@example.org"),
    Who("lovelaceada_42", "lovelaceada", canvas="42"),
    Who("Grace Hopper_501", "Grace Hopper", moodle="501"),
    Who("zoé", "Zoé A", "zoe@example.org"),
]


@pytest.mark.parametrize(
    ("word", "place"),
    [
        *[("ada", 0), ("ADA@example.org", 0), ("ada  lovelace", 0), ("42", 1), ("lovelaceada", 1)],
        *[("Participant 501", 2), ("501", 2), ("Grace Hopper", 2), ("zoe\u0301", 3), ("ZOE@EXAMPLE.ORG", 3)],
    ],
)
def test_a_student_may_be_called_by_any_of_their_names(word: str, place: int) -> None:
    due = datetime(2026, 11, 20, tzinfo=UTC)
    policy = LatePolicy(due, extensions={word: due}, excused=(word,))
    found = lateness(policy, [Time((word,), due)], HERE)
    assert (found.due, found.times, found.excused) == ({place: due}, {place: due}, {place})
    assert found.remarks == ()


def test_a_name_that_means_nobody_is_told_with_whom_it_may_mean() -> None:
    due = datetime(2026, 11, 20, tzinfo=UTC)
    policy = LatePolicy(due, extensions={"adda": due, "mallory": due}, excused=("zoe@exampel.org",))
    found = lateness(policy, [Time(("Participant 502",), due)], HERE)
    assert (found.due, found.times, found.excused) == ({}, {}, frozenset())
    words = "\n".join(found.remarks)
    assert "an extension for somebody of whom nothing is here: adda (perhaps ada is meant), mallory" in words
    assert "no submission here, though there is a time of one: Participant 502 (perhaps Grace Hopper_501" in words
    assert "excused, and nothing is here: zoe@exampel.org (perhaps zoé is meant)" in words
    alone = lateness(policy, [], HERE[:1])
    assert alone.remarks == ("an extension for somebody of whom nothing is here: adda (perhaps ada is meant)",)


def test_a_name_that_means_two_students_means_neither_and_is_told() -> None:
    due, later = datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC)
    twins = [Who("smith1", "John Smith"), Who("smith2", "John Smith")]
    found = lateness(LatePolicy(due, extensions={"John Smith": due}), [], twins)
    assert not found.due
    assert "more than one student" in found.remarks[0]
    assert "smith1, smith2" in found.remarks[0]
    found = lateness(LatePolicy(due, extensions={"smith1": due, "SMITH1": later}), [], twins)
    assert found.due == {0: due}
    assert "a student who has one already, not used: SMITH1" in found.remarks[0]


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("a,b\n1,2\n", "no column for the student"),
        ("", "no column for the student"),
        ("student,submitted\nada,yesterday\n", "line 2"),
        ("student,submitted\nada,2026-11-20T22:00:00\n", "without a time zone"),
    ],
)
def test_wrong_times_are_told(tmp_path: Path, table: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_times(written(tmp_path, table, "times.csv"))
    assert says in str(caught.value)
