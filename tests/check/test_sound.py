"""Policies that the reduced exploration once called safe by mistake, and tasks that it was not made for."""

from typing import Any

import pytest

from tests.check.tiny import tiny
from tests.scenarios.driving import PIN_AND_QUEUE, policy
from wbviz.check.check import check_scenario
from wbviz.check.reduced.ends import Stopped
from wbviz.check.reduced.search import prove
from wbviz.policy.load import load_policy
from wbviz.scenarios import tasks
from wbviz.scenarios.catalogue import build

ENQUEUE = "yield mm.get_page(page)\nyield mm.queue_work(page=page)"
WRITE = """page = work.page
yield mm.lock_page(page)
yield mm.wait_on_page_writeback(page)
if page.mapping is not None and page.dirty:
    yield mm.writepage(page)
"""
PUT = "yield mm.put_page(page)"

# What lies behind a wait for writeback is no obstacle to the disk only while somebody waits there. Each of these waits,
# writes, and then looks whether the disk was faster; the disk was let go by what had been foreseen before the wait.
LOCKS_AGAIN = f"""{WRITE}yield mm.unlock_page(page)
yield mm.lock_page(page)
if page.writeback:
    yield mm.writepage(page)
yield mm.unlock_page(page)
{PUT}"""
FORGETS_THE_PIN = f"""{WRITE}yield mm.unlock_page(page)
yield mm.cond_resched()
if page.writeback:
    return
{PUT}"""
ONE_PIN_MORE = f"""{WRITE}    yield mm.cond_resched()
    if page.writeback:
        yield mm.get_page(page)
yield mm.unlock_page(page)
{PUT}"""
BUSY = f"""{WRITE}yield mm.unlock_page(page)
while page.writeback:
    yield mm.cond_resched()
{PUT}"""


@pytest.mark.parametrize("scenario", ["cleaned", "truncated", "abba", "busy-page", "two-reclaimers"])
@pytest.mark.parametrize(
    ("execute", "verdict", "fairness"),
    [
        (LOCKS_AGAIN, "rule-violation", "none"),
        (FORGETS_THE_PIN, "leak", "none"),
        (ONE_PIN_MORE, "leak", "none"),
        (BUSY, "safe", "fair"),
    ],
)
def test_what_looks_at_writeback_after_its_own_write_is_not_hidden(
    scenario: str, execute: str, verdict: str, fairness: str
) -> None:
    result = check_scenario(policy(ENQUEUE, execute), build(scenario))
    assert (result.verdict, result.fairness, result.reductions) == (verdict, fairness, ())


# Reads `dirty` twice, between two steps, and drops its pin only if nothing has changed.
TWICE = f"""{WRITE}yield mm.unlock_page(page)
seen = page.dirty
yield mm.cond_resched()
if page.dirty == seen:
    {PUT}"""


def mapper(mm: Any, page: Any) -> Any:
    """A task that nobody has heard of: it dirties a page once."""
    yield mm.dirty_page(page)


def test_a_new_task_that_dirties_a_page_is_found_by_what_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tasks.PROGRAMS, "mapper", mapper)
    beside = (("m", "mapper", "A0"), ("m2", "mapper", "A1"), ("kswapd", "kswapd", ("A1",), 1, False))
    scenario = tiny(2, *beside, clean=("A0",))
    assert check_scenario(policy(ENQUEUE, TWICE), scenario).verdict == "leak"
    assert check_scenario(policy(ENQUEUE, TWICE), scenario, reductions=()).verdict == "leak"
    assert check_scenario(load_policy("pin_then_lock"), scenario).reductions, "and it does not stop a proof"


def direct(mm: Any, page: Any) -> Any:
    """Calls `enqueue` for a page at which it has not looked, so it may be clean by then."""
    yield mm.cond_resched()
    yield mm.call("enqueue", page)


def test_whether_a_call_begins_before_its_page_is_cleaned_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cleaned before the call, it is owed after it: nobody will clean it once more."""
    monkeypatch.setitem(tasks.PROGRAMS, "direct", direct)
    scenario = tiny(1, ("d", "direct", "A0"), ("cleaner", "cleaner", "A0"))
    accepts = policy("if False:\n    yield mm.cond_resched()\nreturn True")
    assert check_scenario(accepts, scenario, cross=False).verdict == "lost-work"
    assert check_scenario(accepts, scenario, reductions=()).verdict == "lost-work"


def second_disk(mm: Any) -> Any:
    """Finishes writeback, under another name, after something else."""
    yield mm.cond_resched()
    while True:
        yield mm.end_writeback()


def curious_disk(mm: Any, page: Any) -> Any:
    """Looks at a page besides."""
    while True:
        yield mm.end_writeback()
        if page.dirty:
            yield mm.cond_resched()


def late_flusher(mm: Any) -> Any:
    """Takes works, after something else."""
    yield mm.cond_resched()
    while True:
        work = yield mm.take_work()
        yield mm.call("execute", work)
        del work


def thief(mm: Any, page: Any) -> Any:
    """Takes a page out of its file without its lock."""
    yield mm.detach(page)


@pytest.mark.parametrize(
    ("program", "arguments", "why"),
    [
        (second_disk, (), "beside what it began with"),
        (late_flusher, (), "beside what it began with"),
        (thief, ("A1",), "without its lock"),
    ],
)
def test_a_task_that_breaks_what_the_search_counts_on_ends_it(
    monkeypatch: pytest.MonkeyPatch, program: Any, arguments: tuple[Any, ...], why: str
) -> None:
    monkeypatch.setitem(tasks.PROGRAMS, "new", program)
    scenario = tiny(2, ("new", "new", *arguments), ("kswapd", "kswapd", ("A0",), 1, False))
    proof = prove(scenario, load_policy("pin_then_lock"), 1_000)
    assert isinstance(proof, Stopped)
    assert why in proof.why


def test_a_disk_that_looks_at_pages_ends_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tasks.PROGRAMS, "curious", curious_disk)
    scenario = tiny(1, ("kswapd", "kswapd", ("A0",), 1, False))
    scenario = scenario._replace(
        tasks=(*scenario.tasks[:-1], scenario.tasks[-1]._replace(program="curious", argument=("tuple", ("page", 0))))
    )
    proof = prove(scenario, load_policy("pin_then_lock"), 1_000)
    assert isinstance(proof, Stopped)
    assert "the disk looks" in proof.why


def test_a_flusher_and_a_disk_by_other_names_are_what_they_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tasks.PROGRAMS, "worker", tasks.flusher)
    monkeypatch.setitem(tasks.PROGRAMS, "device", tasks.disk)
    named, names = build("random-order"), {"flusher": "worker", "disk": "device"}
    other = named._replace(
        tasks=tuple(task._replace(program=names.get(task.program, task.program)) for task in named.tasks)
    )
    for made in ("pin_then_lock", "lock_at_enqueue"):
        one, two = (check_scenario(load_policy(made), scenario) for scenario in (named, other))
        assert (one.verdict, one.states, one.transitions) == (two.verdict, two.states, two.transitions)


def restless(mm: Any, page: Any) -> Any:
    """Endless by nature, after it has begun: locks a page and unlocks it, for ever."""
    yield mm.cond_resched()
    while (yield mm.lock_attached(page, round=True)):
        yield mm.unlock_page(page)


def test_a_task_is_endless_by_its_rounds_not_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tasks.PROGRAMS, "restless", restless)
    scenario = tiny(1, ("kswapd", "kswapd", ("A0",), 1, False), ("new", "restless", "A0"))
    starved = check_scenario(load_policy("requeue_if_locked"), scenario)
    assert [verdict.kind for verdict in starved.verdicts] == ["starvation"]


def test_a_policy_has_no_rounds() -> None:
    """`round` is a key like any other: a work that carries it does not make its queueing a moment of rest."""
    made = policy(PIN_AND_QUEUE.replace("page=page", "page=page, round=True"))
    for reductions in ((), ("persistent",)):
        assert check_scenario(made, build("cleaned"), reductions=reductions).verdict == "safe"
