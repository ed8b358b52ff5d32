"""Grades as CSV: one table for people, one that Canvas imports, one that Moodle imports.

Canvas reads a gradebook whose first two columns are Student and ID, whose last column about the student is Section, and
whose second row may tell the points possible (lib/gradebook_importer.rb in canvas-lms). Moodle reads a grading
worksheet with Identifier, Grade and Last modified (grade) (mod/assign/feedback/offline), and any table at all through
its gradebook import, where one says which column is which.

A cell that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV Injection"), also where the
sign is a wide one, which some spreadsheets read as the plain one. Escape codes are written out.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from wbviz.errors import printable
from wbviz.grade.batch.row import Row

_STARTS_A_FORMULA = tuple("=+-@|%\uff1d\uff0b\uff0d\uff20\uff5c\uff05\u2212\ufe62\ufe63\ufe66\ufe69\ufe6a\ufe6b")


def grades_csv(rows: Sequence[Row], properties: Sequence[str]) -> str:
    """Everything, for people: a column for each property."""
    header = ["student", "name", "email", "status", "points", "final", "of", *properties]
    header += ["late", "submitted", "sandbox", "problem", "notes"]
    return _csv(
        header,
        (
            [
                *map(text, (row.who.student, row.who.name, row.who.email)),
                row.status,
                number(row.points),
                number(row.final),
                str(row.total),
                *(number(row.properties.get(name)) for name in properties),
                row.late,
                row.submitted.isoformat() if row.submitted else "",
                row.tier,
                text(row.problem),
                text("; ".join(row.notes)),
            ]
            for row in rows
        ),
    )


def canvas_csv(rows: Sequence[Row], assignment: str) -> str:
    """For Canvas: Grades, Import. A student is found by Canvas' id if it is known, or else by login or name.

    Whoever has no points is left out: an empty cell may clear what stands in the gradebook. EX is Canvas' word for
    excused.
    """
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", text(assignment)]
    total = str(rows[0].total) if rows else ""

    def cells(row: Row) -> list[str]:
        mark = "EX" if row.excused else number(row.final)
        return [text(row.who.name or row.student), row.who.canvas, "", text(_login(row)), "", mark]

    marked = [row for row in rows if row.excused or row.final is not None]
    return _csv(header, [["Points Possible", "", "", "", "", total], *map(cells, marked)])


def moodle_csv(rows: Sequence[Row]) -> str:
    """For Moodle: Upload grading worksheet where Moodle's own numbers are known, Grades, Import, CSV elsewhere.

    Whoever has no points is left out.
    """
    header = ["Identifier", "Full name", "Username", "Email address", "Grade", "Maximum grade"]
    header += ["Last modified (grade)", "Feedback comments"]
    return _csv(
        header,
        (
            [
                f"Participant {row.who.moodle}" if row.who.moodle else "",
                text(row.who.name),
                text(_login(row)),
                text(row.who.email),
                number(row.final),
                str(row.total),
                "-",
                text(comment(row)),
            ]
            for row in rows
            if row.final is not None
        ),
    )


def comment(row: Row) -> str:
    """What the student reads beside the points, in one line."""
    if row.points is None:
        return f"not graded: {row.problem.splitlines()[0] if row.problem else row.status}"
    parts = [f"{name} {number(points)}" for name, points in row.properties.items()]
    return ", ".join(parts) + (f". {row.late}" if row.late else "")


def text(words: str) -> str:
    """A cell of somebody else's words: one line, and never a formula."""
    words = printable(" ".join(words.split()))
    return f"'{words}" if words.startswith(_STARTS_A_FORMULA) else words


def number(points: float | None) -> str:
    """Points without a needless fraction; empty if there are none."""
    return "" if points is None else f"{points:.10g}"


def _login(row: Row) -> str:
    """The student's login, where the submission does not come with numbers of the platform's own."""
    return row.who.login or ("" if row.who.canvas or row.who.moodle else row.who.student)


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")  # RFC 4180
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()
