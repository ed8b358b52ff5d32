"""Each exercise asks for something of its own: what solves another one, or stands in the book, does not solve it."""

import pytest

from tests.grade.policies import REFERENCES
from wbviz.grade.asked import WORLDS, asked_probe
from wbviz.grade.exercise import ASKED_WORLDS, Asked, exercises, load_exercise
from wbviz.grade.probes import run_probe
from wbviz.grade.score import grade_policy
from wbviz.policy.load import Policy, builtin_names, load_policy, policy_from_text

EXERCISES = {name: load_exercise(name) for name in exercises()}
MOST = 70
OTHERS = [*builtin_names(), *(path.stem for path in sorted(REFERENCES.glob("*.py")))]


def found(name: str) -> Policy:
    """A built-in policy, or a reference."""
    path = REFERENCES / f"{name}.py"
    return load_policy(path if path.is_file() else name)


def wrong(asked: Asked, policy: Policy) -> str:
    """What the policy does not do of what is asked; "" if it does it."""
    verdict = run_probe(policy, asked_probe(asked), "asked").verdict
    return verdict.summary if verdict else ""


@pytest.mark.parametrize("name", EXERCISES)
def test_nothing_that_a_student_has_already_scores_above_seventy(name: str) -> None:
    """Who does not do what a task asks for loses its points, and those are what is missing to the seventy."""
    exercise = EXERCISES[name]
    assert exercise.total - exercise.points["asked"] <= MOST
    for other in OTHERS:
        if other == name or any(wrong(asked, found(other)) for asked in exercise.asked):
            continue
        assert grade_policy(exercise, found(other)).points <= MOST, other


@pytest.mark.parametrize("name", EXERCISES)
def test_the_reference_does_what_is_asked(name: str) -> None:
    assert [wrong(asked, found(name)) for asked in EXERCISES[name].asked] == [""] * len(EXERCISES[name].asked)


def test_what_may_be_asked_is_what_there_is() -> None:
    assert tuple(WORLDS) == ASKED_WORLDS


@pytest.mark.parametrize(
    ("world", "policy", "says"),
    [
        ("passes-over", "pin_then_lock", "waits for the lock of A0, which is clean"),
        ("passes-over", "skip_if_locked", "does not wait for the lock of B0, which is dirty"),
        ("passes-over", "lock_at_enqueue", "could not be cleaned while its work waited"),
        ("slow-disk", "pin_then_lock", "the reader waits for the lock of A0"),
        ("slow-disk", "wait_before_lock", ""),
        ("no-spinning", "backoff", "tries the lock of A0 again and again"),
        ("no-spinning", "writearound", ""),
        ("comes-back", "pin_then_lock", "B0 is still dirty: it waits behind A0"),
        ("comes-back", "skip_if_locked", "nobody waits in line for A0"),
        ("comes-back", "requeue_if_locked", "nobody waits in line for A0"),
    ],
)
def test_a_world_tells_what_is_wrong(world: str, policy: str, says: str) -> None:
    told = wrong(Asked("It does so.", world=world), load_policy(policy))
    assert says in told
    assert bool(told) == bool(says)


def test_a_rule_that_is_broken_in_such_a_run_is_told() -> None:
    never_waits = policy_from_text(
        load_policy("pin_then_lock").source.replace("    yield mm.wait_on_page_writeback(page)\n", "")
    )
    verdict = run_probe(never_waits, asked_probe(Asked("It does so.", world="slow-disk")), "asked").verdict
    assert verdict is not None
    assert verdict.kind == "rule-violation"


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (Asked("All.", pages=3, wanted=(1,), clean=(0, 1)), "A0 is still dirty at the end"),
        (Asked("One.", pages=2, wanted=(0, 0), works=1), "2 works are queued when reclaim has asked for A0 and A0"),
        (Asked("One.", pages=2, wanted=(1,), clean=(1,), left=(0,)), ""),
    ],
)
def test_what_is_seen_where_nobody_else_is_about(asked: Asked, says: str) -> None:
    told = wrong(asked, load_policy("pin_then_lock"))
    assert says in told
    assert bool(told) == bool(says)


def test_pages_that_are_to_be_left_alone() -> None:
    told = wrong(Asked("No more.", pages=3, wanted=(1,), clean=(1,), left=(0, 2)), load_policy("range_around"))
    assert "A0 and A2 were written as well" in told
