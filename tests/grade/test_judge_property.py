"""Children that answer at random: whatever they say, a check ends with a verdict, and a simulation with an end."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.drawn import WHOLE
from wbviz.check.check import check_scenario
from wbviz.grade.judge.limits import Limits
from wbviz.grade.judge.policy import ChildPolicy
from wbviz.grade.judge.talk import Talk
from wbviz.policy.arguments import ATTRIBUTES, SIGNATURES
from wbviz.policy.protocol import Fault, Op, Return
from wbviz.policy.source import Source
from wbviz.scenarios.catalogue import build
from wbviz.sim import simulate

SOURCE = Source("random.py", "def enqueue(mm, page):\n    yield mm.get_page(page)\n")
SCENARIOS = ["abba", "piggyback", "full-queue", "umount", "iput-in-flusher", "two-reclaimers", "daemon"]

plain = st.none() | st.booleans() | st.integers(-3, 3) | st.just(2**70) | st.floats() | st.text(max_size=3)
words = st.sampled_from(["op", "read", "return", "fault", "page", "inode", "work", "int", "tuple", "mm", "works"])
anything = st.recursive(
    plain | words | st.sampled_from(sorted(SIGNATURES)),
    lambda inner: st.lists(inner, max_size=7) | st.dictionaries(words, inner, max_size=3),
    max_leaves=20,
)


class Answers:
    """In the place of a pipe: what a function answers, gone through JSON as it would on its way."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def send(self, message: object) -> None:
        """Nobody listens."""

    def ask(self, message: object) -> Any:
        """The answer to a message."""
        if isinstance(message, list) and message[0] == "policy":
            return ["plain", True]
        return json.loads(json.dumps(self.answer(json.loads(json.dumps(message)))))


def policy(answer: Any) -> ChildPolicy:
    talk = Talk(Answers(answer), SOURCE, Limits())  # type: ignore[arg-type]
    return ChildPolicy("random", SOURCE, "random.py", talk)


@given(st.lists(anything, min_size=1, max_size=3))
@settings(max_examples=300)
def test_any_json_is_an_answer_or_a_fault(answers: list[Any]) -> None:
    left = iter([*answers, None, None, None])
    turn = policy(lambda question: next(left)).programs().start("enqueue", ("page", 0), lambda read: None)
    assert isinstance(turn.request, (Op, Return, Fault))


class Liar:
    """Answers with what has the right form: operations and reads of what it was told of, old places and new ones."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.places: list[tuple[Any, ...]] = []
        self.names: dict[str, list[Any]] = {"page": [], "inode": [], "work": []}

    def __call__(self, question: list[Any]) -> Any:
        if question[0] == "halt":
            return ["halted"]
        self.listen(question)
        draw = self.random.random()
        if draw < 0.01:
            return ["nonsense"]
        if draw < 0.25 and question[0] != "resume":
            return self.read()
        if draw < 0.35 and self.places:
            return self.places[self.random.randrange(len(self.places))]
        place = len(self.places)
        request = ("return", place, [], self.value()) if draw < 0.5 else self.op(place)
        self.places.append(request)
        return request

    def listen(self, thing: Any) -> None:
        """Remember the pages and inodes in a question."""
        if isinstance(thing, list):
            if len(thing) == 2 and thing[0] in ("page", "inode") and thing not in self.names[thing[0]]:
                self.names[thing[0]].append(thing)
            for item in thing:
                self.listen(item)

    def name(self, kind: str) -> Any:
        """A page or an inode that it has heard of; or one that it makes up."""
        known = self.names[kind]
        return self.random.choice(known) if known and self.random.random() < 0.98 else [kind, self.random.randrange(3)]

    def value(self) -> Any:
        """Something to return, or to keep in a work."""
        choices = [None, True, False, "text", ["int", self.random.randrange(-2, 5)], self.name("page")]
        return self.random.choice([*choices, ["tuple", self.random.choice(choices)]])

    def read(self) -> Any:
        """A read of anything that can be read."""
        kind = self.random.choice(["page", "page", "inode", "mm"])
        if kind == "mm":
            return ["read", "mm", "works", 1]
        return ["read", self.name(kind), self.random.choice(ATTRIBUTES[kind]), 1]

    def op(self, place: int) -> tuple[Any, ...]:
        """An operation with arguments of the right kinds, works left out."""
        name = self.random.choice([name for name in SIGNATURES if name != "extend_work"])
        args = [["int", self.random.randrange(-2, 5)] if p == "index" else self.name(p) for p in SIGNATURES[name]]
        info = []
        if name == "queue_work":
            args = [arg if self.random.random() < 0.7 else None for arg in args]
            info = [["held", self.value()]] if self.random.random() < 0.3 else []
        return ("op", place, [], name, args, info, [2])


@pytest.mark.parametrize("name", SCENARIOS)
@given(st.integers(0, 10**6))
@settings(max_examples=50 if WHOLE else 5)
def test_a_random_liar_is_a_policy_like_any_other(name: str, seed: int) -> None:
    liar = policy(Liar(seed))
    result = check_scenario(liar, build(name), max_states=300)
    assert result.verdict
    for verdict in result.verdicts:
        assert verdict.summary
    assert simulate(liar, build(name), seed=1).ended
