"""What is explored of a submission, where it comes to an end early, and what is said then."""

from datetime import date
from itertools import count
from random import Random

import pytest

from tests.grade.fitted import FAULTS, GUISES, Guise, fitted
from tests.grade.policies import reference
from tests.policy.test_counters import as_hard, tries
from wbviz.certify.certify import certify
from wbviz.certify.meets import covers
from wbviz.certify.result import Certificate
from wbviz.check.verdict import INCOMPLETE, SAFE
from wbviz.grade.deep import look
from wbviz.grade.exercise import Exercise, load_exercise
from wbviz.grade.explored import MAX_STATES, TOO_MANY, Explored
from wbviz.grade.hidden import Drawn, hidden_draws
from wbviz.grade.score import grade_policy
from wbviz.policy.load import Policy, load_policy, policy_from_text

EXERCISE = load_exercise("02")


def explored(exercise: Exercise = EXERCISE) -> Explored:
    return Explored(exercise, lambda where, states: None)


def crowded(drawn: Drawn) -> bool:
    """Whether two syncs are queued beside a hidden scenario, and works before its own."""
    return sum(task.program == "sync" for task in drawn.recipe.build().tasks) >= 2


def seed_of(exercise: Exercise) -> str:
    """A secret that draws such a scenario."""
    return next(seed for seed in map(str, count()) if any(map(crowded, hidden_draws(exercise, seed))))


@pytest.mark.parametrize("name", ["skip_if_locked", "requeue_if_locked", "leaky"])
def test_what_is_right_is_settled_though_something_else_is_wrong(name: str) -> None:
    """The plain exploration of a hidden scenario among syncs and works came to no end: all else was lost with it."""
    open_to_all, secret = (grade_policy(EXERCISE, load_policy(name), seed=seed) for seed in (None, seed_of(EXERCISE)))
    assert "fails" in {one.verdict for one in secret.properties}
    assert "unsettled" not in {one.verdict for one in secret.properties}
    assert secret.points <= open_to_all.points


def test_what_only_a_queue_shows_is_found_in_a_hidden_scenario() -> None:
    (drops,) = [fault for fault in FAULTS if fault.why == "drops the work"]
    policy = policy_from_text(fitted(reference("02"), drops, Guise("", "[w.kind for w in mm.works].count('sync') > 1")))
    seen = explored()
    seen.hidden(policy, seed_of(EXERCISE))
    wrong = [one for one in seen.findings if one.verdict.kind != SAFE]
    assert {one.verdict.kind for one in wrong} == {"lost-work"}
    assert all(one.hidden and one.verdict.trace for one in wrong)
    assert "lost-work" in {one.verdict for one in seen.checked}


def test_without_its_queue_a_hidden_scenario_is_the_same() -> None:
    for drawn in (drawn for seed in "abcdef" for drawn in hidden_draws(EXERCISE, seed)):
        whole, inner = drawn.recipe.build(), drawn.inner.build()
        assert {task.program for task in inner.tasks} <= {task.program for task in whole.tasks}
        assert whole.world.filesystem == inner.world.filesystem
        assert sum(page.dirty for page in inner.pages) <= sum(page.dirty for page in whole.pages)


@pytest.mark.parametrize("left", [20, 2_000], ids=["in the rubric's scenarios", "in a deep world"])
def test_the_bound_of_all_explorations_is_told_with_its_number(left: int) -> None:
    """Not as what was left of it in the scenario that happened to meet it. No certificate is asked for this text."""
    seen = explored()
    seen.states = MAX_STATES - left
    seen.public(as_hard(reference("02")))
    told = {one.verdict.summary for one in seen.findings if one.verdict.kind == INCOMPLETE}
    assert told == {TOO_MANY}
    assert f"{MAX_STATES:,} states" in TOO_MANY


def test_what_a_certificate_covers_is_not_looked_at() -> None:
    policy = policy_from_text(reference("02"))
    proof = certify(policy)
    assert isinstance(proof, Certificate)
    every, left = list(look(policy, EXERCISE)), list(look(policy, EXERCISE, proof))
    assert {one.recipe.name for one in left} < {one.recipe.name for one in every}
    assert not any(covers(proof, one.scenario) for one in left)
    assert "locked-page" in " ".join(one.recipe.name for one in left), "a lock that is held for ever is no task's"


def test_a_fault_in_a_guise_has_no_certificate_that_counts() -> None:
    """Those of every size are all that grading takes; a day's draw of the table."""
    draw = Random(date.today().isoformat())
    for fault, guise in draw.sample([(fault, guise) for fault in FAULTS for guise in (None, *GUISES)], 8):
        made = certify(policy_from_text(fitted(reference("02"), fault, guise)))
        assert not isinstance(made, Certificate) or made.pages is not None, f"{fault.why}: {guise and guise.when}"


def test_a_certificate_is_named_where_it_speaks_of_all_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The report named any certificate: no test had one that leaves out a scenario of the rubric."""
    told = "a certificate says so for every size"
    policy = policy_from_text(reference("02"))
    assert told in held(policy)
    whole = certify(policy)
    assert isinstance(whole, Certificate)
    less = whole._replace(beside=tuple(task for task in whole.beside if task != "truncate"))
    monkeypatch.setattr("wbviz.grade.explored.certify", lambda policy: less)
    assert told not in held(policy)


def held(policy: Policy) -> str:
    """What the report says of deadlocks."""
    (deadlock,) = [one for one in grade_policy(EXERCISE, policy).properties if one.name == "deadlock"]
    assert deadlock.verdict == "holds"
    return deadlock.sentence


def test_an_honest_loop_of_many_tries_is_settled() -> None:
    """No exploration of it comes to an end where somebody keeps the lock for ever; its certificate says what is so."""
    assert grade_policy(EXERCISE, policy_from_text(tries(200)), seed="a secret").points == 70, "all but what is asked"
    forgets = tries(200).replace("        yield mm.put_page(page)\n", "", 1)
    (leak,) = [one for one in grade_policy(EXERCISE, policy_from_text(forgets)).properties if one.name == "leak"]
    assert leak.verdict == "fails"
