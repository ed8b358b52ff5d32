"""Nobody is graded for another exercise, whatever else was handed in with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.grade.collect.helping import POLICY, STARTER, WANTED, by_student, collected, lay, notebook, pack, texts
from wbviz.grade.collect.wanted import wanted_by
from wbviz.grade.exercise import exercises, load_exercise

OTHER = POLICY.replace(b"yield", b"yield 3")
ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("part", "exercise"),
    [
        *[(name, "02-pin-then-lock") for name in ("02-pin-then-lock", "02_Pin_Then_Lock", "02 pin then lock", "ex02")],
        *[(name, "02-pin-then-lock") for name in ("exercise-2", "02", "hw2", "02-mine", "policy_02", "pin-then-lock")],
        *[(name, "03-recheck") for name in ("03-recheck", "recheck", "Exercise 3", "03", "03-recheck-final")],
        *[(name, None) for name in ("policy", "policy-1", "src", "3", "attempt2", "20-11-2026", "99", "ada", "v03")],
    ],
)
def test_what_a_name_says(part: str, exercise: str | None) -> None:
    assert WANTED.named(part) == exercise


REPOSITORIES = {
    "a folder an exercise": {"02-pin-then-lock/policy.py": POLICY, "03-recheck/policy.py": OTHER},
    "a monorepo": {
        "exercises/02-pin-then-lock/policy.py": POLICY,
        "exercises/03-recheck/policy.py": OTHER,
        "wbviz/grade/judge/policy.py": OTHER,
        "tests/test_it.py": OTHER,
    },
    "by numbers": {"ex2/policy.py": POLICY, "ex3/policy.py": OTHER, "ex10/policy.py": OTHER},
    "files by name": {"02-pin-then-lock.py": POLICY, "03-recheck.py": OTHER},
    "archives": {},
}


@pytest.mark.parametrize("layout", REPOSITORIES)
@pytest.mark.parametrize("form", ["one of a class", "a class of one", "the folder itself", "an archive", "single"])
def test_of_several_exercises_the_right_one_is_graded(tmp_path: Path, layout: str, form: str) -> None:
    files = REPOSITORIES[layout]
    if layout == "archives":
        for name, text in (("02-pin-then-lock", POLICY), ("03-recheck", OTHER)):
            packed = pack(tmp_path / "packed.zip", {"policy.py": text})
            files = {**files, f"{name}.zip": packed.read_bytes()}
    root = lay(tmp_path / "in" / "ada", files)
    if form == "one of a class":
        lay(tmp_path / "in" / "bob", {"policy.py": POLICY})
        found = collected(tmp_path, tmp_path / "in")
    elif form == "a class of one":
        found = collected(tmp_path, tmp_path / "in")
    elif form == "an archive":
        found = collected(tmp_path, pack(tmp_path / "all.zip", {f"ada/{name}": data for name, data in files.items()}))
    else:
        found = collected(tmp_path, root, single=form == "single")
    assert texts(found)["ada"] == POLICY


@pytest.mark.parametrize(
    "files",
    [
        {"03-recheck/policy.py": POLICY},
        {"03-recheck/03-recheck.ipynb": notebook(POLICY.decode())},
        {"03-recheck.py": POLICY},
        {"exercises/03-recheck/policy.py": POLICY, "exercises/01-two-pages/policy.py": POLICY},
    ],
)
def test_whoever_handed_in_another_exercise_gets_no_points_for_this_one(
    tmp_path: Path, files: dict[str, bytes]
) -> None:
    lay(tmp_path / "in" / "ada", files)
    lay(tmp_path / "in" / "bob", {"policy.py": POLICY})
    ada = by_student(collected(tmp_path, tmp_path / "in"))["ada"]
    assert ada.policy is None
    assert ada.problem.startswith("there is nothing for 02-pin-then-lock in it, only for")
    assert "03-recheck" in ada.problem.splitlines()[0]


def test_a_notebook_of_another_exercise_is_known_by_its_cells(tmp_path: Path) -> None:
    graded = 'wbviz.grade("03-recheck", (enqueue, execute))'
    lay(tmp_path / "in" / "ada", {"mine.ipynb": notebook(POLICY.decode(), graded)})
    lay(tmp_path / "in" / "bob", {"mine.ipynb": notebook(POLICY.decode(), 'points("03", In)')})
    lay(tmp_path / "in" / "eve", {"mine.ipynb": notebook(POLICY.decode(), graded, graded.replace("03-recheck", "2"))})
    found = by_student(collected(tmp_path, tmp_path / "in"))
    for student in ("ada", "bob"):
        assert "is the notebook of 03-recheck" in found[student].problem
    assert found["eve"].policy is not None


def test_students_in_a_folder_an_exercise(tmp_path: Path) -> None:
    files = {f"{name}/{student}/policy.py": POLICY for name in ("02-pin-then-lock", "03-recheck") for student in "abc"}
    found = collected(tmp_path, lay(tmp_path / "course", {**files, "03-recheck/d/policy.py": OTHER}))
    assert set(texts(found)) == set("abc")


def test_the_policy_to_start_from_is_not_taken_for_the_students_own(tmp_path: Path) -> None:
    root = lay(
        tmp_path / "in",
        {
            "ada/policy.py": STARTER,
            "ada/work.ipynb": notebook("X = 1\n" + POLICY.decode()),
            "bob/02-pin-then-lock/policy.py": STARTER + b"\n",
            "eve/old/policy.py": STARTER,
            "eve/new/policy.py": POLICY,
        },
    )
    found = by_student(collected(tmp_path, root))
    assert found["ada"].file == ""
    assert "policy.py is the policy to start from, unchanged" in found["ada"].notes
    assert "it is the policy to start from, unchanged" in found["bob"].notes
    assert texts(collected(tmp_path, root))["eve"] == POLICY


def test_the_exercises_beside_one_are_known() -> None:
    wanted = wanted_by(load_exercise(exercises(ROOT)["02-pin-then-lock"]))
    assert {wanted.exercise, *wanted.others} == set(exercises(ROOT))
    assert wanted.starter == (ROOT / "exercises/02-pin-then-lock/policy.py").read_bytes()
