"""An exercise as an assignment of nbgrader, and the call that its graded cell makes.

The metadata: nbgrader/nbgraderformat/v3.json. The cell's last value is the points: nbgrader takes any other value, and
none at all, for full credit, so `points` returns a number whatever happens.

The policy's text goes to the judge, which runs it in its own sandbox: what the student's cells left in the kernel has
no part in it. But the number comes back through that kernel, which is nbgrader's and runs the students' other cells
unconfined. Whoever must be sure grades the submitted tree with `python -m wbviz grade`, which runs no cell at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wbviz.errors import WbvizError
from wbviz.grade.batch.job import judge
from wbviz.grade.collect.cells import policy_of
from wbviz.grade.exercise import Exercise, load_exercise

SCHEMA_VERSION = 3
CONFIG = """\
# nbgrader's settings for the exercises. A student's cell starts with a policy and is theirs to change: what nbgrader
# puts in the place of a solution must not stop it.
c = get_config()  # noqa: F821
c.ClearSolutions.code_stub = {"python": "# change what stands above"}
c.ExecutePreprocessor.timeout = 600
"""
_REGION = "### BEGIN SOLUTION\n### END SOLUTION\n"


def assignment(notebook: Mapping[str, Any], exercise: Exercise, source: bool = False) -> dict[str, Any]:
    """The notebook of an assignment, from the task's notebook: both in the form of nbformat 4.5.

    The cell that defines the policy becomes the student's; if there is none it is made of the starter. Everything else
    is the task's and cannot be edited; the graded cell comes last. source: for `nbgrader generate_assignment`, which
    would replace all of the student's cell if no region of it were marked as the solution.
    """
    cells = [dict(cell) for cell in notebook["cells"]]
    mine = next((number for number, cell in enumerate(cells) if _defines_a_policy(cell)), None)
    if mine is None:
        cells.append(_code(exercise.starter.read_text(encoding="utf-8")))
        mine = len(cells) - 1
    for number, cell in enumerate(cells):
        cell["metadata"] = {
            **cell.get("metadata", {}),
            "nbgrader": _metadata(f"task-{number}" if number != mine else "policy", solution=number == mine),
        }
    cells[mine]["source"] = _source(cells[mine]).rstrip() + (f"\n\n\n{_REGION}" if source else "\n")
    graded = _code(f'from wbviz.grade.platforms.nbgrader import points\n\npoints("{exercise.name}", In)')
    graded["metadata"] = {"nbgrader": {**_metadata("judge"), "grade": True, "points": exercise.total}}
    cells.append(graded)
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return {**notebook, "cells": cells, "nbformat": 4, "nbformat_minor": 5}


def points(exercise: str, history: Sequence[str]) -> float:
    """Grade the policy that the cells define, print the report, and return the points.

    history: the cells that were run, as `In` holds them.
    """
    from wbviz.grade.report import text

    try:
        taken = policy_of(history)
        if taken is None:
            print("No cell defines enqueue and execute: run your cell first.")
            return 0.0
        data = taken.text.encode("utf-8", "replace")
        report = judge(data, load_exercise(exercise), None, official=False, file="").public()
    except WbvizError as error:
        print(error)
        return 0.0
    print(text(report), *taken.notes, sep="\n")
    print(f"\nSandbox: {report.tier}{'; these points are not official' if report.tier == 'none' else ''}.")
    return float(report.points)


def _defines_a_policy(cell: Mapping[str, Any]) -> bool:
    return cell["cell_type"] == "code" and all(f"def {name}" in _source(cell) for name in ("enqueue", "execute"))


def _source(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _code(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}


def _metadata(name: str, solution: bool = False) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "grade_id": name,
        "grade": False,
        "solution": solution,
        "locked": not solution,
        "task": False,
    }
