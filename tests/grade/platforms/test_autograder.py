"""The autograder's archive, unpacked as Gradescope unpacks it, set up and run by its own scripts."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.grade.batch.helping import SEED, small_exercise, source
from tests.grade.platforms.schemas import GRADESCOPE
from wbviz.errors import UsageError
from wbviz.grade.exercise import Exercise, exercises, load_exercise
from wbviz.grade.platforms.autograder_zip import write_autograder


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Exercise:
    return load_exercise(small_exercise(tmp_path_factory.mktemp("autograder")))


@pytest.fixture(scope="module")
def root(exercise: Exercise, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Gradescope's /autograder, after its setup."""
    root = tmp_path_factory.mktemp("gradescope")
    write_autograder(exercise, root / "autograder.zip", SEED, official=False)
    with zipfile.ZipFile(root / "autograder.zip") as archive:
        for info in archive.infolist():
            path = Path(archive.extract(info, root / "source"))
            path.chmod(stat.S_IMODE(info.external_attr >> 16))
    (root / "run_autograder").write_bytes((root / "source/run_autograder").read_bytes())
    (root / "run_autograder").chmod(0o755)
    (root / "submission").mkdir()
    done = subprocess.run(["bash", root / "source/setup.sh"], env=environment(root), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return root


def environment(root: Path) -> dict[str, str]:
    """What Gradescope's container would have, with this Python as the distribution's, and nothing of this checkout."""
    path = f"{Path(sys.executable).resolve().parent}:/usr/local/bin:/usr/bin:/bin"
    return {"AUTOGRADER_ROOT": str(root), "PATH": path, "HOME": str(root), "LANG": "C.UTF-8"}


def run(root: Path, files: dict[str, bytes], **more: str) -> dict[str, Any]:
    for path in (root / "submission").iterdir():
        path.unlink()
    for name, data in files.items():
        (root / "submission" / name).write_bytes(data)
    results = root / "results/results.json"
    results.unlink(missing_ok=True)
    subprocess.run(
        [root / "run_autograder"], cwd=root, env=environment(root) | more, capture_output=True, timeout=120, check=False
    )
    data: dict[str, Any] = json.loads(results.read_text(encoding="utf-8"))
    Draft202012Validator(GRADESCOPE).validate(data)
    assert SEED not in json.dumps(data)
    return data


def test_a_right_policy(root: Path) -> None:
    data = run(root, {"policy.py": source("pin_then_lock").encode()})
    assert data["score"] == 100
    assert [test["visibility"] for test in data["tests"]].count("after_published") == 1


def test_a_wrong_policy_under_another_name(root: Path) -> None:
    data = run(root, {"mine.py": source("writearound").encode()})
    assert 0 < data["score"] < 100
    assert "is blocked for ever" in json.dumps(data)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({}, "it is empty"),
        ({"policy.py": b"def enqueue(:\n"}, "not Python"),
        ({"policy.py": b"\xff\xfe"}, "not UTF-8"),
        ({"notes.txt": b"later"}, "no Python file"),
        ({"homework.zip": b"PK"}, "cannot be unpacked"),
    ],
)
def test_what_cannot_be_graded(root: Path, files: dict[str, bytes], says: str) -> None:
    data = run(root, files)
    assert data["score"] == 0
    assert says in data["output"]


def test_a_submission_cannot_read_the_secret_nor_write_the_results(root: Path) -> None:
    hostile = (
        f"SECRET = {str(root / 'source/secret/seed')!r}\nRESULTS = {str(root / 'results/results.json')!r}\n"
        "def enqueue(mm, page):\n"
        "    import io\n"
        "    found = getattr(io, 'open')(SECRET).read()\n"
        "    getattr(io, 'open')(RESULTS, 'w').write('{\"score\": 100}' + found)\n"
        "    yield\n\n"
        "def execute(mm, work):\n    yield\n"
    )
    assert run(root, {"policy.py": hostile.encode()})["score"] == 0


@pytest.mark.parametrize("broken", ["source/autograder.json", "source/exercises", "source/wbviz", "source/python"])
def test_results_are_written_though_the_grader_is_broken(root: Path, broken: str) -> None:
    (root / broken).rename(root / "away")
    try:
        data = run(root, {"policy.py": source("pin_then_lock").encode()})
    finally:
        (root / "away").rename(root / broken)
    assert data["score"] == 0
    assert "not your fault" in data["output"]


def test_what_the_archive_holds(root: Path, exercise: Exercise) -> None:
    with zipfile.ZipFile(root / "autograder.zip") as archive:
        names = set(archive.namelist())
        modes = {info.filename: stat.S_IMODE(info.external_attr >> 16) for info in archive.infolist()}
    assert {"setup.sh", "run_autograder", "wbviz/grade/score.py", "simpy/__init__.py"} <= names
    assert f"exercises/{exercise.name}/rubric.toml" in names
    assert any(name.startswith("simpy") and "LICENSE" in name.upper() for name in names)
    assert not [name for name in names if name.startswith(("tests/", "wbviz/viz/")) or "__pycache__" in name]
    assert modes["run_autograder"] == 0o755
    assert modes["secret/seed"] == 0o600


def test_doctor_runs_there(root: Path) -> None:
    doctor = [sys.executable, "-m", "wbviz", "doctor"]
    done = subprocess.run(doctor, cwd=root / "source", env=environment(root), capture_output=True, check=False)
    assert b"sandbox" in done.stdout


def test_the_same_archive_again(root: Path, exercise: Exercise, tmp_path: Path) -> None:
    write_autograder(exercise, tmp_path / "again.zip", SEED, official=False)
    assert (tmp_path / "again.zip").read_bytes() == (root / "autograder.zip").read_bytes()
    names = write_autograder(exercise, tmp_path / "plain.zip", None, official=True)
    assert "secret/seed" not in names


def test_a_place_that_cannot_be_written_is_told(exercise: Exercise, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot write"):
        write_autograder(exercise, tmp_path / "missing" / "autograder.zip", None, official=True)
    assert not os.listdir(tmp_path)


def test_it_knows_the_other_exercises_without_having_them(tmp_path: Path) -> None:
    real = load_exercise(exercises(Path(__file__).parents[3])["02-pin-then-lock"])
    names = write_autograder(real, tmp_path / "autograder.zip", None, official=True)
    assert not [name for name in names if name.startswith("exercises/03")]
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        settings = json.loads(archive.read("autograder.json"))
    assert "03-recheck" in settings["others"], "or the work for another exercise would be graded for this one"
