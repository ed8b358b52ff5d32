"""A counterexample in three forms: a table, a line of Python that makes it again, JSON. All tell the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import wbviz
from wbviz.check.again import again
from wbviz.check.check import check_scenario
from wbviz.check.report import report
from wbviz.errors import TraceError, UsageError
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import SCENARIOS, build
from wbviz.trace.schedule import parse
from wbviz.trace.text import snippet, table
from wbviz.trace.trace import loads

FAILING = [
    (recipe.name, policy) for recipe in SCENARIOS.values() for policy, verdict in recipe.expected if verdict != "safe"
]


@pytest.mark.parametrize(("scenario", "policy"), FAILING)
def test_made_again_it_is_the_same(scenario: str, policy: str) -> None:
    trace = check_scenario(load_policy(policy), build(scenario)).trace
    assert trace is not None
    remade = again(parse(trace.schedule), load_policy(policy))
    assert remade.steps == trace.steps
    assert remade.loop == trace.loop
    if trace.loop is None:
        assert remade.verdict is not None
        assert trace.verdict is not None
        assert remade.verdict["kind"] == trace.verdict["kind"]
        assert remade.verdict["cycle"] == trace.verdict["cycle"]
    else:
        assert remade.verdict is None, "one run alone does not show that a loop is a livelock"
    assert loads(trace.dumps()) == trace
    assert loads(json.dumps({"results": [check_scenario(load_policy(policy), build(scenario)).to_json()]})) == trace
    columns = table(trace).splitlines()[0].split()
    assert columns[0] == "step"
    assert {step.task for step in trace.steps} <= set(columns[1:])


def test_the_line_of_python_can_be_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path('my "first" policy.py').write_text(load_policy("writearound").source, encoding="utf-8")
    result = check_scenario(load_policy('my "first" policy.py'), build("abba"))
    assert result.trace is not None
    line = next(line for line in report(result).splitlines() if "play it:" in line).partition(":")[2].strip()
    assert line == snippet(result.trace)
    shown = eval(line, {"wbviz": wbviz})
    assert [dict(step) for step in shown.film.trace["steps"]] == result.trace.to_json()["steps"]
    assert "Deadlock: " in repr(shown)
    assert "flusher wants A0: it waits for writer" in repr(shown)


def enqueue(mm, page):  # type: ignore[no-untyped-def]  # written as a student would write it
    yield mm.get_page(page)
    yield mm.queue_work(page=page)


def execute(mm, work):  # type: ignore[no-untyped-def]
    yield mm.lock_page(work.page)


def test_a_policy_that_is_two_functions_is_named_by_them() -> None:
    trace = wbviz.check((enqueue, execute), "abba").trace
    line = snippet(trace)
    assert line.endswith(", (enqueue, execute))")
    shown = eval(line, {"wbviz": wbviz, "enqueue": enqueue, "execute": execute})
    assert len(shown.film.trace["steps"]) == len(trace.steps)
    with pytest.raises(UsageError, match="two functions of some notebook"):
        wbviz.replay(trace.schedule)


def test_a_run_cut_short_is_called_nothing() -> None:
    whole = parse(check_scenario(load_policy("writearound"), build("abba")).trace.schedule)  # type: ignore[union-attr]
    part = again(whole._replace(moves=whole.moves[:-2]), load_policy("writearound"))
    assert (part.verdict, part.loop, len(part.steps)) == (None, None, len(whole.moves) - 2)


def test_with_another_policy_the_first_step_that_does_not_fit_is_named() -> None:
    plan = parse("wb1 abba writearound pages=2 flushers=1 : kswapd*3 flusher*9")
    with pytest.raises(TraceError, match="step"):
        again(plan, load_policy("leaky"))
