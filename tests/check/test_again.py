"""A counterexample in three forms: a table, a line of Python that makes it again, JSON. All tell the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

import wbviz
from tests.check.policies import policy_texts, small_scenarios
from tests.check.tiny import tiny
from tests.drawn import SEED, drawn
from tests.machine.driving import policy as policy_of
from wbviz.check.again import again
from wbviz.check.check import check_scenario
from wbviz.check.report import report
from wbviz.check.verdict import Result
from wbviz.errors import TraceError, UsageError
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import Policy, load_policy, policy_from_text
from wbviz.scenarios.catalogue import SCENARIOS, build
from wbviz.trace.schedule import Move, parse
from wbviz.trace.text import snippet, table
from wbviz.trace.trace import loads

POLICIES = sorted({policy for recipe in SCENARIOS.values() for policy, _ in recipe.expected})
SMALL = {"storm": {"pages": 1, "works": 1}}


def made_again(result: Result, made: Policy, scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Every trace of a check, made again from its line of text: the same steps, kind, cycle and loop. The kinds."""
    monkeypatch.setattr("wbviz.check.again.build", lambda name, params: scenario)
    for verdict in result.verdicts:
        if verdict.trace is None:
            continue
        trace = verdict.trace
        assert loads(trace.dumps()) == trace
        remade = again(parse(trace.schedule), made)
        assert remade.steps == trace.steps
        assert (remade.loop, remade.schedule) == (trace.loop, trace.schedule)
        assert remade.verdict is not None
        assert trace.verdict is not None
        assert (remade.verdict["kind"], remade.verdict["cycle"]) == (verdict.kind, trace.verdict["cycle"])
        assert remade.verdict["tasks"] == trace.verdict["tasks"]
        columns = table(trace, 400).splitlines()[0].split()
        assert columns[0] == "step"
        assert {step.task for step in trace.steps} <= set(columns[1:])
    return {verdict.kind for verdict in result.verdicts if verdict.trace}


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_trace_of_a_check_made_again_shows_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a policy of each verdict and some others, others each day; of all of them with `WBVIZ_WHOLE=1`."""
    scenario, verdicts = build(name, SMALL.get(name, {})), dict(SCENARIOS[name].expected)
    for policy in drawn(POLICIES, verdicts.get, 4, seed=f"{SEED} {name}"):
        result = check_scenario(load_policy(policy), scenario)
        made_again(result, load_policy(policy), scenario, monkeypatch)
        if result.trace is not None:
            assert loads(json.dumps({"results": [result.to_json()]})) == result.trace


@settings(max_examples=80, suppress_health_check=list(HealthCheck), derandomize=True)
@given(policy_texts(), small_scenarios())
def test_every_trace_of_a_random_policy_made_again_shows_the_same(text: str, scenario: Scenario) -> None:
    made = policy_from_text(text)
    with pytest.MonkeyPatch.context() as patch:
        made_again(check_scenario(made, scenario, 400), made, scenario, patch)


# Everything at once: the page is lost, its pin leaks, and where the reader comes late it is blocked by a lock that
# nobody gives back; beside a task that goes round for ever.
ALL_AT_ONCE = """
    if page.index:
        while True:
            yield mm.cond_resched()
    yield mm.get_page(page)
    yield mm.lock_page(page)
"""


def test_of_several_things_that_one_end_shows_the_one_meant_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    made = policy_of(ALL_AT_ONCE)
    scenario = tiny(
        2,
        ("kswapd", "kswapd", ("A0",), 1, False),
        ("reader", "reader", "A0", False),
        ("other", "kswapd", ("A1",), 1, False),
        clean=("A1",),
    )
    kinds = made_again(check_scenario(made, scenario), made, scenario, monkeypatch)
    assert kinds == {"deadlock", "lost-work", "leak"}
    spins = scenario._replace(pages=tuple(page._replace(dirty=True) for page in scenario.pages))
    assert made_again(check_scenario(made, spins), made, spins, monkeypatch) == {"deadlock", "livelock"}


def test_what_the_line_says_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = parse(check_scenario(load_policy("leaky"), build("full-queue")).trace.schedule)  # type: ignore[union-attr]
    assert plan.shows == "leak"
    for shows in ("lost-work", "deadlock", "livelock", "starvation", "rule-violation"):
        verdict = again(plan._replace(shows=shows), load_policy("leaky")).verdict
        assert verdict is not None
        assert verdict["kind"] == "leak"
    with pytest.raises(TraceError, match="no run shows that"):
        again(plan._replace(shows="loss"), load_policy("leaky"))


def test_a_loop_that_is_not_fair_or_breaks_no_promise_is_called_nothing() -> None:
    made = load_policy("requeue_if_locked")
    plan = parse(check_scenario(made, build("contended")).trace.schedule)  # type: ignore[union-attr]
    trace = again(plan._replace(shows=""), made)
    assert (trace.verdict, trace.loop is not None) == (None, True)
    assert again(plan._replace(shows="livelock"), made).verdict is None, "the endless reader goes on"
    assert again(plan, made).verdict is not None
    alone = plan._replace(moves=(Move("reader"), Move("reader")), shows="starvation")
    assert (again(alone, made).verdict, again(alone, made).loop) == (None, 0)


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
