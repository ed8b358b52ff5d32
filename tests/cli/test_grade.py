"""`wbviz grade` and its kin on the command line: what they print, and what they say to a wrong call."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.grade.batch.helping import SEED, small_exercise, source
from wbviz.grade.collect.choose import choose
from wbviz.grade.judge import Tier, Unjudged

GRADED, SOME_NOT, INTERRUPTED, UNUSABLE = 0, 1, 2, 3
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
    table = list(csv.DictReader(io.StringIO((place / "out/grades.csv").read_text(encoding="utf-8-sig"))))
    assert (place / "out/grades.csv").read_bytes().startswith(b"\xef\xbb\xbf"), "Excel takes it for Latin-1 otherwise"
    assert [(row["student"], row["points"]) for row in table] == [("ada", "100"), ("bob", "60"), ("eve", "")]
    assert run("grade", place / "exercises/90-small", place / "in", "--out", place / "out", "--format", "csv")[1] == (
        place / "out/grades.csv"
    ).read_text(encoding="utf-8-sig").replace("\r\n", "\n")


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
        (place / "in/two" / name).write_text(f"# {name}", encoding="utf-8")
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


MOVES = "\x1b[2J\x9b31m\u202e\x07"


@pytest.mark.parametrize(
    "policy",
    [
        source("no_pin").replace("page = work.page", f"page = work.page  # {MOVES}"),
        f"def enqueue(mm, page):\n    yield 3  # {MOVES}\n\n\ndef execute(mm, work):\n    yield\n",
        f"def enqueue(mm, page:  # {MOVES}\n",
        f"def enqueue(mm, page):\n    raise ValueError({MOVES!r})\n    yield\n\n\ndef execute(mm, work):\n    yield\n",
    ],
)
def test_nothing_that_is_printed_moves_the_terminal(run: Run, place: Path, policy: str) -> None:
    folder = place / f"in/{MOVES}"
    folder.mkdir()
    (folder / "policy.py").write_text(policy, encoding="utf-8")
    small = place / "exercises/90-small"
    said = [
        run("check", folder / "policy.py", "--scenario", "truncated"),
        run("grade", small, folder, "--unofficial"),
        run("grade", small, place / "in", "--unofficial", "--out", place / "out"),
        run("grade", small, place / "in", "--unofficial", "--out", place / "out", "--against", place / "out"),
    ]
    reports = [path.read_text(encoding="utf-8") for path in (place / "out/reports").glob("*.md")]
    assert not [char for char in "\x1b\x9b\u202e\x07" if any(char in text for one in said for text in one[1:])]
    assert not [char for char in "\x1b\x9b\u202e\x07" if any(char in text for text in reports)]


def test_a_file_keeps_the_name_that_its_student_gave_it(run: Run, place: Path) -> None:
    (place / "mine.py").write_text(source("writearound"), encoding="utf-8")
    _, out, _ = run("grade", place / "exercises/90-small", place / "mine.py", "--unofficial")
    assert "90-small: mine gets" in out
    assert "abba mine.py " in out, "what plays the run must name the file that there is"
    assert "policy.py" not in out


def test_names_that_mean_nobody_are_told_in_every_form(run: Run, place: Path) -> None:
    (place / "late.toml").write_text(
        'due = 2026-11-20T00:00:00Z\nexcused = ["bob"]\n[extensions]\nadda = 2026-12-01T00:00:00Z\n', encoding="utf-8"
    )
    (place / "times.csv").write_text("student,submitted\nada,2026-11-21T12:00:00Z\n", encoding="utf-8")
    (place / "roster.csv").write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"
        '"Lovelace, Ada",1815,,ada,\n"Hopper, Grace",1906,,grace,\n',
        encoding="utf-8",
    )
    terms = ("--late", place / "late.toml", "--times", place / "times.csv", "--roster", place / "roster.csv")
    grade = ("grade", place / "exercises/90-small", place / "in", "--unofficial", *terms, "--out", place / "out")
    _, out, err = run(*grade)
    told = [
        "an extension for somebody of whom nothing is here: adda (perhaps ada is meant)",
        "handed nothing in: Hopper, Grace",
        "not on the roster: bob, eve",
    ]
    assert not [words for words in told if words not in out]
    _, out, err = run(*grade, "--format", "csv")
    assert not [words for words in told if words not in err]
    assert json.loads((place / "out/grades.json").read_text(encoding="utf-8"))["remarks"] == [told[1], told[2], told[0]]
    rows = {row["Student"]: row for row in csv.DictReader(io.StringIO((place / "out/canvas.csv").read_text("utf-8")))}
    assert set(rows) == {"Points Possible", "Lovelace, Ada", "bob"}, "eve was not graded"
    assert (rows["Lovelace, Ada"]["ID"], rows["Lovelace, Ada"]["SIS Login ID"]) == ("1815", "ada")
    assert rows["bob"]["90-small"] == "EX"


@pytest.mark.parametrize("form", ["gradescope", "prairielearn"])
def test_a_platform_gets_its_answer_when_the_grader_fails(
    run: Run, place: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise AssertionError("out of step")

    monkeypatch.setattr("wbviz.grade.judged.grade_policy", broken)
    status, out, err = run("grade", place / "exercises/90-small", place / "in/ada", "--unofficial", "--format", form)
    assert status == SOME_NOT
    assert "not your fault" in json.dumps(json.loads(out))
    assert "internal error, the grader failed: AssertionError: out of step (test_grade.py, line" in err


@pytest.mark.parametrize("form", ["gradescope", "prairielearn"])
def test_a_platform_gets_its_answer_when_a_clock_ran_out(
    run: Run, place: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*_: object, **__: object) -> None:
        raise Unjudged("policy.py was not judged: the program did not answer within 20 seconds")

    monkeypatch.setattr("wbviz.grade.judged.grade_policy", late)
    status, out, err = run("grade", place / "exercises/90-small", place / "in/ada", "--unofficial", "--format", form)
    assert status == SOME_NOT
    assert "judge it again" in json.dumps(json.loads(out))
    assert "was not judged" in err
    assert json.loads(out).get("score", 0) == 0


def test_a_record_that_is_damaged_costs_one_student(run: Run, place: Path) -> None:
    grade = ("grade", place / "exercises/90-small", place / "in", "--unofficial", "--out", place / "out")
    run(*grade)
    record = place / "out/results/ada.json"
    record.write_text(record.read_text(encoding="utf-8").replace('"points":', '"pints":'), encoding="utf-8")
    _, out, _ = run(*grade)
    assert "THE GRADER FAILED on 1, an internal error" in out
    assert "ada: internal error, the grader failed: KeyError: 'points'" in out


def test_a_seed_is_never_overwritten_by_the_advice(run: Run, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(place))
    _, _, err = run("grade", place / "exercises/90-small", place / "in", "--unofficial", "--seed-file", place / "none")
    advice = err.splitlines()[-1].strip()
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    assert subprocess.run(advice, shell=True, env=environment, check=False).returncode == 0
    seed = (place / "wbviz-seed").read_text(encoding="utf-8")
    assert len(seed) == 32
    assert subprocess.run(advice, shell=True, env=environment, capture_output=True, check=False).returncode != 0
    assert (place / "wbviz-seed").read_text(encoding="utf-8") == seed


def test_an_interrupted_class_says_that_the_same_command_goes_on(
    run: Run, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("wbviz.grade.batch.grading.run_here", interrupted)
    grade = ("grade", place / "exercises/90-small", place / "in", "--unofficial")
    status, _, err = run(*grade, "--out", place / "out")
    assert status == INTERRUPTED
    assert f"interrupted; what is finished is kept in {place / 'out'}; the same command goes on from there" in err
    status, _, err = run(*grade)
    assert status == INTERRUPTED
    assert "nothing was kept: with --out DIR it is" in err


def test_without_simpy_the_package_is_named_once(run: Run, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    status, out, err = run("grade", place / "exercises/90-small", place / "in", "--unofficial")
    assert (status, out) == (UNUSABLE, "")
    assert "this needs the package simpy, which is not installed" in err
    assert "python -m pip install simpy" in err


@pytest.mark.parametrize("number", ["2", "02"])
def test_an_exercise_by_its_number(run: Run, number: str) -> None:
    _, _, err = run("grade", number, "nowhere", "--unofficial")
    assert "there is no file or folder nowhere" in err


def test_a_fault_of_ours_before_grading_costs_one_student(
    run: Run, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(files: Any, *args: Any) -> Any:
        if "ada" in str(files):
            raise RuntimeError("out of step")
        return choose(files, *args)

    monkeypatch.setattr("wbviz.grade.collect.collect.choose", faulty)
    grade = ("grade", place / "exercises/90-small", place / "in", "--unofficial", "--out", place / "out")
    status, out, _ = run(*grade)
    assert status == SOME_NOT
    assert "3 submissions, 1 graded, 1 failed, 1 ungradable" in out
    assert "THE GRADER FAILED on 1, an internal error: please report it" in out
    assert "ada: internal error, the grader failed: RuntimeError: out of step" in out
