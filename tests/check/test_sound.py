"""Policies that the reduced exploration once called safe by mistake, and tasks that it was not made for."""

from typing import Any
from unittest.mock import patch

import pytest

from tests.check.tiny import tiny
from tests.machine.driving import PIN_AND_QUEUE, policy
from wbviz.check.check import check_scenario
from wbviz.check.reduced import REDUCTIONS
from wbviz.check.reduced.ends import Covered, Stopped
from wbviz.check.reduced.layout import Decline
from wbviz.check.reduced.search import Search, prove
from wbviz.check.reduced.watched import Logged
from wbviz.kernel.state import State, Work
from wbviz.machine import tasks
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import Policy, load_policy
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
    ("execute", "verdict", "fairness", "proved"),
    [
        (LOCKS_AGAIN, "rule-violation", "none", False),
        (FORGETS_THE_PIN, "leak", "none", False),
        (ONE_PIN_MORE, "leak", "none", False),
        (BUSY, "safe", "fair", True),
    ],
)
def test_what_looks_at_writeback_after_its_own_write_is_not_hidden(
    scenario: str, execute: str, verdict: str, fairness: str, proved: bool
) -> None:
    result = check_scenario(policy(ENQUEUE, execute), build(scenario))
    assert (result.verdict, result.fairness, bool(result.reductions)) == (verdict, fairness, proved)


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


def asks_for_more(mm: Any, page: Any) -> Any:
    """Reads of a page what nobody has declared."""
    yield mm.get_page(page)
    if page.referenced:
        yield mm.cond_resched()
    yield mm.put_page(page)


@pytest.mark.parametrize(
    ("program", "arguments", "why"),
    [
        (second_disk, (), "beside what it began with"),
        (late_flusher, (), "beside what it began with"),
        (thief, ("A1",), "without its lock"),
        (asks_for_more, ("A1",), "no footprint of reading referenced"),
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


# Who goes on for ever and changes nothing is left standing. What of it must not be hidden:


def once(mm: Any, page: Any) -> Any:
    """Holds a pin where its round begins, and gives it back in that round."""
    yield mm.get_page(page)
    yield mm.put_page(page, round=True)
    while (yield mm.dirty_page(page, round=True)):
        pass


def last(mm: Any, page: Any) -> Any:
    """The same, and that round is its last."""
    yield mm.get_page(page)
    yield mm.put_page(page, round=True)


@pytest.mark.parametrize("program", [once, last])
def test_what_an_endless_task_holds_between_two_rounds_is_not_hidden(
    monkeypatch: pytest.MonkeyPatch, program: Any
) -> None:
    monkeypatch.setitem(tasks.PROGRAMS, "once", program)
    scenario = tiny(1, ("new", "once", "A0"), ("kswapd", "kswapd", ("A0",), 1, False))
    assert check_scenario(load_policy("pin_then_lock"), scenario, reductions=()).verdict == "leak"
    proof = prove(scenario, load_policy("pin_then_lock"), 1_000)
    assert isinstance(proof, Stopped)
    assert "does more than" in proof.why


def test_a_loop_that_nobody_ends_is_no_end() -> None:
    spins = policy(ENQUEUE, f"{WRITE}yield mm.unlock_page(page)\n{PUT}\nwhile True:\n    yield mm.cond_resched()")
    proof = without_walks(build("cleaned"), spins)
    assert isinstance(proof, Stopped)
    assert proof.violation is None, "no way leads to its end"
    assert check_scenario(spins, build("cleaned")).verdict == "livelock"


def test_what_comes_after_a_loop_that_waits_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the flusher looks again and again whether the disk has finished, the other one may not go first alone: what
    the flusher looks at then is what that one changes."""
    monkeypatch.setitem(tasks.PROGRAMS, "mapper", mapper)
    looks = """page = work.page
yield mm.lock_page(page)
yield mm.wait_on_page_writeback(page)
other = yield mm.find_get_page(page.mapping, 1)
yield mm.writepage(page)
yield mm.unlock_page(page)
again = False
while page.writeback:
    again = True
    yield mm.cond_resched()
if other.dirty or not again:
    yield mm.put_page(other)
yield mm.put_page(page)"""
    assert stopped(ENQUEUE, looks, ("m", "mapper", "A1"), KSWAPD, pages=2, clean=("A1",))


def test_who_is_redirtied_for_ever_is_proved_with_a_fair_scheduler_and_a_few_states() -> None:
    for name in ("daemon", "redirtied"):
        result = check_scenario(load_policy("pin_then_lock"), build(name))
        assert (result.verdict, result.fairness) == ("safe", "fair")
        assert result.reductions
        assert result.states < 30


# What each reduction must not hide, one case each. The search itself is asked: a check would ask the plain one as well.
# Nor do walks come first, which meet most of these faults by chance, and have no part in the argument.


def without_walks(scenario: Scenario, made: Policy, reductions: tuple[str, ...] = REDUCTIONS) -> Covered | Stopped:
    with patch.object(Search, "_walk", lambda search: None):
        return prove(scenario, made, 10_000, reductions)


def stopped(enqueue: str, execute: str, *beside: Any, pages: int = 1, **fields: Any) -> bool:
    """Whether the search proves nothing of a policy that is wrong."""
    scenario = tiny(pages, *beside, **fields)
    made = policy(enqueue, execute)
    assert check_scenario(made, scenario, reductions=()).verdict != "safe"
    return isinstance(without_walks(scenario, made), Stopped)


CLEAN = f"{WRITE}yield mm.unlock_page(page)\n{PUT}"
KSWAPD = ("kswapd", "kswapd", ("A0",), 1, False)
ITSELF = "yield mm.lock_page(page); yield mm.writepage(page); yield mm.unlock_page(page)"


def test_two_who_lock_pages_of_a_file_crosswise_are_not_hidden() -> None:
    assert stopped(ENQUEUE, CLEAN, ("u", "writer", ("A0", "A1")), ("d", "writer", ("A1", "A0")), pages=2)


def test_two_who_lock_pages_crosswise_that_have_left_their_file_are_not_hidden() -> None:
    crosswise = """other = yield mm.find_get_page(page.mapping, 1 - page.index)
if other is not None:
    yield mm.cond_resched()
    if page.mapping is None and other.mapping is None:
        yield mm.lock_page(page)
        yield mm.lock_page(other)
        yield mm.unlock_page(other)
        yield mm.unlock_page(page)
    yield mm.put_page(other)
yield mm.get_page(page)
yield mm.queue_work(page=page)"""
    beside = KSWAPD, ("kswapd2", "kswapd", ("A1",), 1, False), ("truncate", "truncate", ("A0", "A1"))
    assert stopped(crosswise, CLEAN, *beside, pages=2)


def test_what_is_done_with_a_queued_work_counts_later_on() -> None:
    """The last step looks whether the flusher was faster; the one before it looks at nothing."""
    looks = (
        f"{ENQUEUE}\nyield mm.cond_resched()\nyield mm.cond_resched()\nif not page.dirty:\n    yield mm.get_page(page)"
    )
    assert stopped(looks, CLEAN, KSWAPD)


@pytest.mark.parametrize("wrong", ["mm.works", "not mm.works"])
def test_what_is_in_the_queue_counts_for_who_looks(wrong: str) -> None:
    """The last step looks whether the other one was faster, whichever of the two goes first."""
    looks = f"""if page.index:
    yield mm.cond_resched()
    yield mm.cond_resched()
    if {wrong}:
        yield mm.get_page(page)
{ENQUEUE}"""
    assert stopped(looks, CLEAN, KSWAPD, ("kswapd2", "kswapd", ("A1",), 1, False), pages=2)


def test_what_waits_in_the_queue_counts_though_nobody_may_queue_it_any_more() -> None:
    """Who queues the work holds A1 until it is done, so nobody looks at A0 before. Then two want A1: which of them
    comes first is a choice in which no flusher has a part; but the next step looks whether a flusher was faster."""
    looks = """other = yield mm.find_get_page(page.mapping, 1 - page.index)
if page.index:
    yield mm.lock_page(page)
    yield mm.cond_resched()
    if not other.dirty:
        yield mm.get_page(page)
    yield mm.writepage(page)
    yield mm.unlock_page(page)
else:
    yield mm.lock_page(other)
    yield mm.get_page(page)
    yield mm.queue_work(page=page)
    yield mm.unlock_page(other)
yield mm.put_page(other)"""
    beside = KSWAPD, ("kswapd2", "kswapd", ("A1",), 1, False), ("reader", "reader", "A1", False)
    assert stopped(looks, CLEAN, *beside, pages=2, flushers=2)


def holder(mm: Any, page: Any, slow: Any) -> Any:
    """Writes one page, then locks another, has it cleaned, and keeps the lock until the disk has written the first."""
    yield from tasks.clean(mm, slow)
    yield mm.lock_attached(page)
    yield mm.get_page(page)
    yield mm.queue_work(None, None, target=page)
    yield mm.wait_on_page_writeback(slow)
    yield mm.unlock_page(page)


def test_who_waits_for_a_lock_counts_for_its_holder(monkeypatch: pytest.MonkeyPatch) -> None:
    """The flusher waits for the lock of A0, its holder for the disk; kswapd looks whether A0 was cleaned."""
    monkeypatch.setitem(tasks.PROGRAMS, "holder", holder)
    looks = f"""other = yield mm.find_get_page(page.mapping, 0)
yield mm.cond_resched()
if not other.dirty:
    yield mm.get_page(page)
yield mm.put_page(other)
{ITSELF}"""
    beside = ("holder", "holder", "A0", "A1"), ("kswapd", "kswapd", ("A2",), 1, False)
    assert stopped(looks, CLEAN.replace("work.page", "work.target"), *beside, pages=3)


def slow(mm: Any, page: Any) -> Any:
    """Locks a page, keeps it for a while, and unlocks it."""
    yield mm.lock_attached(page)
    yield mm.cond_resched()
    yield mm.unlock_page(page)


@pytest.mark.parametrize("got", [True, False])
def test_whether_a_lock_is_tried_before_its_release_is_not_hidden(monkeypatch: pytest.MonkeyPatch, got: bool) -> None:
    """One of the two orders leaks. Only random policies had met it, and others no longer did."""
    monkeypatch.setitem(tasks.PROGRAMS, "slow", slow)
    tries = f"""page = work.page
got = yield mm.trylock_page(page)
if not got:
    yield mm.lock_page(page)
yield mm.wait_on_page_writeback(page)
if page.mapping is not None and page.dirty:
    yield mm.writepage(page)
yield mm.unlock_page(page)
if got is {got}:
    return
{PUT}"""
    for beside in (("slow", "slow", "A0"),), (("slow", "slow", "A0"), ("slow2", "slow", "A0")):
        assert stopped(ENQUEUE, tries, KSWAPD, *beside)


@pytest.mark.parametrize("again", ["while True", "while page.dirty"])
@pytest.mark.parametrize("reductions", [("symmetry",), REDUCTIONS])
def test_a_run_that_comes_back_to_where_it_was_is_not_hidden(again: str, reductions: tuple[str, ...]) -> None:
    """With persistent sets the two are a chain of steps, which is found elsewhere: so without them, too. Only random
    policies had come here, and others no longer did."""
    scenario = tiny(1, KSWAPD, ("kswapd2", "kswapd", ("A0",), 1, False))
    made = policy(f"{again}:\n    yield mm.lock_page(page)\n    yield mm.unlock_page(page)")
    assert check_scenario(made, scenario, reductions=()).verdict == "livelock"
    assert isinstance(without_walks(scenario, made, reductions), Stopped)


def queues(mm: Any, page: Any) -> Any:
    """Queues a work for a page, and does nothing else that anybody could see."""
    yield mm.queue_work(None, None, target=page)


@pytest.mark.parametrize("reductions", [("persistent",), REDUCTIONS])
def test_two_who_queue_works_are_not_hidden_where_the_order_matters(
    monkeypatch: pytest.MonkeyPatch, reductions: tuple[str, ...]
) -> None:
    """If A1's work is done first, A0's leaks. A reclaimer locks and looks before it queues; these do not."""
    monkeypatch.setitem(tasks.PROGRAMS, "queues", queues)
    leaks = f"""page = work.target
if not page.index:
    other = yield mm.find_get_page(page.mapping, 1)
    if not other.dirty:
        yield mm.get_page(page)
    yield mm.put_page(other)
yield mm.get_page(page)
{CLEAN.replace("work.page", "work.target")}"""
    scenario = tiny(2, ("one", "queues", "A0"), ("two", "queues", "A1"))
    made = policy(PIN_AND_QUEUE, leaks)
    assert check_scenario(made, scenario, reductions=()).verdict == "leak"
    assert isinstance(without_walks(scenario, made, reductions), Stopped)


def test_who_looks_at_the_queue_before_it_queues_nothing_is_not_hidden() -> None:
    looks = f"""if not page.index:
    yield mm.cond_resched()
    if mm.works:
        yield mm.get_page(page)
    {ITSELF}
    return
{ENQUEUE}"""
    assert stopped(looks, CLEAN, KSWAPD, ("kswapd2", "kswapd", ("A1",), 1, False), pages=2)


def test_a_work_that_is_taken_before_it_is_extended_is_not_hidden() -> None:
    extends = f"""if not page.index:
    yield mm.cond_resched()
    works = mm.works
    if works and not (yield mm.extend_work(works[0], more=True)):
        yield mm.get_page(page)
    {ITSELF}
    return
{ENQUEUE}"""
    assert stopped(extends, CLEAN, KSWAPD, ("kswapd2", "kswapd", ("A1",), 1, False), pages=2)


def test_who_waits_for_ever_and_holds_nothing_is_not_hidden() -> None:
    assert stopped(ENQUEUE, CLEAN, ("sync", "sync", "A"), flushers=0)


def test_a_disk_that_is_faster_than_the_one_who_looks_is_not_hidden() -> None:
    looks = f"{WRITE}yield mm.unlock_page(page)\nyield mm.cond_resched()\nif not page.writeback:\n    return\n{PUT}"
    assert stopped(ENQUEUE, looks, KSWAPD)


def looker(mm: Any, page: Any) -> Any:
    """Forgets its pin if the page is clean by the time it looks."""
    yield mm.get_page(page)
    yield mm.cond_resched()
    if page.dirty:
        yield mm.put_page(page)


def syncer(mm: Any, inode: Any, page: Any) -> Any:
    """Cleans a page when a sync work that writes nothing has ended."""
    work = yield mm.queue_sync(inode, False)
    yield mm.wait_for(work)
    del work
    yield from tasks.clean(mm, page)


def test_who_waits_for_a_work_counts_for_the_flusher(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tasks.PROGRAMS, "looker", looker)
    monkeypatch.setitem(tasks.PROGRAMS, "syncer", syncer)
    assert stopped(ENQUEUE, CLEAN, ("looker", "looker", "A0"), ("syncer", "syncer", "A", "A0"))


def keeper(mm: Any, page: Any) -> Any:
    """Forgets its pin if the page becomes dirty while it is locked."""
    yield mm.lock_attached(page)
    yield mm.get_page(page)
    if not page.dirty:
        yield mm.put_page(page)
    yield mm.unlock_page(page)


def test_a_page_that_becomes_dirty_under_somebody_elses_lock_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tasks.PROGRAMS, "keeper", keeper)
    monkeypatch.setitem(tasks.PROGRAMS, "mapper", mapper)
    beside = KSWAPD, ("keeper", "keeper", "A1"), ("mapper", "mapper", "A1")
    assert stopped(ENQUEUE, CLEAN, *beside, pages=2, clean=("A1",))


def writeback_looker(mm: Any, page: Any) -> Any:
    """Forgets its pin if the page is under writeback by the time it looks."""
    yield mm.get_page(page)
    yield mm.cond_resched()
    if not page.writeback:
        yield mm.put_page(page)


def lock_looker(mm: Any, page: Any) -> Any:
    """Forgets its pin if the page is locked by the time it looks."""
    yield mm.get_page(page)
    yield mm.cond_resched()
    if not page.locked:
        yield mm.put_page(page)


@pytest.mark.parametrize(
    ("looks", "other"),
    [
        (looker, ("cleaner", "cleaner", "A0")),
        (writeback_looker, ("cleaner", "cleaner", "A0")),
        (lock_looker, ("reader", "reader", "A0", False)),
    ],
)
def test_who_is_faster_than_the_one_who_looks_is_not_hidden(
    monkeypatch: pytest.MonkeyPatch, looks: Any, other: Any
) -> None:
    monkeypatch.setitem(tasks.PROGRAMS, "looks", looks)
    assert stopped(ENQUEUE, CLEAN, ("looks", "looks", "A0"), other)


SEES_IT_GONE = f"""yield mm.get_page(page)
yield mm.cond_resched()
gone = page.mapping is None
{WRITE.replace("work.page", "page")}yield mm.unlock_page(page)
if not gone:
    {PUT}"""
SEES_IT_CLEAN = SEES_IT_GONE.replace("gone = page.mapping is None", "gone = not page.dirty")
FINDS_IT_GONE = f"""other = yield mm.find_get_page(page.mapping, 0)
if other is None:
    yield mm.get_page(page)
else:
    yield mm.put_page(other)
{ITSELF}"""


@pytest.mark.parametrize(("enqueue", "page"), [(SEES_IT_GONE, "A0"), (SEES_IT_CLEAN, "A0"), (FINDS_IT_GONE, "A1")])
def test_a_truncation_is_not_hidden(enqueue: str, page: str) -> None:
    beside = ("kswapd", "kswapd", (page,), 1, False), ("truncate", "truncate", ("A0",))
    assert stopped(enqueue, CLEAN, *beside, pages=2)


@pytest.mark.parametrize("execute", [LOCKS_AGAIN, FORGETS_THE_PIN, ONE_PIN_MORE])
def test_the_disk_is_not_forgotten(execute: str) -> None:
    assert isinstance(without_walks(build("cleaned"), policy(ENQUEUE, execute)), Stopped)


def test_every_step_is_held_to_what_the_search_counts_on() -> None:
    """Steps that no operation takes today, each against one law."""
    watched = Logged(tiny(1, KSWAPD, ("reader", "reader", "A0", False)), load_policy("pin_then_lock"))
    kswapd, reader, flusher, disk = range(4)
    start = watched.initial()

    def page(**fields: Any) -> State:
        return start._replace(pages=(start.pages[0]._replace(**fields),))

    def works(*works: Work) -> State:
        return start._replace(works=works)

    work = Work(1, "pageout", None, None)
    lawful = [
        (page(dirty=False), page(dirty=True), kswapd, 1),
        (page(holder=kswapd + 1), page(holder=kswapd + 1, dirty=False, writeback=True), kswapd, 0),
        (page(writeback=True), page(), disk, 0),
        (page(holder=kswapd + 1), page(), kswapd, 0),
        (page(holder=kswapd + 1), page(holder=-1), kswapd, 0),
        (page(holder=-1), page(holder=flusher + 1), flusher, 0),
        (page(holder=kswapd + 1), page(holder=kswapd + 1, attached=False), kswapd, 0),
        (works(work), works(work._replace(by=flusher)), flusher, 0),
        (works(work._replace(by=flusher)), works(), flusher, 0),
    ]
    for before, after, task, dirtied in lawful:
        watched.lawful(before, after, task, dirtied)
    for before, after, task, why in (
        (page(dirty=False), page(dirty=True), kswapd, "becomes dirty"),
        (page(holder=reader + 1), page(holder=reader + 1, attached=False), kswapd, "leaves it without its lock"),
        (page(attached=False, holder=kswapd + 1), page(holder=kswapd + 1), kswapd, "comes back into its file"),
        (page(), page(writeback=True), kswapd, "writeback begins without the lock"),
        (page(writeback=True), page(), kswapd, "ends without the disk"),
        (page(holder=reader + 1), page(), kswapd, "a task loses the lock"),
        (page(holder=-1), page(), kswapd, "a work loses the lock"),
        (page(holder=-1), page(holder=reader + 1), kswapd, "a work loses the lock"),
        (works(work), works(), flusher, "a work ends without"),
        (works(work._replace(by=flusher)), works(), kswapd, "a work ends without"),
        (works(work._replace(by=flusher)), works(work._replace(by=kswapd)), kswapd, "changes hands"),
    ):
        with pytest.raises(Decline, match=why):
            watched.lawful(before, after, task, 0)
