"""A fault that shows under one condition only costs points all the same: some faults in some guises, in four exercises.

The right policies that they hide in are the references, so nothing of a rubric's own scenarios is asked about again
here: what is looked at is what grading looks at when all has been well so far. A few are graded from beginning to end.
Each day draws others; all of them are in `python -m tests.grade.fitted --exercise 02`.
"""

from datetime import date
from random import Random

import pytest

from tests.grade.fitted import EXERCISES, FAULTS, GUISES, PAIRS, Guise, fitted, missed, seen
from tests.grade.policies import reference
from wbviz.grade.constants import names, numbers
from wbviz.grade.exercise import load_exercise
from wbviz.grade.score import grade_policy
from wbviz.policy.load import policy_from_text

EACH = {"02": 4, "05": 2, "07": 4, "10": 1}
"""So many pairs of a fault and a guise are drawn each day; a pair takes longest in 05 and 10."""


@pytest.mark.parametrize("number", EXERCISES)
def test_a_fault_is_seen_in_a_guise(number: str) -> None:
    seed = date.today().isoformat()
    print(f"seed {seed}")
    assert not list(missed(number, Random(seed).sample(PAIRS, EACH[number])))


@pytest.mark.parametrize("number", EXERCISES)
@pytest.mark.parametrize("hidden", [None, "a secret"])
def test_a_fitted_policy_loses_points(number: str, hidden: str | None) -> None:
    seed = date.today().isoformat()
    print(f"seed {seed}")
    draw = Random(f"{seed} {hidden}")
    text = fitted(reference(number), draw.choice(FAULTS), draw.choice((None, *GUISES)))
    report = grade_policy(load_exercise(EXERCISES[number]), policy_from_text(text), seed=hidden)
    assert report.gradable, report.problem
    assert report.points < report.total


@pytest.mark.parametrize(
    ("number", "condition"),
    [
        ("02", "page.index == 11"),
        ("05", "page.mapping.nr_pages > 9"),
        ("07", "len(mm.works) > 7"),
        ("02", "page.mapping.name == 'notes'"),
    ],
)
def test_numbers_and_names_in_the_text_are_looked_at(number: str, condition: str) -> None:
    (drops,) = [fault for fault in FAULTS if fault.why == "drops the work"]
    text = fitted(reference(number), drops, Guise("", condition))
    assert seen(number, text)


def test_what_a_text_compares_with() -> None:
    text = "if page.index >= 3 and page.mapping.name == 'B':\n    x = 70 + 1 if page.index % 5 else 2\n"
    assert numbers(text) == (2, 3, 5)
    assert names(text) == ("B",)
    assert numbers("def f(:") == ()
    many = "\n".join(f"a{number} = {number}" for number in range(2, 39)) + "\nx = page.index == 39\n"
    assert 39 in numbers(many), "what is compared comes before what is not"
    assert len(numbers(many)) == 8
