"""Grading in a notebook: what needs both `grade` and `viz`, which do not know each other."""

from __future__ import annotations

import os
from html import escape
from typing import Any

from IPython.core.display import HTML
from IPython.core.display_functions import display

from wbviz.grade.exercise import load_exercise
from wbviz.grade.report import Report, basis, headline, lesson, part_html, points_table, taught, text
from wbviz.grade.score import grade_policy
from wbviz.policy.notebook import as_policy
from wbviz.policy.printed import printed_words
from wbviz.viz.assets import palette_style
from wbviz.viz.cells.notebook import error_html
from wbviz.viz.stage.player import player


class Graded:
    """A report. As the last value of a cell: points by property, and each counterexample in the player."""

    def __init__(self, report: Report) -> None:
        self.report = report

    @property
    def points(self) -> float:
        """The points, of `report.total`."""
        return self.report.points

    def __repr__(self) -> str:
        return text(self.report)

    def _ipython_display_(self, **_: Any) -> None:
        report = self.report
        mood = "wait" if not report.gradable else "good" if report.points == report.total else "bad"
        problem = error_html(report.problem) if report.problem else ""
        _show(
            f'{palette_style()}<div class="wbviz wb-result" data-kind="{mood}">'
            f"<p><strong>{escape(headline(report))}</strong></p><p>{escape(basis(report))}</p>"
            f"{problem}{points_table(report)}</div>"
        )
        for one in taught(report):
            parts = "".join(part_html(part, "h4") for part in lesson(one))
            _show(f'<div class="wbviz wb-result" data-kind="bad"><h3>{escape(one.title)}</h3>{parts}</div>')
            if one.failure is not None and one.failure.trace is not None and one.failure.trace.steps:
                display(player(one.failure.trace))  # type: ignore[no-untyped-call]
        if report.printed:
            _show(f'<div class="wbviz wb-result">{error_html(printed_words(report.printed))}</div>')


def grade(exercise: str | os.PathLike[str], policy: Any) -> Graded:
    """Grade a policy for an exercise, in this process: for one's own code, not for anybody else's.

    exercise: its name ("02-pin-then-lock"), its number ("02"), or its folder.
    policy: what `wbviz.check` takes: a file, or the two functions (enqueue, execute) of this notebook.
    """
    return Graded(grade_policy(load_exercise(exercise), as_policy(policy)))


def _show(words: str) -> None:
    display(HTML(words))  # type: ignore[no-untyped-call]
