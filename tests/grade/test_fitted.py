"""A fault that shows under one condition only costs points all the same: each fault in each guise, in four exercises.

The right policies that they hide in are the references, so nothing of a rubric's own scenarios is asked about again
here: what is looked at is what grading looks at when all has been well so far. A few are graded from beginning to end.
"""

import pytest

from tests.grade.fitted import FAULTS, GUISES, Fault, Guise, fitted
from tests.grade.policies import reference
from wbviz.grade.constants import names, numbers
from wbviz.grade.deep import look, places
from wbviz.grade.exercise import exercises, load_exercise
from wbviz.grade.probes import reclaim_probes, run_probe
from wbviz.grade.score import grade_policy
from wbviz.grade.watched import Watched
from wbviz.policy.load import policy_from_text

EXERCISES = {name[:2]: load_exercise(name) for name in exercises() if name[:2] in ("02", "05", "07", "10")}


def seen(number: str, text: str) -> bool:
    """Whether what comes after the rubric's own scenarios shows something."""
    policy = Watched(policy_from_text(text))
    if any(one.verdicts for one in look(policy, EXERCISES[number])):
        return True
    return any(run_probe(policy, probe, "reclaim").verdict for probe in reclaim_probes(places(policy.source)))


@pytest.mark.parametrize("number", EXERCISES)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: one.why)
def test_a_fault_is_seen_in_every_guise(number: str, fault: Fault) -> None:
    right = reference(number)
    missed = [guise.when for guise in GUISES if not seen(number, fitted(right, fault, guise))]
    assert not missed


@pytest.mark.parametrize("number", EXERCISES)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: one.why)
def test_a_fault_without_a_guise_costs_points(number: str, fault: Fault) -> None:
    report = grade_policy(EXERCISES[number], policy_from_text(fitted(reference(number), fault, None)))
    assert report.gradable, report.problem
    assert report.points < report.total


PAIRS = [(fault, GUISES[(3 * place) % len(GUISES)]) for place, fault in enumerate(FAULTS)]


@pytest.mark.parametrize("number", EXERCISES)
@pytest.mark.parametrize(("fault", "guise"), PAIRS[::3], ids=lambda one: one[0])
@pytest.mark.parametrize("seed", [None, "a secret"])
def test_a_fitted_policy_loses_points(number: str, fault: Fault, guise: Guise, seed: str | None) -> None:
    report = grade_policy(EXERCISES[number], policy_from_text(fitted(reference(number), fault, guise)), seed=seed)
    assert report.gradable, report.problem
    assert report.points < report.total


@pytest.mark.parametrize("number", EXERCISES)
@pytest.mark.parametrize(
    "condition", ["page.index == 11", "page.mapping.nr_pages > 9", "len(mm.works) > 7", "page.mapping.name == 'notes'"]
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
