"""The class's list: who should have handed in, and what each is called where.

A table in CSV with a header, as Canvas, Moodle or GitHub Classroom write it, or one's own. Every column that is known
helps to find a student; one row is one student.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from wbviz.errors import UsageError
from wbviz.grade.batch.people import meant, nobody_called
from wbviz.grade.collect.submission import Submission, Who

STUDENT: tuple[str, ...] = (
    *("student", "sis login id", "username", "github_username", "sid", "sis user id", "id", "identifier", "login"),
    *("orgdefinedid", "student id", "id number", "email address", "email", "name", "full name"),
)
"""Columns that tell who, in the order in which they are shown."""
_EMAIL = ("email address", "email")
_LOGIN = ("sis login id", "login", "username", "identifier")


class Listed(NamedTuple):
    """One student of the list: all words that tell who, the first to be shown; and what the tables of grades need."""

    words: tuple[str, ...]
    name: str
    email: str
    login: str
    canvas: str


def load_table(path: Path, what: str) -> tuple[list[str], list[list[str]]]:
    """The header, in small letters, and the rows of a CSV file. UsageError if it cannot be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = [[cell.strip() for cell in row] for row in csv.reader(stream)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"cannot read {what} in {path}: {error}", expected="CSV in UTF-8") from None
    return ([name.lower() for name in rows[0]], rows[1:]) if rows else ([], [])


def words_in(header: Sequence[str], row: Sequence[str]) -> tuple[str, ...]:
    """All that tells who in a row."""
    cells = dict(zip(header, row, strict=False))
    return tuple(cells[column] for column in STUDENT if cells.get(column))


def load_roster(path: Path) -> list[Listed]:
    """The class's list. UsageError if no column tells who."""
    header, rows = load_table(path, "the roster")
    if not set(header) & set(STUDENT):
        raise UsageError(
            f"{path} has no column that tells who is who",
            came=", ".join(header)[:200],
            expected=f"one or more of {', '.join(STUDENT)}",
            fix="student,name,email\nada,Ada Lovelace,ada@example.org",
        )
    listed = []
    for row in rows:
        cells = dict(zip(header, row, strict=False))
        words = words_in(header, row)
        if words and "points possible" not in words[0].lower():
            canvas = cells.get("id", "") if "sis login id" in header else ""
            name = _first(cells, ("name", "full name")) or (cells.get("student", "") if canvas else "")
            listed.append(Listed(words, name, _first(cells, _EMAIL), _first(cells, _LOGIN), canvas))
    return listed


def with_roster(submissions: Sequence[Submission], roster: Sequence[Listed]) -> tuple[list[Submission], list[str]]:
    """The submissions with what the list knows of each student; and lines on who is in one and not in the other."""
    everybody = [one.who for one in submissions]
    found = meant([(one.words, one) for one in roster], everybody)
    known = []
    for place, one in enumerate(submissions):
        listed = found.by_place.get(place)
        known.append(one if listed is None else replace(one, who=_filled(one, listed)))
    strangers = [who for place, who in enumerate(everybody) if place not in found.by_place]
    lines = nobody_called("handed nothing in", found.nobody, strangers, expected=len(everybody) == 1)
    lines += nobody_called("not on the roster", [who.student for who in strangers], [])
    lines += nobody_called("on the roster, and more than one student here answers to it", found.several, [])
    lines += nobody_called("on the roster twice", found.twice, [])
    return known, lines


def _filled(one: Submission, listed: Listed) -> Who:
    who = one.who
    return replace(
        who,
        name=listed.name or who.name,
        email=who.email or listed.email,
        canvas=who.canvas or listed.canvas,
        login=listed.login,
    )


def _first(cells: Mapping[str, str], columns: Sequence[str]) -> str:
    return next((cells[column] for column in columns if cells.get(column)), "")
