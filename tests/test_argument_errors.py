"""The public functions, called wrongly: each says what came and what it takes, and shows a call that works."""

import pytest

import wbviz
from wbviz.errors import TraceError, UsageError, WbvizError
from wbviz.policy.load import load_policy

NAMES = [name for name in wbviz.__all__ if name != "__version__"]


def complaint(call: str) -> WbvizError:
    with pytest.raises(WbvizError) as caught:
        eval(call, {"wbviz": wbviz})
    return caught.value


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_is_no_parameter_is_told_with_a_call_that_works(name: str) -> None:
    error = complaint(f"wbviz.{name}(1, 2, 3, 4, 5, 6, nonsense=7)")
    assert isinstance(error, UsageError)
    assert error.came == f"wbviz.{name}(1, 2, 3, 4, 5, 6, nonsense=7)"
    assert error.expected.startswith(f"wbviz.{name}(")
    assert error.fix.startswith(f"wbviz.{name}(")
    policy = load_policy("pin_then_lock")
    eval(error.fix.replace("(enqueue, execute)", "policy"), {"wbviz": wbviz, "policy": policy})


@pytest.mark.parametrize("name", sorted({*NAMES} - {"progress"}))
def test_a_missing_argument_is_named(name: str) -> None:
    error = complaint(f"wbviz.{name}()")
    assert isinstance(error, UsageError)
    assert "missing a required argument" in error.what


def test_what_was_given_is_shown_shortened() -> None:
    error = complaint(f"wbviz.locks({'x' * 300!r})")
    assert "'scenario'" in error.what
    assert "..." in error.came
    assert len(error.came) < 70
    assert complaint("wbviz.locks([1])").came == "wbviz.locks(<list>)"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("wbviz.play(None)", "the policy is safe"),
        ("wbviz.play(wbviz.check('writearound', 'abba'))", ".trace"),
        ("wbviz.play('trace.json')", 'wbviz.play(json.load(open("trace.json")))'),
        ("wbviz.play(3)", "int 3"),
        ("wbviz.replay(wbviz.check('writearound', 'abba').trace)", "wbviz.play"),
        ("wbviz.replay(3)", "the line that a check prints"),
        ("wbviz.check('pin_then_lock', ['abba'])", "scenario=<list>"),
        ("wbviz.check('pin_then_lock', 'abab')", 'wbviz.check(policy, "abba")'),
        ("wbviz.check('pin_then_lock', '')", "there is no scenario"),
        ("wbviz.check('pin_then_lokc')", 'wbviz.check("pin_then_lock", "abba")'),
        ("wbviz.check('pin_then_lock', 'abba', pages='x')", 'wbviz.check(policy, "abba", pages=2)'),
        ("wbviz.locks('pin_then_lock', None)", "text, in quotation marks"),
        ("wbviz.play(wbviz.check('writearound', 'abba').trace, name=3)", "text, in quotation marks or None"),
        ("wbviz.play(wbviz.check('writearound', 'abba').trace, at_once=1)", "True or False"),
        ("wbviz.play({'results': []})", "none of its results has a trace"),
        ("wbviz.game(['abba'])", "text, in quotation marks"),
        ("wbviz.lab(['reclaim'])", "text, in quotation marks"),
        ("wbviz.lab('reclaim', seed=2.5)", "a whole number"),
        ("wbviz.lab('reclaim', seconds='x')", "more than 0, at most 60"),
        ("wbviz.lab('reclaim', rate=True)", "a whole number from 1 to 20000"),
        ("wbviz.lab('reclaim', sequential=1)", "sequential=False"),
        ("wbviz.quiz('', 'Who waits?', [{'text': 'flusher', 'right': True}])", "letters, digits"),
        ("wbviz.quiz('my-1', 3, [{'text': 'flusher', 'right': True}])", "text, in quotation marks"),
        ("wbviz.grade('22', 'pin_then_lock')", 'wbviz.grade("02-pin-then-lock", "policy.py")'),
        ("wbviz.check('pin_then_lock', 'abba', page=3)", 'wbviz.check(policy, "abba", pages=2)'),
        ("wbviz.grade(22, 'pin_then_lock')", "02-pin-then-lock"),
        ("wbviz.lab('reclaim', memory='much')", 'wbviz.lab("reclaim", memory=512)'),
    ],
)
def test_an_argument_of_another_kind_is_told(call: str, words: str) -> None:
    error = complaint(call)
    assert words in str(error)
    assert "python -m" not in str(error), "a notebook is told Python"


def test_a_mapping_that_is_no_trace_is_told() -> None:
    assert isinstance(complaint("wbviz.play({'format': 'other'})"), TraceError)
