"""No mutant of a right policy gets full marks if the slow, plain exploration finds it wrong.

Of the mutants in each exercise a few are drawn each day, more of them with `WBVIZ_WHOLE=1`.
"""

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.check.naive import naive_explore, shortest
from tests.drawn import SEED as TODAY
from tests.drawn import WHOLE
from tests.grade.tables import RIGHT
from wbviz.grade.exercise import exercises, load_exercise
from wbviz.grade.hidden import hidden_draws
from wbviz.grade.own.mutants import Mutant, mutants
from wbviz.grade.score import grade_policy
from wbviz.machine.machine import Machine
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import policy_from_text
from wbviz.scenarios.catalogue import SCENARIOS

SEED, LARGEST = "a secret", 700
NAMES = {name[:2]: name for name in exercises()}


def scenarios(number: str) -> list[Scenario]:
    """All that an exercise checks, hidden scenarios included."""
    exercise = load_exercise(NAMES[number])
    public = [SCENARIOS[one.scenario].build(one.params) for one in exercise.checks]
    return public + [drawn.recipe.build() for drawn in hidden_draws(exercise, SEED)]


def wrong(number: str, text: str) -> dict[str, list[str]]:
    """What the plain exploration finds wrong, by scenario, where the scenario is small enough for it."""
    found = {}
    for scenario in scenarios(number):
        machine = Machine(scenario, policy_from_text(text))
        naive = naive_explore(machine, LARGEST)
        if naive is not None and (kinds := shortest(machine, naive)):
            found[scenario.name] = sorted(kinds)
    return found


def test_mutants_are_what_they_say() -> None:
    text = "def f(mm):\n    yield mm.a()\n    x = (yield mm.b())\n    return x\n"
    assert [one.what for one in mutants(text)] == [
        "drop yield mm.a()",
        "duplicate yield mm.a()",
        "swap yield mm.a()",
        "drop x = (yield mm.b())",
        "duplicate x = (yield mm.b())",
        "swap x = (yield mm.b())",
    ]
    assert len({one.text for one in mutants(text)}) == 6


def test_the_plain_exploration_finds_what_is_wrong() -> None:
    (no_unlock,) = [one for one in mutants(RIGHT["02"][0].text) if one.what == "drop yield mm.unlock_page(page)"]
    assert "leak" in wrong("02", no_unlock.text)["busy-page"]


@pytest.mark.parametrize("number", RIGHT)
def test_no_wrong_mutant_gets_full_marks(number: str) -> None:
    every = [one for right in RIGHT[number] for one in mutants(right.text)]
    exercise = load_exercise(NAMES[number])

    @seed(f"{TODAY} {number}")
    @settings(max_examples=40 if WHOLE else 4, suppress_health_check=[HealthCheck.too_slow])
    @given(st.sampled_from(every))
    def holds(mutant: Mutant) -> None:
        report = grade_policy(exercise, policy_from_text(mutant.text), seed=SEED)
        if report.points == report.total:
            assert wrong(number, mutant.text) == {}, mutant.what

    holds()
