"""The JSON form: real traces come back the same, the schema is one that others understand, damage is named."""

import json
from functools import cache
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wbviz.check.check import check_scenario
from wbviz.errors import TraceError
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import build
from wbviz.trace.schema import SCHEMA, check
from wbviz.trace.trace import Trace, from_json, loads

REAL = [
    *[("writearound", "abba"), ("lock_at_enqueue", "random-order"), ("spin_when_full", "full-queue")],
    *[("no_pin", "truncated"), ("igrab_at_enqueue", "umount"), ("igrab_at_enqueue", "iput-in-flusher")],
    *[("requeue_if_locked", "contended"), ("backoff", "polite"), ("racy_merge", "two-reclaimers")],
]


@cache
def real(policy: str, scenario: str) -> Trace:
    trace = check_scenario(load_policy(policy), build(scenario)).trace
    assert trace is not None
    return trace


def data() -> Any:
    """A fresh copy of a real trace's data."""
    return real("writearound", "abba").to_json()


@pytest.mark.parametrize(("policy", "scenario"), REAL)
def test_real_traces_come_back_the_same(policy: str, scenario: str) -> None:
    trace = real(policy, scenario)
    again = loads(trace.dumps())
    assert again.to_json() == trace.to_json()
    assert (again.schedule, len(again.steps), again.loop) == (trace.schedule, len(trace.steps), trace.loop)
    assert (trace.loop is not None) == (
        trace.verdict is not None and trace.verdict["kind"] in ("livelock", "starvation")
    )


@pytest.mark.parametrize(("policy", "scenario"), REAL)
def test_the_schema_holds_for_real_traces_in_everybodys_eyes(policy: str, scenario: str) -> None:
    found = json.loads(real(policy, scenario).dumps())
    jsonschema.validate(found, SCHEMA)
    assert check(found) == ""


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


JUNK = st.sampled_from([None, True, -1, 2, 1.5, "x", [], {}, [{}], "live", "deadlock"])


@given(st.lists(st.integers(0, 30), min_size=1, max_size=6), JUNK, st.booleans())
def test_our_validator_agrees_with_jsonschema_on_damaged_traces(path: list[int], junk: Any, delete: bool) -> None:
    damaged = data()
    place: Any = damaged
    for number, turn in enumerate(path):
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = keys[turn % len(keys)]
        if number == len(path) - 1 or not isinstance(place[key], dict | list):
            if delete:
                del place[key]
            else:
                place[key] = junk
            break
        place = place[key]
    ours = check(damaged)
    theirs = jsonschema.Draft202012Validator(SCHEMA).is_valid(damaged)
    assert (ours == "") == theirs, ours
    if ours and damaged.get("format") == "wbviz-trace" and damaged.get("version") == 1:
        with pytest.raises(TraceError, match="this file cannot be played") as caught:
            from_json(damaged)
        assert caught.value.came == ours


@pytest.mark.parametrize(
    ("change", "came"),
    [
        ({"steps": None}, "trace.steps is None, not of type array"),
        ({"schedule": 3}, "trace.schedule is 3, not of type string"),
        ({"loop": -1}, "trace.loop is -1, less than 0"),
        ({"loop": True}, "trace.loop is True, not of type integer or null"),
        ({"steps": [{}]}, "trace.steps\\[0\\] has no 'task'"),
        ({"version": "1"}, "trace.version is '1', not one of 1"),
        ({"version": 0}, "trace.version is 0, not one of 1"),
        ({"version": None}, "trace.version is None"),
        ({"format": "other"}, "it is not a wbviz trace"),
    ],
)
def test_damage_is_named_with_its_place(change: dict[str, Any], came: str) -> None:
    with pytest.raises(TraceError, match=f"came: +{came}"):
        from_json({**data(), **change})


def test_a_newer_trace_says_so() -> None:
    with pytest.raises(TraceError, match="written by a newer wbviz") as caught:
        from_json({**data(), "version": 2, "steps": "in another shape"})
    assert (caught.value.came, caught.value.expected) == ("version 2", "version 1")


@pytest.mark.parametrize(
    "text", ["", "{", "not json", "[]", "3", "null", '"x"', "[" * 100_000, '{"results": []}', '{"results": 3}']
)
def test_what_is_no_trace_at_all(text: str) -> None:
    with pytest.raises(TraceError, match="this file cannot be played"):
        loads(text)


@given(st.floats(0, 1))
def test_a_file_that_was_cut_off(share: float) -> None:
    text = real("writearound", "abba").dumps().rstrip()
    with pytest.raises(TraceError):
        loads(text[: int(share * (len(text) - 1))])


def test_the_first_trace_of_a_check_can_be_played() -> None:
    safe = check_scenario(load_policy("write_ahead"), build("abba"))
    bad = check_scenario(load_policy("writearound"), build("abba"))
    text = json.dumps({"wbviz": "x", "results": [safe.to_json(), bad.to_json()]})
    assert bad.trace is not None
    assert loads(text).schedule == bad.trace.schedule
    with pytest.raises(TraceError, match="none of its results has a trace"):
        loads(json.dumps({"wbviz": "x", "results": [safe.to_json()]}))
