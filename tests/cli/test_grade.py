"""`wbviz grade` and its kin on the command line: what they print, and what they say to a wrong call."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.grade.batch.helping import SEED, small_exercise, source
from wbviz.grade.judge import Tier

GRADED, SOME_NOT, UNUSABLE = 0, 1, 3
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the small exercise and three students."""
    small_exercise(tmp_path)
    for student, policy in {"ada": source("pin_then_lock"), "bob": source("no_pin"), "eve": "def enqueue(:\n"}.items():
        (tmp_path / "in" / student).mkdir(parents=True)
        (tmp_path / "in" / student / "policy.py").write_text(policy, encoding="utf-8")
    return tmp_path


def test_one_submission_is_a_lesson(run: Run, place: Path) -> None:
    status, out, err = run("grade", place / "exercises/90-small", place / "in/bob/policy.py", "--unofficial")
    assert (status, err) == (GRADED, "")
    assert "90-small: policy gets" in out
    assert "No rule is broken: 0/40 points" in out
    assert "no hidden scenarios: no secret seed was given" in out


def test_a_class_is_a_summary_and_can_be_kept(run: Run, place: Path) -> None:
    status, out, _ = run("grade", place / "exercises/90-small", place / "in", "--unofficial", "--out", place / "out")
    assert status == SOME_NOT
    assert "3 submissions, 2 graded, 1 ungradable" in out
    assert "eve: policy.py, line 1: this is not Python" in out
    table = list(csv.DictReader(io.StringIO((place / "out/grades.csv").read_text(encoding="utf-8"))))
    assert [(row["student"], row["points"]) for row in table] == [("ada", "100"), ("bob", "60"), ("eve", "")]
    assert run("grade", place / "exercises/90-small", place / "in", "--out", place / "out", "--format", "csv")[1] == (
        place / "out/grades.csv"
    ).read_text(encoding="utf-8").replace("\r\n", "\n")


def test_late_and_against(run: Run, place: Path) -> None:
    grade = ("grade", place / "exercises/90-small", place / "in/ada", "--unofficial")
    run(*grade, "--out", place / "first")
    (place / "late.toml").write_text("due = 2026-11-20T00:00:00Z\npercent_per_day = 10\n", encoding="utf-8")
    (place / "times.csv").write_text("student,submitted\nada,2026-11-21T12:00:00Z\n", encoding="utf-8")
    late = ("--late", place / "late.toml", "--times", place / "times.csv")
    _, out, _ = run(*grade, *late, "--out", place / "first", "--against", place / "first")
    assert "ada: 100 -> 80" in out
    _, out, _ = run(*grade, *late, "--out", place / "first", "--against", place / "first")
    assert "nothing differs from the earlier result" in out


def test_who_handed_nothing_in_is_told(run: Run, place: Path) -> None:
    (place / "late.toml").write_text("due = 2026-11-20T00:00:00Z\n", encoding="utf-8")
    (place / "times.csv").write_text("student,submitted\nada,2026-11-19T12:00:00Z\nmallory,\n", encoding="utf-8")
    terms = ("--unofficial", "--late", place / "late.toml", "--times", place / "times.csv")
    _, out, _ = run("grade", place / "exercises/90-small", place / "in", *terms)
    assert "handed nothing in: mallory" in out
    _, out, err = run("grade", place / "exercises/90-small", place / "in", *terms, "--format", "csv")
    assert "handed nothing in: mallory" in err
    assert "mallory" not in out
    _, out, err = run("grade", place / "exercises/90-small", place / "in/ada", *terms)
    assert "mallory" not in out + err, "one student's submission is graded, not the class"


@pytest.mark.parametrize("form", ["gradescope", "prairielearn"])
def test_platforms(run: Run, place: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", SEED)
    grade = ("grade", place / "exercises/90-small", "--unofficial", "--seed-env", "SECRET", "--format", form)
    data = json.loads(run(*grade, place / "in/ada")[1])
    assert data["score"] == (100 if form == "gradescope" else 1)
    data = json.loads(run(*grade, place / "in/eve")[1])
    assert "not Python" in json.dumps(data)
    (place / "in/two").mkdir()
    assert "it is empty" in run(*grade, place / "in/two")[1]
    for name in ("one.py", "other.py"):
        (place / "in/two" / name).write_text("", encoding="utf-8")
    assert "not clear which file is the policy" in run(*grade, place / "in/two")[1]
    status, _, err = run(*grade, place / "in/ada", place / "in/bob")
    assert status == UNUSABLE
    assert "is for one submission" in err


def test_no_official_points_without_a_sandbox(run: Run, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wbviz.grade.judge.best_tier", lambda: Tier("none", False, "there is none", "install one"))
    status, _, err = run("grade", place / "exercises/90-small", place / "in/ada")
    assert status == UNUSABLE
    assert "no sandbox that an official score may rest on" in err
    assert "install one" in err
    assert "--unofficial" in err


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["99-missing", "in"], "there is no exercise"),
        (["exercises/90-small", "nowhere"], "there is no file or folder"),
        (["exercises/90-small", "in", "--seed-file", "none"], "cannot read the secret seed"),
        (["exercises/90-small", "in", "--seed-file", "short"], "too short"),
        (["exercises/90-small", "in", "--seed-file", "exercises/90-small/seed"], "lies in the folder of the project"),
        (["exercises/90-small", "in", "--seed-env", "NOT_SET"], "the environment has no NOT_SET"),
        (["exercises/90-small", "in", "--seed-env", "A", "--seed-file", "b"], "not allowed with"),
        (["exercises/90-small", "in", "--late", "none"], "cannot read the late policy"),
        (["exercises/90-small", "in", "--times", "short"], "no column for the student"),
        (["exercises/90-small", "in", "--against", "in"], "is not an earlier result"),
        (["exercises/90-small", "in", "--dask", "nonsense", "--processes", "2"], "--processes is for this machine"),
        (["exercises/90-small", "in", "--out", "short"], "cannot write short"),
        (["exercises/90-small", "in", "--out", "in/out"], "would be taken for submissions"),
        (["exercises/90-small", ".", "--out", "out"], "would be taken for submissions"),
        (["exercises/90-small"], "SUBMISSION"),
    ],
)
def test_a_wrong_call_is_told(
    run: Run, place: Path, monkeypatch: pytest.MonkeyPatch, args: list[str], says: str
) -> None:
    (place / "short").write_text("secret", encoding="utf-8")
    (place / "exercises/90-small/seed").write_text(SEED, encoding="utf-8")
    monkeypatch.chdir(place)
    status, _, err = run("grade", *args, "--unofficial")
    assert status == UNUSABLE
    assert says in err
    assert SEED not in err


def test_autograder(run: Run, place: Path) -> None:
    status, out, _ = run("autograder", place / "exercises/90-small", "-o", place / "autograder.zip")
    assert status == GRADED
    assert "no hidden scenarios" in out
    assert (place / "autograder.zip").stat().st_size > 10_000
    status, _, err = run("autograder", place / "exercises/90-small", "-o", place / "missing/autograder.zip")
    assert status == UNUSABLE
    assert "cannot write" in err


def test_nbgrader_without_a_task(run: Run, place: Path) -> None:
    status, _, err = run("nbgrader", place / "exercises/90-small", "-o", place / "course")
    assert status == UNUSABLE
    assert "cannot read the task" in err
