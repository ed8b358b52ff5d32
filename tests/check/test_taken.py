"""Who took what is left: told from the run, and right where a pin is one of several."""

import pytest

from tests.check.tiny import tiny
from tests.machine.driving import CLEAN, KSWAPD, machine, policy
from wbviz.check.check import check_scenario
from wbviz.check.taken import left_over
from wbviz.machine.record import moves_of, record
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import build
from wbviz.trace.schedule import parse

QUEUE = "yield mm.get_page(page)\nyield mm.queue_work(page=page)"
FIND = "\n    up = yield mm.find_get_page(page.mapping, 1)"


def leak(enqueue: str, execute: str = CLEAN, pages: int = 1) -> str:
    """What is said of what is left."""
    result = check_scenario(policy(enqueue, execute), tiny(pages, KSWAPD))
    found = [verdict for verdict in result.verdicts if verdict.kind == "leak"]
    assert len(found) == 1
    return found[0].summary


@pytest.mark.parametrize(
    ("enqueue", "execute", "taken"),
    [
        # reclaim drops its own pin, not the policy's; the flusher the first of the policy's, which went with the work
        (QUEUE + "\nyield mm.get_page(page)", CLEAN, "A0 still has a pin that nobody will drop: by kswapd 4 (4)"),
        # the flusher drops its own first
        (
            QUEUE,
            "page = work.page\nyield mm.get_page(page)\nyield mm.lock_page(page)\nyield mm.writepage(page)\n"
            "yield mm.unlock_page(page)\nyield mm.put_page(page)",
            "A0 still has a pin that nobody will drop: by kswapd 2 (2)",
        ),
        # the lock went with the work; who took it is told, not who holds it
        (
            "yield mm.get_page(page)\nyield mm.lock_page(page)\nyield mm.queue_work(page=page)",
            "page = work.page\nyield mm.writepage(page)\nyield mm.put_page(page)",
            "A0 is still locked by flusher: by kswapd 3 (3)",
        ),
        # locked twice, the first time properly
        (
            "yield mm.lock_page(page)\nyield mm.unlock_page(page)\nyield mm.lock_page(page)",
            CLEAN,
            "A0 is still locked by kswapd: by kswapd 4 (4)",
        ),
        # a refused trylock and an igrab that failed take nothing
        (
            "yield mm.lock_page(page)\ngot = yield mm.trylock_page(page)",
            CLEAN,
            "A0 is still locked by kswapd: by kswapd 2 (2)",
        ),
    ],
)
def test_who_took_it_where(enqueue: str, execute: str, taken: str) -> None:
    words, _, places = taken.partition(": ")
    by, task, step, line = places.split()
    assert leak(enqueue, execute) == f"{words}: taken {by} {task} in step {step} (line {line.strip('()')})"


def test_a_page_that_was_looked_up_is_told_by_what_was_found() -> None:
    said = leak(QUEUE, CLEAN.replace("page = work.page", "page = work.page" + FIND), pages=2)
    assert said == "A1 still has a pin that nobody will drop: taken by flusher in step 6 (line 7)"


def test_a_page_that_has_left_its_file_meanwhile_is_not_locked() -> None:
    """It was told as a lock that is left, with its line in the report of any leak: no test had looked at None."""
    m = machine(KSWAPD, ("truncate", "truncate", ("A1",)), pages=2, filesystem="cluster-try", cluster=2)
    words = "kswapd*3 flusher*4 truncate*4 flusher"
    trace = record(m, moves_of(m, parse(f"wb1 tiny made : {words}")))
    assert (trace.steps[-1].op, trace.steps[-1].args, trace.steps[-1].result) == ("trylock_attached", ("A1",), None)
    assert ("lock", "A1") not in left_over(trace)
    assert ("lock", "A0") in left_over(trace)


def test_every_leak_of_the_table_says_it() -> None:
    for made, scenario in (("leaky", "full-queue"), ("racy_merge", "two-reclaimers")):
        head = check_scenario(load_policy(made), build(scenario)).headline
        assert head.kind == "leak"
        assert ": taken by kswapd" in head.summary
        assert head.trace is not None
        assert any(what == "pin" for what, _ in left_over(head.trace))
