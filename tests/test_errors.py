"""The error tree: messages as they are printed, and as data."""

from __future__ import annotations

import pytest

from wbviz.errors import PolicyError, ScenarioError, TraceError, UsageError, WbvizError


def test_a_message_has_all_its_parts_in_order() -> None:
    error = UsageError("no such thing", came="this", expected="that", cause="a slip", fix="wbviz doctor\nwbviz run")
    assert str(error) == (
        "no such thing\n"
        "  came:         this\n"
        "  expected:     that\n"
        "  likely cause: a slip\n"
        "  try:\n"
        "      wbviz doctor\n"
        "      wbviz run"
    )


def test_parts_that_are_empty_are_left_out() -> None:
    assert str(WbvizError("only this")) == "only this"
    assert str(WbvizError("only this", expected="that")) == "only this\n  expected:     that"


def test_a_notebook_is_told_python_and_the_command_line_a_command() -> None:
    error = UsageError("no such thing", fix="wbviz.check(policy)", command="python -m wbviz check POLICY")
    assert str(error) == "no such thing\n  try:\n      wbviz.check(policy)"
    assert error.at_the_command_line() == "no such thing\n  try:\n      python -m wbviz check POLICY"
    assert UsageError("no", fix="make room").at_the_command_line() == "no\n  try:\n      make room"


def test_a_policy_error_quotes_the_line() -> None:
    error = PolicyError("wrong", file="policy.py", line=12, source="    yield  ", fix="yield x")
    assert str(error) == "policy.py, line 12: wrong\n    12 |     yield\n  write instead:\n      yield x"
    assert str(PolicyError("wrong", file="policy.py")) == "policy.py: wrong"
    assert str(PolicyError("wrong", file="policy.py", line=3)) == "policy.py, line 3: wrong"


@pytest.mark.parametrize("kind", [WbvizError, UsageError, TraceError, ScenarioError])
def test_an_error_is_data_and_back(kind: type[WbvizError]) -> None:
    error = kind("what", came="a", expected="b", cause="c", fix="d", command="e")
    again = kind(**error.as_dict())
    assert str(again) == str(error)
    assert again.at_the_command_line() == error.at_the_command_line()
    assert isinstance(error, WbvizError)


def test_a_policy_error_is_data_and_back() -> None:
    error = PolicyError("what", file="f.py", line=3, source="x", came="a", expected="b", cause="c", fix="d")
    again = PolicyError(**error.as_dict())  # type: ignore[arg-type]
    assert str(again) == str(error)
    assert (again.file, again.line, again.source) == ("f.py", 3, "x")
