"""The built-in policies: all of the contract are there, each is a policy, and none says more than it does."""

from __future__ import annotations

import ast

import pytest

from tests.policy.driving import reader
from wbviz.policy.histories import Fault, Op
from wbviz.policy.load import builtin_names, load_policy

CONTRACT = [
    "pin_then_lock",
    "writearound",
    "write_ahead",
    "range_around",
    "trylock_around",
    "own_range",
    "lock_at_enqueue",
    "no_recheck",
    "no_pin",
    "igrab_at_enqueue",
    "leaky",
    "spin_when_full",
    "skip_if_locked",
    "wait_before_lock",
    "racy_merge",
    "backoff",
    "requeue_if_locked",
    "keep_locked",
    "after_unlock",
    "trust_pointer",
    "prove_pointer",
    "drop_bundle",
    "wrap_round",
    "make_room",
]

PINS = {"get_page": 1, "find_get_page": 1, "put_page": -1}
READ = {"pins": ("int", 1), "inode": ("inode", 0), "file": ("inode", 0), "index": ("int", 1)}
LOCKS = {"lock_page": 1, "trylock_page": 1, "unlock_page": -1}


def test_all_of_the_contract_are_there() -> None:
    assert sorted(CONTRACT) == list(builtin_names())


@pytest.mark.parametrize("name", CONTRACT)
def test_each_is_short_and_says_what_it_shows(name: str) -> None:
    policy = load_policy(name)
    assert policy.problem() is None
    docstring = ast.get_docstring(ast.parse(policy.source)) or ""
    assert docstring.splitlines()[0].endswith((".", "?", ":"))
    assert len(policy.source.splitlines()) <= 70


@pytest.mark.parametrize("name", CONTRACT)
def test_undisturbed_each_gives_back_what_it_takes(name: str) -> None:
    """One page in a quiet world: pins and locks are balanced, and the page is written once."""
    programs = load_policy(name).programs()
    pins: dict[object, int] = {}
    locks: dict[object, int] = {}
    written = []
    for function, argument in (("enqueue", ("page", 1)), ("execute", ("work", 0))):
        turn = programs.start(function, argument, reader(READ))
        for _ in range(60):
            request = turn.request
            assert not isinstance(request, Fault), request.error
            if not isinstance(request, Op):
                break
            answer: object = {"trylock_page": True, "queue_work": True, "igrab": True}.get(request.name)
            subject = request.args[0] if request.args else None
            if request.name == "find_get_page":
                index = request.args[1][1]
                subject = answer = ("page", index) if 0 <= index <= 2 else None
            if answer is not False and subject is not None:
                pins[subject] = pins.get(subject, 0) + PINS.get(request.name, 0)
                locks[subject] = locks.get(subject, 0) + LOCKS.get(request.name, 0)
            if request.name == "writepage":
                written.append(subject)
                assert locks[subject] >= 1
            read = reader(READ)
            turn = programs.resume(turn.place, answer, read)
    assert set(locks.values()) == {0}
    assert set(pins.values()) == {0}
    assert ("page", 1) in written
