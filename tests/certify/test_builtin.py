"""The built-in tasks keep what a certificate assumes of them; a task that does not is found."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from wbviz.certify.builtin import CALLS, assumed, calls
from wbviz.certify.findings import Kind
from wbviz.certify.result import TASKS
from wbviz.machine.tasks import PROGRAMS

BY_NATURE = {"flusher": {Kind.BUSY, Kind.FLUSHER_EVICTS}}
"""A flusher that takes references keeps an umount busy, and may evict: what voids a certificate says so."""


NOT_BESIDE = {"fsync", "prepare"}
"""Tasks of the scenarios in which requests are gathered: no certificate speaks of those."""


def test_every_task_is_looked_at_and_every_certificate_names_it() -> None:
    assert set(CALLS) == set(PROGRAMS)
    assert set(TASKS) == set(PROGRAMS) - {"iput", "writepage"} - NOT_BESIDE


@pytest.mark.parametrize("task", PROGRAMS)
def test_a_built_in_task_keeps_what_a_policy_relies_on(task: str) -> None:
    assert {finding.kind for finding in assumed(task)} == BY_NATURE.get(task, set())


def downwards(mm: Any, pages: Any) -> Any:
    held = ()
    for page in pages[::-1]:
        if (yield mm.lock_attached(page)):
            held += (page,)
    for page in held:
        yield mm.unlock_page(page)


def without_lock(mm: Any, pages: Any) -> Any:
    yield mm.submit(pages[0])


def never_looks(mm: Any, pages: Any) -> Any:
    if (yield mm.lock_attached(pages[0])):
        yield mm.submit(pages[0])
        yield mm.unlock_page(pages[0])


def rips_out(mm: Any, pages: Any) -> Any:
    yield mm.detach(pages[0])


def waits_with_a_lock(mm: Any, pages: Any) -> Any:
    if (yield mm.lock_attached(pages[0])):
        work = yield mm.queue_sync(pages[0].mapping, True)
        yield mm.wait_for(work)
        yield mm.unlock_page(pages[0])


def forgets(mm: Any, pages: Any) -> Any:
    yield mm.lock_attached(pages[0])


def drops_another_pin(mm: Any, pages: Any) -> Any:
    yield mm.put_page(pages[0])


def unlocks_what_it_has_not(mm: Any, pages: Any) -> Any:
    yield mm.unlock_page(pages[0])


def never_lets_go(mm: Any, pages: Any) -> Any:
    if (yield mm.lock_attached(pages[0])):
        while True:
            yield mm.dirty_page(pages[0])


def writes_for_ever(mm: Any, pages: Any) -> Any:
    while (yield mm.lock_attached(pages[0])):
        yield mm.wait_on_page_writeback(pages[0])
        yield mm.submit(pages[0])
        yield mm.unlock_page(pages[0])


def calls_with_a_lock(mm: Any, pages: Any) -> Any:
    page = yield mm.isolate(pages, False)
    if page is not None:
        if (yield mm.lock_attached(page)):
            yield mm.call("enqueue", page)
            yield mm.unlock_page(page)
        yield mm.put_page(page)


def calls_for_what_it_does_not_keep(mm: Any, pages: Any) -> Any:
    yield mm.call("enqueue", pages[0])


BAD = {
    downwards: Kind.SLEEPS_DOWNWARDS,
    without_lock: Kind.WRITES_UNLOCKED,
    never_looks: Kind.WRITES_TWICE,
    rips_out: Kind.TAKEN_OUT_UNLOCKED,
    waits_with_a_lock: Kind.WAITS_LOCKED,
    forgets: Kind.LOCK_LEFT,
    drops_another_pin: Kind.NOT_PINNED,
    unlocks_what_it_has_not: Kind.NOT_LOCKED,
    never_lets_go: Kind.LOOP,
    writes_for_ever: Kind.LOOP,
    calls_with_a_lock: Kind.WAITS_LOCKED,
    calls_for_what_it_does_not_keep: Kind.PAGE_MAY_BE_FREED,
}


@pytest.mark.parametrize("task", BAD, ids=lambda task: task.__name__)
def test_a_task_that_breaks_the_assumption_is_found(task: Callable[..., Iterator[Any]]) -> None:
    found = assumed("task", PROGRAMS | {"task": task}, {"task": calls(("pages",))})
    assert BAD[task] in {finding.kind for finding in found}
