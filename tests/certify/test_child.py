"""A policy that runs in a sandbox's child gets the certificate that it gets in this process; a liar, none by lying."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.drawn import drawn
from tests.grade.lying import answered_by, message, op
from tests.grade.policies import IDLE
from tests.grade.tables import RIGHT
from wbviz.certify.box import Reason
from wbviz.certify.certify import certify
from wbviz.certify.report import to_json
from wbviz.certify.result import Certificate, Refusals
from wbviz.grade.judge import Limits, judged
from wbviz.policy.load import builtin_names, load_policy, policy_from_text

TEXTS = {
    **{one.text: one.why for one in IDLE},
    **{one.text: one.style for table in RIGHT.values() for one in table},
    **{load_policy(name).source: name for name in builtin_names()},
}


@cache
def here(text: str) -> Certificate | Refusals:
    """What it gives in this process."""
    return certify(policy_from_text(text))


def there(text: str, folder: Path, limits: Limits | None = None) -> Certificate | Refusals:
    """What certifying a text gives where it is asked over a pipe."""
    file = folder / "policy.py"
    file.write_text(text, encoding="utf-8")
    with judged(file, tier="none", limits=limits or Limits()) as child:
        return certify(child.policy)


BUILT_IN = {load_policy(name).source for name in builtin_names()}


@pytest.mark.parametrize("text", drawn([*TEXTS], lambda text: text in BUILT_IN, 16), ids=TEXTS.get)
def test_the_same_certificate_as_in_this_process(text: str, tmp_path: Path) -> None:
    """Of some policies, others each day; of all of them with `WBVIZ_WHOLE=1`."""
    assert to_json(there(text, tmp_path)) == to_json(here(text))


def test_most_of_these_are_for_every_size() -> None:
    """Else the test above would say nothing about positions."""
    found = [here(text) for text in TEXTS]
    assert sum(isinstance(one, Certificate) and one.pages is None for one in found) >= 30


def test_a_child_that_may_be_asked_no_more_gets_none(tmp_path: Path) -> None:
    found = there(load_policy("pin_then_lock").source, tmp_path, Limits(turns=5))
    assert isinstance(found, Refusals)
    assert found.stop is not None
    assert found.stop.reason is Reason.MANY


# A lying child is merely another policy

PAGE = ["page", 0]


def read(target: Any, attr: str) -> bytes:
    return message("read", target, attr, 2)


def test_who_reads_something_else_the_second_time_has_shown_nothing() -> None:
    asked = {"turns": 0}

    def liar(question: Any) -> bytes:
        if question[0] == "value":
            return message("return", 0, [], True)
        asked["turns"] += 1
        return read(PAGE, "dirty" if asked["turns"] == 1 else "writeback")

    with answered_by(lambda question: message("halted") if question[0] == "halt" else liar(question)) as policy:
        found = certify(policy)
    assert isinstance(found, Refusals)


@pytest.mark.parametrize(
    "sign",
    [["position", 0, 0, 0], ["position", 1, 1, 1], ["position", 5, -1, 0], ["position", -(2**62), 2**62, -1]],
    ids=str,
)
def test_who_asks_for_signs_without_end_has_shown_nothing(sign: list[Any]) -> None:
    def liar(question: Any) -> bytes:
        return message("halted") if question[0] == "halt" else read(sign, "sign")

    with answered_by(liar) as policy:
        found = certify(policy)
    assert isinstance(found, Refusals)


@pytest.mark.parametrize(
    "answer",
    [
        read(["position", 0, 0], "sign"),
        read(["position", 0, 0, True], "sign"),
        read(["position", 0, 0, 2**63], "sign"),
        read(["position", 0, 0, 0], "index"),
        op(0, "lock_page", ["position", 0, 1, 0]),
        op(0, "find_get_page", ["inode", 0], ["position", 0, 1, 0]),
    ],
)
def test_what_is_no_position_is_held_against_the_submission(answer: bytes) -> None:
    with answered_by(lambda question: answer) as policy:
        found = certify(policy)
    assert isinstance(found, Refusals)
    assert found.error is not None
    assert policy.error is not None


def test_a_position_where_files_have_a_size_is_held_against_the_submission() -> None:
    with answered_by(lambda question: read(["position", 0, 1, 0], "sign")) as policy:
        turn = policy.programs().start("enqueue", ("page", 0), lambda question: True)
    assert policy.error is not None
    assert turn.works == ()
