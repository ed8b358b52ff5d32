"""The class's list: as platforms write it, matched with what was handed in, and everybody who does not fit told."""

from __future__ import annotations

from pathlib import Path

import pytest

from wbviz.errors import UsageError
from wbviz.grade.batch.roster import load_roster, with_roster
from wbviz.grade.collect.submission import Submission, Who

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,02 (7)
    Points Possible,,,,,100
"Lovelace, Ada",1815,u1,ada,CS,
"Hopper, Grace",1906,u2,grace,CS,
"""
GITHUB = '"identifier","github_username","github_id","name"\n"ada@uni.edu","adal","7","Ada"\n"grace@uni.edu","","",""\n'
MOODLE = "Identifier,Full name,Email address,Status\nParticipant 501,Ada Lovelace,ada@uni.edu,Submitted\n"
OWN = "Student,Name,E-Mail,Email\nada,Ada Lovelace,x,ada@uni.edu\n,,,\n"


def submissions(*people: Who) -> list[Submission]:
    return [Submission(who, who.student, who.student, None) for who in people]


def told(tmp_path: Path, table: str, *people: Who) -> tuple[list[Who], list[str]]:
    (tmp_path / "roster.csv").write_text("\ufeff" + table, encoding="utf-8")
    known, lines = with_roster(submissions(*people), load_roster(tmp_path / "roster.csv"))
    return [one.who for one in known], lines


def test_of_canvas(tmp_path: Path) -> None:
    (ada,), _ = told(tmp_path, CANVAS, Who("ada"))
    assert ada == Who("ada", "Lovelace, Ada", canvas="1815", login="ada")
    _, lines = told(tmp_path, CANVAS, Who("ada"), Who("eve"))
    assert lines == ["handed nothing in: Hopper, Grace", "not on the roster: eve"]
    (ada,), _ = told(tmp_path, CANVAS, Who("lovelaceada_1815", "lovelaceada", canvas="1815"))
    assert (ada.canvas, ada.login, ada.student) == ("1815", "ada", "lovelaceada_1815")


def test_of_github_classroom(tmp_path: Path) -> None:
    (ada, stranger), lines = told(tmp_path, GITHUB, Who("adal"), Who("mallory"))
    assert (ada.student, ada.name, ada.login) == ("adal", "Ada", "ada@uni.edu")
    assert stranger == Who("mallory")
    assert lines == ["handed nothing in: grace@uni.edu", "not on the roster: mallory"]


@pytest.mark.parametrize(
    "who", [Who("Ada Lovelace_501", "Ada Lovelace", moodle="501"), Who("ada", email="ADA@uni.edu")]
)
def test_of_moodle_and_ones_own(tmp_path: Path, who: Who) -> None:
    for table in (MOODLE, OWN):
        (ada,), lines = told(tmp_path, table, who)
        assert (ada.name, ada.email.lower(), lines) == ("Ada Lovelace", "ada@uni.edu", [])


def test_who_could_be_two_is_neither(tmp_path: Path) -> None:
    _, lines = told(tmp_path, "name\nJohn Smith\n", Who("smith1", "John Smith"), Who("smith2", "John Smith"))
    assert lines == [
        "not on the roster: smith1, smith2",
        "on the roster, and more than one student here answers to it: John Smith (smith1, smith2)",
    ]


def test_a_number_tells_two_of_one_name_apart(tmp_path: Path) -> None:
    people = Who("js1", "John Smith", canvas="1"), Who("js2", "John Smith", canvas="2")
    found, lines = told(tmp_path, "ID,SIS Login ID,Name,Email\n2,second,John Smith,j@uni.edu\n", *people)
    assert [one.login for one in found] == ["", "second"]
    assert lines == ["not on the roster: js1"]


def test_where_one_student_is_graded_the_others_of_the_roster_are_no_news(tmp_path: Path) -> None:
    assert told(tmp_path, CANVAS, Who("ada"))[1] == []
    _, lines = told(tmp_path, CANVAS, Who("hopper, graec"))
    assert lines == [
        "handed nothing in: Hopper, Grace (perhaps hopper, graec is meant)",
        "not on the roster: hopper, graec",
    ]


@pytest.mark.parametrize("table", ["", "a,b\n1,2\n"])
def test_a_table_that_is_no_roster(tmp_path: Path, table: str) -> None:
    (tmp_path / "roster.csv").write_text(table, encoding="utf-8")
    with pytest.raises(UsageError, match="no column that tells who is who"):
        load_roster(tmp_path / "roster.csv")
    with pytest.raises(UsageError, match="cannot read the roster"):
        load_roster(tmp_path / "missing.csv")
