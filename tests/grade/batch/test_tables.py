"""The tables as Canvas, Moodle and a spreadsheet read them."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wbviz.grade.batch.job import GRADED, UNUSABLE
from wbviz.grade.batch.row import Row
from wbviz.grade.batch.summary import summary
from wbviz.grade.batch.tables import canvas_csv, grades_csv, moodle_csv, text
from wbviz.grade.collect.submission import Who
from wbviz.grade.exercise import exercises, load_exercise

ROWS = [
    Row(
        Who("ada", "Ada Lovelace", "ada@example.org"),
        "ada",
        GRADED,
        87.5,
        100,
        {"duty": 10, "rules": 77.5},
        "bubblewrap",
        submitted=datetime(2026, 11, 20, 22, tzinfo=UTC),
        final=77.5,
        late="1 day late, 10% less",
    ),
    Row(Who("lovelaceada_42", "lovelaceada", canvas="42"), "c", GRADED, 1.0, 100, {"duty": 1}, final=1.0),
    Row(Who("Grace Hopper_7", "Grace Hopper", moodle="7"), "m", GRADED, 100.0, 100, {"duty": 100}, final=100.0),
    Row(Who("=HYPERLINK(1)", '@"x",\r\ny'), "evil", UNUSABLE, None, 100, problem="-2+3+cmd|' /C calc'!A0\nsecond"),
]


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_grades_have_a_column_for_each_property() -> None:
    rows = read(grades_csv(ROWS, ["duty", "rules"]))
    assert rows[0]["points"] == "87.5"
    assert rows[0]["final"] == "77.5"
    assert rows[0]["rules"] == "77.5"
    assert rows[1]["rules"] == ""
    assert rows[3]["final"] == ""


@pytest.mark.parametrize("table", [grades_csv(ROWS, ["duty"]), canvas_csv(ROWS, "=1+1"), moodle_csv(ROWS)])
def test_no_cell_of_a_students_is_a_formula(table: str) -> None:
    for row in csv.reader(io.StringIO(table)):
        for cell in row:
            assert cell == "-" or not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_whoever_is_excused_is_ex_for_canvas_and_nothing_for_moodle() -> None:
    excused = replace(ROWS[1], final=None, late="excused", excused=True)
    lines = list(csv.reader(io.StringIO(canvas_csv([excused, ROWS[3]], "02"))))
    assert lines[2:] == [["lovelaceada", "42", "", "", "", "EX"]]
    assert read(moodle_csv([excused])) == []
    assert read(grades_csv([excused], []))[0]["late"] == "excused"


@pytest.mark.parametrize(
    "cell",
    [
        *["=1", "+1", "-1", "@x", " =1", "\t=1", "\r\n=1", "|x", "\uff1dcmd", "\uff0b1", "\uff0d1", "\uff20x"],
        *["\ufe66=1", "\u22121"],
    ],
)
def test_a_formula_is_text(cell: str) -> None:
    assert text(cell).startswith("'")
    assert "\n" not in text(cell)
    assert "\t" not in text(cell)


@pytest.mark.parametrize("hidden", ["\x1b[2J", "\x07", "\x9b1m", "\u202e", "\u200b", "\ufeff", "\x7f"])
def test_no_table_carries_what_moves_a_terminal(hidden: str) -> None:
    row = replace(ROWS[0], who=Who(f"a{hidden}", f"{hidden}=1"), problem=f"x{hidden}", notes=(hidden,))
    for table in (grades_csv([row], []), canvas_csv([row], hidden), moodle_csv([row])):
        assert hidden not in table
        assert not [cell for line in csv.reader(io.StringIO(table)) for cell in line if cell.startswith("=")]


def test_ordinary_words_stay_as_they_are() -> None:
    assert text("Ada Lovelace (1815)") == "Ada Lovelace (1815)"
    assert text("Grace: -1") == "Grace: -1"


def test_canvas_finds_its_columns() -> None:
    """The rules of GradebookImporter#row_has_student_headers?, #update_column_count and #process_pp."""
    lines = list(csv.reader(io.StringIO(canvas_csv(ROWS, "02-pin-then-lock"))))
    header = lines[0]
    assert len(header) > 3
    assert "Student" in header[0]
    assert "ID" in header[1]
    assert (header[2], header[3]) == ("SIS User ID", "SIS Login ID")
    assert "Section" in header[4]
    assert header[5:] == ["02-pin-then-lock"]
    assert "Points Possible" in lines[1][0]
    assert lines[1][5] == "100"
    assert lines[2] == ["Ada Lovelace", "", "", "ada", "", "77.5"]
    assert lines[3][1] == "42"
    assert len(lines) == 5, "an empty cell may clear what stands in the gradebook: whoever was not graded is left out"
    assert all(len(line) == len(header) for line in lines)


def test_moodle_finds_its_columns() -> None:
    """The rules of assignfeedback_offline_grade_importer#init and #next."""
    rows = read(moodle_csv(ROWS))
    assert {"Identifier", "Grade", "Last modified (grade)", "Feedback comments"} <= set(rows[0])
    grace = rows[2]
    assert grace["Identifier"][len("Participant ") :] == "7"
    assert float(grace["Grade"]) == 100
    assert rows[0]["Username"] == "ada"
    assert rows[0]["Email address"] == "ada@example.org"
    assert rows[0]["Feedback comments"] == "duty 10, rules 77.5. 1 day late, 10% less"
    assert all(row["Grade"] for row in rows), "an empty cell might clear what stands there"


def test_the_words_say_from_where_to_where_each_bar_goes() -> None:
    exercise = load_exercise(exercises(Path(__file__).parents[3])["02-pin-then-lock"])
    bars = [line.split() for line in summary(exercise, ROWS, seeded=True, official=True).splitlines() if "#" in line]
    assert [(bar[:3], bar[-1]) for bar in bars] == [
        (["0", "to", "10%"], "1"),
        (["70", "to", "80%"], "1"),
        (["90", "to", "100%"], "1"),
    ]
