"""Requests that wait to be full: when they are sent, and who is waited for meanwhile (book/design/requests.md)."""

import pytest

from tests.check.tiny import graph_of, tiny
from tests.machine.driving import KSWAPD, go, machine, policy
from wbviz.check.check import check_scenario
from wbviz.kernel.state import State
from wbviz.machine.machine import Machine
from wbviz.machine.record import moves_of, record
from wbviz.machine.waiting import edges_of
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import build
from wbviz.trace.schedule import parse

BOTH = ("fsync", "fsync", ("A0", "A1"))


def unsent(machine: Machine, state: State) -> list[str]:
    """The pages in requests that are not sent, each with whose it is."""
    names = machine.world.task_names
    return [
        f"{machine.world.page_name(n)} {names[page.request - 1]}" for n, page in enumerate(state.pages) if page.request
    ]


def at_disk(machine: Machine, state: State) -> list[str]:
    disk = machine.world.task_names.index("disk")
    return [machine.world.page_name(page) for page in machine.choices(state, disk) if page is not None]


def test_a_page_that_is_gathered_is_under_writeback_and_the_disk_cannot_finish_it() -> None:
    m = machine(BOTH, pages=2, filesystem="gather", cluster=3)
    state = go(m, "fsync*5")
    assert state.pages[0].writeback
    assert not state.pages[0].dirty
    assert unsent(m, state) == ["A0 fsync"]
    assert at_disk(m, state) == []


def test_a_full_request_is_sent_at_once() -> None:
    m = machine(BOTH, pages=2, filesystem="gather", cluster=2)
    assert unsent(m, go(m, "fsync*8")) == ["A0 fsync"]
    full = go(m, "fsync*9")
    assert unsent(m, full) == []
    assert at_disk(m, full) == ["A0", "A1"]


def test_a_request_is_sent_when_its_task_ends() -> None:
    m = machine(BOTH, pages=2, filesystem="gather", cluster=3)
    assert unsent(m, go(m, "fsync*9")) == ["A0 fsync", "A1 fsync"]
    assert at_disk(m, go(m, "fsync*10")) == ["A0", "A1"]


def test_a_request_is_sent_when_the_call_or_the_work_is_over_and_not_before() -> None:
    m = machine(KSWAPD, ("sync", "sync", "A"), pages=2, filesystem="gather", cluster=3)
    words = "kswapd*3 flusher*4"
    assert unsent(m, go(m, words)) == ["A0 flusher"]
    assert unsent(m, go(m, words + " flusher")) == ["A0 flusher"], "it still has its pin to drop"
    assert at_disk(m, go(m, words + " flusher*2")) == ["A0"]
    synced = "sync flusher*9"
    assert unsent(m, go(m, synced)) == ["A0 flusher", "A1 flusher"]
    assert at_disk(m, go(m, synced + " flusher")) == ["A0", "A1"], "the sync work is completed"


def test_a_call_of_enqueue_sends_what_it_gathered() -> None:
    writes = policy("yield mm.lock_page(page)\nyield mm.writepage(page)\nyield mm.unlock_page(page)\nreturn True")
    m = machine(KSWAPD, policy=writes, filesystem="gather", cluster=3)
    assert unsent(m, go(m, "kswapd*3")) == ["A0 kswapd"]
    assert at_disk(m, go(m, "kswapd*4")) == ["A0"]


def test_who_waits_for_the_writeback_of_an_unsent_page_waits_for_the_task_that_has_it() -> None:
    m = machine(BOTH, ("cut", "truncate", ("A0",)), pages=2, filesystem="gather", cluster=3)
    cut = m.world.task_names.index("cut")
    waits = edges_of(m, go(m, "fsync*6 cut"), ("task", cut))
    assert [(edge.holder, edge.why) for edge in waits] == [(("task", 0), "fsync has A0 in a request that is not sent")]
    assert [edge.holder for edge in edges_of(m, go(m, "fsync*6 cut fsync*4"), ("task", cut))] == [("disk", 0)]


def test_a_task_that_waits_for_its_own_request_waits_for_itself() -> None:
    twice = """
        page = work.page
        yield mm.lock_page(page)
        yield mm.writepage(page)
        yield mm.wait_on_page_writeback(page)
        yield mm.unlock_page(page)
        yield mm.put_page(page)
    """
    result = check_scenario(policy(execute=twice), tiny(1, KSWAPD, filesystem="gather", cluster=2))
    assert result.verdict == "deadlock"
    assert [(edge["from"], edge["to"]) for edge in result.headline.cycle] == [("flusher", "flusher")]
    assert check_scenario(policy(execute=twice), tiny(1, KSWAPD, filesystem="gather", cluster=1)).verdict == "safe"


@pytest.mark.parametrize(
    ("tasks", "fields", "states"),
    [
        # lock, wait, write, unlock, and only then the disk: five steps in a row.
        ((("cleaner", "cleaner", "A0"),), {"pages": 1, "filesystem": "gather", "cluster": 2}, 6),
        # Full at once, so the disk may be done before the unlock, as on any other filesystem: one state more.
        ((("cleaner", "cleaner", "A0"),), {"pages": 1, "filesystem": "gather", "cluster": 1}, 7),
        ((("cleaner", "cleaner", "A0"),), {"pages": 1}, 7),
        # Eight steps in a row; the ninth makes it full: then none, one, the other or both are done, before or after the
        # last unlock.
        ((BOTH,), {"pages": 2, "filesystem": "gather", "cluster": 2}, 9 + 4 * 2),
        # Never full: ten steps in a row, of which the last sends it.
        ((BOTH,), {"pages": 2, "filesystem": "gather", "cluster": 3}, 10 + 4),
        # Lock and wait for each, write into each, unlock each: eight steps in a row.
        ((("prepare", "prepare", ("A0", "A1")),), {"pages": 2}, 9),
    ],
)
def test_states_counted_by_hand(tasks: tuple[tuple[object, ...], ...], fields: dict[str, object], states: int) -> None:
    pages = fields["pages"]
    assert isinstance(pages, int)
    others = {name: value for name, value in fields.items() if name != "pages"}
    assert len(graph_of(tiny(pages, *tasks, **others)).states) == states


def test_it_is_told_in_words() -> None:
    m = machine(BOTH, ("cut", "truncate", ("A0",)), pages=2, filesystem="gather", cluster=2)
    steps = record(m, moves_of(m, parse("wb1 tiny made : fsync*6 cut fsync*3"))).steps
    assert steps[4].says == "fsync puts A0 into its request, which is not full yet: under writeback, and not sent"
    assert steps[6].waits == ("cut waits until A0 is written: it is in the unsent request of fsync",)
    assert steps[-1].says == "fsync hands A1 to the disk, with the rest of its request"
    assert "request" not in steps[-1].after["pages"][0]
    assert steps[4].after["pages"][0]["request"] == "fsync"
    ended = machine(("cleaner", "cleaner", "A0"), filesystem="gather", cluster=2)
    assert record(ended, moves_of(ended, parse("wb1 tiny made : cleaner*4"))).steps[-1].says == (
        "cleaner unlocks A0; its request is sent"
    )


@pytest.mark.parametrize(
    ("scenario", "cycle"),
    [
        ("range-cyclic", {("fsync", "flusher"), ("flusher", "fsync2"), ("fsync2", "fsync")}),
        ("held-range", {("prepare", "flusher"), ("flusher", "prepare")}),
    ],
)
def test_the_deadlocks_of_2018_and_2020_have_the_parties_of_their_reports(
    scenario: str, cycle: set[tuple[str, str]]
) -> None:
    found = check_scenario(load_policy("wrap_round"), build(scenario))
    assert {(edge["from"], edge["to"]) for edge in found.headline.cycle} == cycle
    at_once = check_scenario(load_policy("wrap_round"), build(scenario, {"cluster": 1}))
    assert at_once.verdict == "safe", "what is sent at once is the disk's to finish"
