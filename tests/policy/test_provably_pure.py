"""A policy that its text shows to be a function of its history: its turns are not run twice, and need not be."""

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from tests.check.policies import policy_texts, small_scenarios
from wbviz.check.check import check_scenario
from wbviz.machine.scenario import Scenario
from wbviz.policy import source
from wbviz.policy.load import policy_from_text
from wbviz.policy.provably_pure import is_plain
from wbviz.policy.untrusted_run import StudentRun
from wbviz.scenarios.catalogue import build

ROOT = Path(__file__).parents[2]
START = "def enqueue(mm, page):\n    yield mm.get_page(page)\n    return (yield mm.queue_work(page=page))\n\n"
PLAIN = START + "def execute(mm, work):\n    yield mm.lock_page(work.page)\n    yield mm.put_page(work.page)\n"


def execute(*lines: str) -> str:
    return START + "def execute(mm, work):\n" + "".join(f"    {line}\n" for line in lines)


@pytest.mark.parametrize("folder", ["wbviz/policy/builtin", "exercises"])
def test_what_is_usually_written_is_plain(folder: str) -> None:
    files = list((ROOT / folder).rglob("policy.py" if folder == "exercises" else "[a-z]*.py"))
    assert len(files) >= 10
    assert [file.name for file in files if not is_plain(file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "lines",
    [
        ["pages = [page for page in (work.page,) if page.dirty]", "for page in pages:", "    yield mm.lock_page(page)"],
        ["n = len([*range(3)])", "yield mm.cond_resched()"],
        ["for _ in range(2):", "    yield mm.cond_resched()"],
        ["yield mm.extend_work(work, seen=1)", "if work.seen:", "    yield mm.cond_resched()"],
        ["held = []", "held.append(work.page)", "yield mm.lock_page(held[0])"],
        ["if work.page.index % 2:", "    yield mm.lock_page(work.page)"],
        ["seen = {work.page: 1}", "yield mm.lock_page(min(seen, key=lambda page: page.index))"],
    ],
)
def test_plain(lines: list[str]) -> None:
    assert is_plain(execute(*lines))


@pytest.mark.parametrize(
    "lines",
    [
        ["pages = {work, execute}", "yield mm.cond_resched()"],
        ["pages = set()", "yield mm.cond_resched()"],
        ["name = f'{execute}'", "yield mm.cond_resched()"],
        ["name = '%s' % execute", "yield mm.cond_resched()"],
        ["name = '%s'", "name %= execute", "yield mm.cond_resched()"],
        ["yield mm.queue_work(page=work.page, index='%s')", "name = work.index % execute"],
        ["name = '{}'.format(execute)", "yield mm.cond_resched()"],
        ["name = str(execute)", "yield mm.cond_resched()"],
        ["name = repr(execute)", "yield mm.cond_resched()"],
        ["n = hash(work)", "yield mm.cond_resched()"],
        ["import math", "yield mm.cond_resched()"],
        ["try:", "    yield mm.cond_resched()", "except Exception:", "    pass"],
        ["global count", "count = 1", "yield mm.cond_resched()"],
        ["execute.index = 1", "yield mm.cond_resched()"],
        ["class X:", "    pass", "yield mm.cond_resched()"],
        ["f = mm.lock_page.run", "yield mm.cond_resched()"],
        ["g = execute(mm, work)", "n = g.gi_frame", "yield mm.cond_resched()"],
        ["yield mm.extend_work(work, gi_frame=1)", "n = execute(mm, work).gi_frame"],
        ["n = work.__class__", "yield mm.cond_resched()"],
        ["n = __builtins__", "yield mm.cond_resched()"],
        ["__name__ = 1", "yield mm.cond_resched()"],
        ["id = 1", "yield mm.cond_resched()"],
        ["n = unknown", "yield mm.cond_resched()"],
        ["with work:", "    yield mm.cond_resched()"],
        ["more = {}", "yield mm.cond_resched(**more)"],
    ],
)
def test_not_plain(lines: list[str]) -> None:
    assert not is_plain(execute(*lines))


def test_a_policy_that_is_nested_deeply_is_still_a_policy() -> None:
    """Deeper than functions may call each other."""
    policy = policy_from_text("TOTAL = " + " + ".join(["1"] * (sys.getrecursionlimit() + 500)) + "\n" + PLAIN)
    assert policy.problem() is None
    assert is_plain(policy.source)


@pytest.mark.parametrize(("text", "turns"), [(PLAIN, 1), (PLAIN + "LOCKS = {1, 2}\n", 2)])
def test_turns_are_run_twice_where_the_text_is_not_enough(
    text: str, turns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: Counter[Any] = Counter()
    step = StudentRun.step

    def counted(self: StudentRun, *arguments: Any) -> Any:
        begun[id(self)] += 1
        return step(self, *arguments)

    policy = policy_from_text(text)
    monkeypatch.setattr(StudentRun, "step", counted)
    policy.programs().start("enqueue", ("page", 0), lambda read: None)
    assert sum(begun.values()) == turns


@settings(max_examples=25, suppress_health_check=list(HealthCheck), derandomize=True)
@given(policy_texts(), small_scenarios())
def test_a_plain_policy_run_twice_says_the_same(text: str, scenario: Scenario) -> None:
    assume(is_plain(text))
    with pytest.MonkeyPatch.context() as patch:
        once = check_scenario(policy_from_text(text), scenario, 500)
        patch.setattr(source, "is_plain", lambda text: False)
        twice = check_scenario(policy_from_text(text), scenario, 500)
    assert [verdict[:3] for verdict in once.verdicts] == [verdict[:3] for verdict in twice.verdicts]
    assert (once.states, once.transitions) == (twice.states, twice.transitions)


def test_a_plain_policy_may_still_keep_something_between_its_calls_and_is_told() -> None:
    text = "KEPT = []\n" + execute("KEPT.append(work.page)", "yield mm.cond_resched()")
    assert is_plain(text)
    result = check_scenario(policy_from_text(text), build("abba"))
    assert [verdict.kind for verdict in result.verdicts] == ["policy-error"]
