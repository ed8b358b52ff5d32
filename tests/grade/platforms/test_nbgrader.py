"""An exercise through the real nbgrader: made, released, handed in, autograded; and graded without running a cell."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.grade.batch.helping import small_exercise, source
from wbviz.cli import main
from wbviz.commands.student import write_assignments
from wbviz.grade.exercise import exercises, load_exercise
from wbviz.grade.platforms.nbgrader import assignment, points

ROOT = Path(__file__).parents[3]
PINS = Path(__file__).with_name("nbgrader.txt")
ENVIRONMENT = ROOT / "_build" / "nbgrader"
TASK = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# Pin, then lock

Write a policy.

```{code-cell} ipython3
import wbviz
```

```{code-cell} ipython3
def enqueue(mm, page):
    yield mm.lock_page(page)
    yield mm.queue_work(page=page)


def execute(mm, work):
    yield mm.unlock_page(work.page)
```

What do you expect?
"""


@pytest.fixture(scope="module")
def nbgrader() -> Path:
    """A folder with the real nbgrader, installed once, as its pins say."""
    ready = ENVIRONMENT / "ready"
    pins = PINS.read_text(encoding="utf-8")
    if not (ready.is_file() and ready.read_text(encoding="utf-8") == pins):
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        done = subprocess.run(
            [*pip, "--target", str(ENVIRONMENT), "-r", str(PINS)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            missing = f"nbgrader cannot be installed, so it is not tested: {done.stderr.strip()[-300:]}"
            if os.environ.get("CI"):
                pytest.fail(missing)
            pytest.skip(missing)
        ready.write_text(pins, encoding="utf-8")
    return ENVIRONMENT


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of nbgrader's with the small exercise in it, as our command writes it."""
    place = tmp_path_factory.mktemp("nbgrader")
    (small_exercise(place) / "task.md").write_text(TASK, encoding="utf-8")
    assert main(["nbgrader", str(place / "exercises/90-small"), "-o", str(place)]) == 0
    return place


def valid(notebook: dict[str, Any], nbgrader: Path) -> dict[str, list[dict[str, Any]]]:
    """The cells of a notebook that nbgrader's own schema takes: the student's, and the graded ones."""
    schema = read(nbgrader / "nbgrader/nbgraderformat/v3.json")
    cells = notebook["cells"]
    for cell in cells:
        jsonschema.validate(cell["metadata"]["nbgrader"], schema)
    names = [cell["metadata"]["nbgrader"]["grade_id"] for cell in cells]
    assert len(set(names)) == len(names)
    return {kind: [cell for cell in cells if cell["metadata"]["nbgrader"][kind]] for kind in ("solution", "grade")}


def read(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


def test_the_metadata_is_what_nbgraders_schema_asks_for(nbgrader: Path, course: Path) -> None:
    cells = valid(read(course / "source/90-small/90-small.ipynb"), nbgrader)
    (judge,) = cells["grade"]
    assert judge["metadata"]["nbgrader"]["points"] == 100
    assert judge["metadata"]["nbgrader"]["locked"]
    (mine,) = cells["solution"]
    assert "def enqueue" in mine["source"]


def test_every_task_that_students_get_carries_it(nbgrader: Path, tmp_path: Path) -> None:
    written = write_assignments(ROOT, tmp_path)
    assert [path.stem for path in written] == list(exercises(ROOT))
    for path in written:
        cells = valid(read(path), nbgrader)
        (mine,) = cells["solution"]
        assert "def execute" in mine["source"]
        assert "SOLUTION" not in mine["source"]
        (judge,) = cells["grade"]
        exercise = load_exercise(ROOT / "exercises" / path.stem)
        assert judge["metadata"]["nbgrader"]["points"] == exercise.total
        assert f'points("{exercise.name}", In)' in judge["source"]


def test_through_the_real_nbgrader(nbgrader: Path, course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": f"{nbgrader}{os.pathsep}{ROOT}",
        "PATH": f"{nbgrader / 'bin'}{os.pathsep}{os.environ['PATH']}",  # alembic, which it calls by its name
        "HOME": str(course),
        "JUPYTER_PREFER_ENV_PATH": "1",
    }

    def run(*args: str) -> str:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "nbgrader", *args],
            cwd=course,
            env=environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stderr

    run("generate_assignment", "90-small", "--create")
    release = read(course / "release/90-small/90-small.ipynb")
    kinds = {
        "ada": source("pin_then_lock"),
        "eve": "def enqueue(:\n    pass\n\n\ndef execute(mm, work):\n    yield\n",
        "max": 'print("100.0")\n' + source("no_pin"),
    }
    for student, policy in kinds.items():
        cells = [dict(cell) for cell in release["cells"]]
        for cell in cells:
            if cell["metadata"]["nbgrader"]["solution"]:
                assert "raise NotImplementedError" not in cell["source"]
                cell["source"] = policy
            if student == "max" and cell["metadata"]["nbgrader"]["grade"]:
                cell["source"] = "100.0"  # nbgrader puts the cell back as it was
        folder = course / "submitted" / student / "90-small"
        folder.mkdir(parents=True)
        (folder / "90-small.ipynb").write_text(json.dumps({**release, "cells": cells}), encoding="utf-8")
        (folder / "timestamp.txt").write_text("2026-11-20 21:58:23.948203 UTC", encoding="utf-8")
    run("autograde", "90-small", "--create")
    run("export", "--to", "grades.csv")
    lines = (course / "grades.csv").read_text(encoding="utf-8").splitlines()
    header = lines[0].split(",")
    rows = [dict(zip(header, line.split(","), strict=True)) for line in lines[1:]]
    theirs = {row["student_id"]: float(row["score"]) for row in rows}
    assert {float(row["max_score"]) for row in rows} == {100}

    capsys.readouterr()
    main(["grade", str(course / "exercises/90-small"), str(course / "submitted"), "--unofficial", "--format", "json"])
    ours = {row["who"]["student"]: row["points"] for row in json.loads(capsys.readouterr().out)["rows"]}
    assert ours["ada"] == 100
    assert 0 < ours["max"] < 100
    assert ours["eve"] is None
    assert theirs == {**ours, "eve": 0.0}


def test_points_are_a_number_whatever_happens(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = str(small_exercise(tmp_path))
    assert points(name, ["", source("pin_then_lock"), "1 + 1"]) == 100
    assert points(name, ["1 + 1"]) == 0
    assert points(name, ["def enqueue(:\ndef execute"]) == 0
    assert points("no-such-exercise", [source("pin_then_lock")]) == 0
    assert "there is no exercise" in capsys.readouterr().out


def test_an_exercise_without_a_policy_in_its_task_starts_from_the_starter(tmp_path: Path) -> None:
    exercise = load_exercise(small_exercise(tmp_path))
    made = assignment({"cells": [{"cell_type": "markdown", "source": ["a ", "task"], "metadata": {}}]}, exercise)
    assert made["cells"][1]["source"].startswith(exercise.starter.read_text(encoding="utf-8").rstrip())
    assert [cell["metadata"]["nbgrader"]["grade_id"] for cell in made["cells"]] == ["task-0", "policy", "judge"]
