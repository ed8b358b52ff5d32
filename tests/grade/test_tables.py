"""Every exercise against its tables: wrong policies are caught by the right verdict, right ones get everything.

One of each kind, and some others, others each day; all of them with `WBVIZ_WHOLE=1`.
"""

import pytest

from tests.drawn import drawn
from tests.grade.policies import IDLE, REFERENCES, Right, Wrong
from tests.grade.tables import RIGHT, WRONG
from wbviz.grade.exercise import Exercise, exercises, load_exercise
from wbviz.grade.report import Report, text
from wbviz.grade.score import grade_policy
from wbviz.policy.load import load_policy, policy_from_text

EXERCISES = {name[:2]: load_exercise(name) for name in exercises()}
RIGHTS = [(number, one) for number, table in RIGHT.items() for one in table]
WRONGS = [(number, one) for number, table in WRONG.items() for one in table]
STARTERS = [(number, seed) for number in EXERCISES for seed in (None, "a secret")]


def graded(exercise: Exercise, text: str, seed: str | None = None) -> Report:
    return grade_policy(exercise, policy_from_text(text), seed=seed)


def verdicts(report: Report) -> dict[str, str]:
    """What each property that does not hold shows: the verdict of its failure, or its own."""
    return {
        one.name: one.failure.kind if one.failure else one.verdict
        for one in report.properties
        if one.verdict not in ("holds", "not counted")
    }


def test_there_are_enough_of_them_and_no_two_are_the_same() -> None:
    assert list(EXERCISES) == list(RIGHT) == list(WRONG) == [f"{number:02}" for number in range(1, 11)]
    wrong = {one.text for table in WRONG.values() for one in table} | {one.text for one in IDLE}
    right = {one.text for table in RIGHT.values() for one in table}
    assert len(wrong) >= 60
    assert len(right) >= 30
    for number in EXERCISES:
        here = {one.text for one in WRONG[number]}
        assert len(here) == len(WRONG[number])
        assert not here & {one.text for one in RIGHT[number]}, "what is right in one exercise may be wrong in another"


@pytest.mark.parametrize("number", EXERCISES)
def test_every_exercise_has_a_reference_of_its_own_name(number: str) -> None:
    assert (REFERENCES / f"{EXERCISES[number].name}.py").is_file()
    assert EXERCISES[number].total == 100


@pytest.mark.parametrize(("number", "seed"), drawn(STARTERS, lambda one: one[0], 2))
def test_the_starter_scores_below_half(number: str, seed: str | None) -> None:
    exercise = EXERCISES[number]
    report = grade_policy(exercise, load_policy(exercise.starter), seed=seed)
    assert 0 < report.points < report.total / 2
    assert report.properties[0].verdict == "holds", "it works when it is alone: the failure is the lesson"


@pytest.mark.parametrize(
    ("number", "right"),
    [pytest.param(number, one, id=f"{number}: {one.style}") for number, one in drawn(RIGHTS, lambda one: one[0], 6)],
)
def test_a_right_policy_gets_everything(number: str, right: Right) -> None:
    report = graded(EXERCISES[number], right.text, "a secret")
    assert verdicts(report) == {}
    assert report.points == report.total


@pytest.mark.parametrize(
    ("number", "wrong"),
    [
        pytest.param(number, one, id=f"{number}: {one.why}")
        for number, one in drawn(WRONGS, lambda one: (one[0], one[1].property, one[1].kind), 6)
    ],
)
def test_a_wrong_policy_is_caught_by_the_right_verdict(number: str, wrong: Wrong) -> None:
    report = graded(EXERCISES[number], wrong.text)
    assert report.gradable, report.problem
    assert verdicts(report).get(wrong.property) == wrong.kind
    assert report.points < report.total


@pytest.mark.parametrize("number", EXERCISES)
@pytest.mark.parametrize("idle", IDLE, ids=lambda one: one.why)
def test_to_be_safe_by_doing_nothing_scores_nothing(number: str, idle: Wrong) -> None:
    report = graded(EXERCISES[number], idle.text)
    assert report.points == 0
    assert verdicts(report) == {"duty": idle.kind}
    assert report.properties[0].rule
    assert "no scenario was looked at" in text(report) or "writes the page itself" in text(report)
