"""An exercise of one's own: the one to start from is sound, and what is wrong with another is told."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pytest

from wbviz.commands import exercise as command
from wbviz.errors import UsageError
from wbviz.grade.exercise import load_exercise
from wbviz.grade.own.trials import Finding, Trial, tried
from wbviz.grade.platforms.autograder_zip import write_autograder

TEMPLATE = Path(command.__file__).parents[1] / "grade" / "own" / "template"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the exercise to start from."""
    return Path(shutil.copytree(TEMPLATE, tmp_path / "11-mine"))


def own(found: Iterator[Trial | Finding]) -> list[Trial | Finding]:
    """What is found in the files of the folder, before all that is there by itself."""
    return list(takewhile(lambda one: isinstance(one, Finding) or "policy that" not in one.name, found))


def wrong(found: list[Trial | Finding]) -> list[str]:
    findings = [one if isinstance(one, Finding) else one.finding for one in found]
    return [one.sentence for one in findings if one and one.wrong]


def test_the_one_to_start_from_grades_what_it_means_to(folder: Path) -> None:
    found = own(tried(folder))
    assert wrong(found) == []
    points = {one.name: one.points for one in found if isinstance(one, Trial)}
    assert points == {
        "the starter": 45,
        "the reference": 100,
        "instructor/wrong/keeps_the_pin.py": 90,
        "instructor/wrong/two_locks.py": 75,
    }


def test_a_policy_that_does_nothing_is_tried_as_well(folder: Path) -> None:
    rubric = folder / "rubric.toml"
    text = rubric.read_text(encoding="utf-8")
    assert text.count("asked = 35") == 1
    rubric.write_text(text.replace("asked = 35", "asked = 0"), encoding="utf-8")
    (found,) = [one for one in tried_until(folder, "refuses every page") if "refuses" in one.name]
    assert found.points == 0
    assert found.finding is None


def tried_until(folder: Path, words: str) -> list[Trial]:
    seen = []
    for one in tried(folder):
        if isinstance(one, Trial):
            seen.append(one)
            if words in one.name:
                break
    return seen


def test_a_starter_with_half_of_the_points_or_a_reference_without_all_is_wrong(folder: Path) -> None:
    shutil.copyfile(folder / "policy.py", folder / "instructor" / "wrong" / "starter.py")
    shutil.copyfile(folder / "instructor" / "reference.py", folder / "policy.py")
    shutil.copyfile(folder / "instructor" / "wrong" / "two_locks.py", folder / "instructor" / "reference.py")
    starter, reference = wrong(own(tried(folder)))
    assert "the starter gets 100 of 100 points" in starter
    assert "the reference loses points" in reference
    assert "Nobody is blocked for ever" in reference


def test_a_wrong_policy_that_is_not_caught_is_told(folder: Path) -> None:
    rubric = folder / "rubric.toml"
    text = rubric.read_text(encoding="utf-8")
    one = '[[check]] # and one of your own, in a file beside this one\nfile = "writer-below.toml"'
    assert one in text
    rubric.write_text(text.replace(one, ""), encoding="utf-8")
    starter, listed = wrong(own(tried(folder)))
    assert "the starter gets 70 of 100 points, 50 or more: give fewer points for what it has" in starter
    assert listed == "instructor/wrong/two_locks.py gets all points: add a scenario in which it fails"


def test_what_is_missing_is_told(folder: Path) -> None:
    shutil.rmtree(folder / "instructor" / "wrong")
    (folder / "task.md").write_text("\n")
    first, second = (one for one in (next(found) for found in [tried(folder)] * 2) if isinstance(one, Finding))
    assert "there is no task" in first.sentence
    assert "no wrong policy is listed" in second.sentence
    (folder / "instructor" / "reference.py").unlink()
    with pytest.raises(UsageError, match="no reference, a policy that gets all points"):
        list(tried(folder))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('file = "there-is-none.toml"', "cannot read the scenario"),
        ('file = "../rubric.toml"', "the name of a file beside the rubric"),
        ('file = "writer-below.toml"\npages = 3', "pages"),
    ],
)
def test_a_slip_about_an_own_scenario_names_rubric_and_key(folder: Path, text: str, says: str) -> None:
    rubric = folder / "rubric.toml"
    rubric.write_text(rubric.read_text(encoding="utf-8").replace('file = "writer-below.toml"', text), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_exercise(folder)
    assert "11-mine/rubric.toml" in str(caught.value)
    assert says in str(caught.value)


def test_a_slip_in_an_own_scenario_names_the_file(folder: Path) -> None:
    scenario = folder / "writer-below.toml"
    scenario.write_text(scenario.read_text(encoding="utf-8").replace('"writer"', '"wrtier"'), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_exercise(folder)
    assert "writer-below.toml: there is no program wrtier" in str(caught.value)


def test_solutions_stay_with_the_instructor(folder: Path, tmp_path: Path) -> None:
    names = write_autograder(load_exercise(folder), tmp_path / "autograder.zip", None, official=False)
    assert "exercises/11-mine/writer-below.toml" in names
    assert not [name for name in names if "instructor" in name]
