"""Each operation of the model: when it waits, what it does and answers, and each rule it can break."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kernel.small import (
    A0,
    A1,
    A2,
    B0,
    DETACHED,
    FLUSHER,
    FREED,
    WRITER,
    A,
    B,
    do,
    held_by,
    state,
    waits,
    world,
)
from wbviz.kernel.api import API
from wbviz.kernel.operations import OPERATIONS
from wbviz.kernel.state import FREEING, GONE, Broken, Call, Inode, Page, State, Work

ON_PAGES = ["lock_page", "trylock_page", "get_page", "put_page", "wait_on_page_writeback", "writepage"]


def queued(number: int, **fields: Any) -> Work:
    return Work(**{"id": number, "kind": "pageout", "page": None, "inode": None, **fields})


# When it waits

WAITS = [
    ("lock_page", state(), None),
    ("lock_page", state({A0: held_by(WRITER)}), (("task", WRITER),)),
    ("lock_page", state({A0: held_by(FLUSHER)}), (("task", FLUSHER),)),  # the caller included
    ("lock_page", state({A0: Page(holder=-7)}), (("work", 7),)),
    ("lock_page", state({A0: FREED._replace(holder=WRITER + 1)}), None),  # it may go on, and breaks the rule
    ("trylock_page", state({A0: held_by(WRITER)}), None),
    ("unlock_page", state({A0: held_by(WRITER)}), None),
    ("get_page", state({A0: held_by(WRITER)}), None),
    ("put_page", state({A0: held_by(WRITER, pins=1)}), None),
    ("wait_on_page_writeback", state(), None),
    ("wait_on_page_writeback", state({A0: Page(writeback=True)}), (("disk", A0),)),
    ("wait_on_page_writeback", state({A0: Page(writeback=True, dirty=True)}), (("disk", A0),)),  # redirtied meanwhile
    ("wait_on_page_writeback", state({A0: FREED._replace(writeback=True)}), None),
    ("writepage", state({A0: held_by(FLUSHER, writeback=True)}), None),
    ("lock_attached", state({A0: held_by(WRITER)}), (("task", WRITER),)),
    ("lock_attached", state({A0: FREED._replace(holder=WRITER + 1)}), None),  # gone: nothing to wait for
]


@pytest.mark.parametrize(("operation", "before", "expected"), WAITS)
def test_waits(operation: str, before: State, expected: Any) -> None:
    assert waits(operation, before, A0) == expected


def test_only_these_operations_of_a_policy_ever_wait() -> None:
    assert {name for name in API if OPERATIONS[name].waits} == {
        "lock_page",
        "wait_on_page_writeback",
    }


def test_taking_a_work_is_idle_while_nothing_is_queued() -> None:
    assert waits("take_work", state()) == ()
    assert waits("take_work", state(works=(queued(1, by=WRITER),))) == ()
    assert waits("take_work", state(works=(queued(1, by=WRITER), queued(2)))) is None


def test_waiting_for_a_work_ends_when_it_is_completed() -> None:
    before = state(works=(queued(1, by=FLUSHER), queued(2)))
    assert waits("wait_for", before, 1, task=WRITER) == (("work", 1),)
    after, _ = do("complete", before, 1)
    assert waits("wait_for", after, 1, task=WRITER) is None
    assert waits("wait_for", after, 2, task=WRITER) == (("work", 2),)


# What it does, and answers: the page before, the page after, the result

PAGES = [
    ("lock_page", Page(), held_by(FLUSHER), None),
    ("lock_page", DETACHED, held_by(FLUSHER, attached=False, pins=1), None),
    ("trylock_page", Page(), held_by(FLUSHER), True),
    ("trylock_page", held_by(WRITER), held_by(WRITER), False),
    ("trylock_page", held_by(FLUSHER), held_by(FLUSHER), False),
    ("trylock_page", Page(holder=-7), Page(holder=-7), False),
    ("unlock_page", held_by(FLUSHER), Page(), None),
    ("unlock_page", FREED._replace(holder=FLUSHER + 1), FREED, None),  # allowed even there
    ("unlock_page", FREED._replace(holder=FLUSHER + 1, detaching=True), FREED, None),
    ("get_page", Page(pins=1), Page(pins=2), None),
    ("get_page", DETACHED, DETACHED._replace(pins=2), None),
    ("put_page", Page(pins=2), Page(pins=1), None),
    ("put_page", DETACHED, FREED, None),
    ("put_page", DETACHED._replace(pins=2, holder=2), DETACHED._replace(pins=1, holder=2), None),
    ("wait_on_page_writeback", Page(dirty=True), Page(dirty=True), None),
    ("writepage", held_by(FLUSHER, dirty=True), held_by(FLUSHER, writeback=True), None),
    ("writepage", held_by(FLUSHER, dirty=True, owed=True), held_by(FLUSHER, writeback=True), None),
    ("writepage", held_by(FLUSHER), held_by(FLUSHER), None),  # clean: wasted, no rule broken
    ("lock_attached", Page(), held_by(FLUSHER), True),
    ("lock_attached", DETACHED, DETACHED, False),
    ("trylock_attached", Page(), held_by(FLUSHER), True),
    ("trylock_attached", held_by(WRITER), held_by(WRITER), False),
    ("trylock_attached", Page(holder=-7), Page(holder=-7), False),
    ("trylock_attached", DETACHED, DETACHED, None),
    ("end_writeback", Page(writeback=True, dirty=True), Page(dirty=True), None),
    ("dirty_page", Page(writeback=True), Page(writeback=True, dirty=True), True),
    ("dirty_page", held_by(WRITER), held_by(WRITER, dirty=True), True),  # without its lock
    ("dirty_page", DETACHED, DETACHED, False),
    (
        "detach",
        held_by(FLUSHER, dirty=True, owed=True, pins=1),
        held_by(FLUSHER, attached=False, pins=1, detaching=True),
        None,
    ),
]


@pytest.mark.parametrize(("operation", "page", "expected", "result"), PAGES)
def test_effect_on_a_page(operation: str, page: Page, expected: Page, result: Any) -> None:
    before = state({A0: page, A1: held_by(WRITER, dirty=True, pins=3)})
    after, answer = do(operation, before, A0)
    assert answer is result
    assert after == before._replace(pages=(expected, *before.pages[1:])), "this page, and nothing else"


def test_cond_resched_does_nothing() -> None:
    before = state({A0: held_by(FLUSHER, dirty=True)}, works=(queued(1),))
    assert do("cond_resched", before) == (before, None)


def test_a_page_is_freed_when_it_is_detached_and_unpinned_only() -> None:
    assert [page.freed for page in (Page(), Page(pins=1), DETACHED, FREED)] == [False, False, False, True]
    assert FREED._replace(holder=1).freed, "even while it is locked"


# Rules broken

BROKEN = [
    *((operation, FREED, "A0 was freed") for operation in ON_PAGES),
    *((operation, FREED._replace(holder=FLUSHER + 1), "A0 was freed") for operation in ON_PAGES),
    ("unlock_page", Page(), "A0 is not locked"),
    ("unlock_page", held_by(WRITER), "A0 is locked by writer, so flusher cannot unlock it"),
    ("unlock_page", Page(holder=-3), "the lock of A0 went with work 3 when the work was queued"),
    ("put_page", Page(), "A0 has no pin to drop"),
    ("put_page", DETACHED._replace(holder=FLUSHER + 1), "frees it while flusher holds its lock"),
    ("put_page", DETACHED._replace(holder=WRITER + 1), "frees it while writer holds its lock"),
    ("put_page", DETACHED._replace(holder=-2), "frees it while work 2 holds its lock"),
    ("writepage", Page(dirty=True), "writes A0 without holding its lock \\(nobody"),
    ("writepage", held_by(WRITER, dirty=True), "writes A0 without holding its lock \\(writer"),
    ("writepage", Page(dirty=True, holder=-4), "writes A0 without holding its lock \\(work 4"),
    ("writepage", DETACHED._replace(holder=FLUSHER + 1), "write after truncation"),
    ("writepage", held_by(FLUSHER, dirty=True, writeback=True), "already under writeback"),
    ("writepage", held_by(FLUSHER, writeback=True), "already under writeback"),
]


@pytest.mark.parametrize(("operation", "page", "words"), BROKEN)
def test_rule_broken_on_a_page(operation: str, page: Page, words: str) -> None:
    before = state({A0: page})
    assert waits(operation, before, A0) is None, "who breaks a rule does not wait for it"
    with pytest.raises(Broken, match=words):
        do(operation, before, A0)


def test_a_truncation_about_to_unlock_keeps_the_page_alive() -> None:
    before, _ = do("detach", state({A0: held_by(WRITER, pins=1)}), A0, task=WRITER)
    after, _ = do("put_page", before, A0)
    assert after.pages[A0].freed
    done, _ = do("unlock_page", after, A0, task=WRITER)
    assert done.pages[A0] == FREED


def test_detaching_ends_with_the_unlock() -> None:
    before, _ = do("detach", state({A0: held_by(WRITER, pins=1)}), A0, task=WRITER)
    unlocked, _ = do("unlock_page", before, A0, task=WRITER)
    locked, _ = do("lock_page", unlocked, A0, task=WRITER)
    with pytest.raises(Broken, match="writer holds its lock"):
        do("put_page", locked, A0)


# Inodes

INODES = [
    ("igrab", Inode(), Inode(refs=1), True),
    ("igrab", Inode(refs=1, linked=False), Inode(refs=2, linked=False), True),
    ("igrab", Inode(linked=False, state=FREEING), Inode(linked=False, state=FREEING), False),
    ("igrab_live", Inode(), Inode(refs=1), True),
    ("igrab_live", Inode(linked=False, state=FREEING), Inode(linked=False, state=FREEING), False),
    ("igrab_live", Inode(linked=False, state=GONE), Inode(linked=False, state=GONE), False),
    ("iput", Inode(refs=2, linked=False), Inode(refs=1, linked=False), False),
    ("iput", Inode(refs=1), Inode(), False),  # a name is left
    ("iput", Inode(refs=1, linked=False), Inode(linked=False, state=FREEING), True),  # the caller evicts
    ("unlink", Inode(refs=1), Inode(refs=1, linked=False), None),
    ("gone", Inode(linked=False, state=FREEING), Inode(linked=False, state=GONE), None),
]


@pytest.mark.parametrize(("operation", "inode", "expected", "result"), INODES)
def test_effect_on_an_inode(operation: str, inode: Inode, expected: Inode, result: Any) -> None:
    before = state(inodes={A: inode})
    after, answer = do(operation, before, A)
    assert answer is result
    assert after == before._replace(inodes=(expected, before.inodes[B]))


@pytest.mark.parametrize(
    ("operation", "args", "inode", "words"),
    [
        ("igrab", (A,), Inode(state=GONE), "inode A is gone"),
        ("iput", (A,), Inode(refs=1, state=GONE), "inode A is gone"),
        ("iput", (A,), Inode(), "inode A has no reference to drop"),
        ("find_get_page", (A, 0), Inode(state=GONE), "inode A is gone"),
        ("queue_work", (None, A), Inode(state=GONE), "inode A is gone"),
        ("umount", (), Inode(refs=1), "busy inodes after umount: a reference to A left"),
        ("umount", (), Inode(refs=2), "busy inodes after umount: 2 references to A left"),
    ],
)
def test_rule_broken_on_an_inode(operation: str, args: tuple[Any, ...], inode: Inode, words: str) -> None:
    with pytest.raises(Broken, match=words):
        do(operation, state(inodes={A: inode}), *args)


def test_umount_of_unreferenced_inodes() -> None:
    assert do("umount", state()) == (state(), None)


def test_find_get_page() -> None:
    before = state({A1: Page(pins=1), A2: DETACHED})
    after, found = do("find_get_page", before, A, 1)
    assert found == ("page", A1)
    assert after.pages[A1].pins == 2
    assert do("find_get_page", before, B, 0)[1] == ("page", B0)
    for index in (-1, 2, 3):  # before the file, truncated, after the file
        assert do("find_get_page", before, A, index) == (before, None)


# The queue


def test_queueing_appends() -> None:
    after, result = do("queue_work", state(works=(queued(1),)), A0, A, colour="red")
    assert result is True
    assert after.works == (queued(1), Work(2, "pageout", A0, A, (("colour", "red"),)))
    assert after.pages == state().pages


def test_a_work_needs_no_page() -> None:
    after, result = do("queue_work", state(), None, None)
    assert (result, after.works) == (True, (queued(1),))


def test_the_lock_of_the_page_travels_with_the_work_and_no_other_lock_does() -> None:
    before = state({A0: held_by(FLUSHER), A1: held_by(FLUSHER), A2: held_by(WRITER)})
    after, _ = do("queue_work", before, A0, None)
    assert [page.holder for page in after.pages] == [-1, FLUSHER + 1, WRITER + 1, 0]
    taken, work = do("take_work", after, task=WRITER)
    assert work == ("work", 1)
    assert [page.holder for page in taken.pages] == [WRITER + 1, FLUSHER + 1, WRITER + 1, 0]
    assert taken.works[0].by == WRITER


def test_a_lock_that_somebody_else_holds_stays() -> None:
    after, _ = do("queue_work", state({A0: held_by(WRITER)}), A0, None)
    assert after.pages[A0].holder == WRITER + 1
    taken, _ = do("take_work", after)
    assert taken.pages[A0].holder == WRITER + 1


def test_taking_one_work_leaves_the_locks_of_the_others() -> None:
    before = state({A0: Page(holder=-1), A1: Page(holder=-2)}, works=(queued(1, page=A0), queued(2, page=A1)))
    taken, _ = do("take_work", before)
    assert [page.holder for page in taken.pages[:2]] == [FLUSHER + 1, -2]


def test_the_oldest_queued_work_is_taken_first() -> None:
    before = state(works=(queued(3, by=WRITER), queued(2), queued(1)))
    assert do("take_work", before)[1] == ("work", 2)


@pytest.mark.parametrize(
    ("works", "room"),
    [
        ((), True),
        ((queued(1),), False),
        ((queued(1, by=WRITER),), True),  # the running one has left the queue
        ((queued(1, kind="sync"), queued(2, kind="sync")), True),  # the limit counts pageout works
        ((queued(1, kind="sync"), queued(2)), False),
    ],
)
def test_the_limit_counts_queued_pageout_works(works: tuple[Work, ...], room: bool) -> None:
    before = state({A0: held_by(FLUSHER)}, works=works)
    after, result = do("queue_work", before, A0, None, where=world(queue_limit=1))
    assert result is room
    if not room:
        assert after == before, "a refusal changes nothing, and the lock stays"


def test_a_sync_work_is_never_refused() -> None:
    after, work = do("queue_sync", state(works=(queued(1),)), A, True, where=world(queue_limit=1))
    assert work == ("work", 2)
    assert after.works[1] == Work(2, "sync", None, A)


def test_queueing_a_freed_page_breaks_a_rule() -> None:
    with pytest.raises(Broken, match="A0 was freed"):
        do("queue_work", state({A0: FREED}), A0, None)


def test_a_number_is_free_once_nobody_refers_to_it() -> None:
    assert do("queue_sync", state(works=(queued(2),)), A, True)[1] == ("work", 1)
    assert do("queue_sync", state(works=(queued(1, by=FLUSHER), queued(2))), A, True)[1] == ("work", 3)
    assert do("queue_sync", state(works=(queued(2),), refers={WRITER: (1, 3)}), A, True)[1] == ("work", 4)


def test_extending_replaces_the_keys_given_and_moves_no_lock() -> None:
    before = state(
        {A0: Page(holder=-1), A1: held_by(FLUSHER)}, works=(queued(1, page=A0, info=(("a", "x"), ("b", "y"))),)
    )
    after, result = do("extend_work", before, 1, b="z", c="w")
    assert result is True
    assert after.works == (queued(1, page=A0, info=(("a", "x"), ("b", "z"), ("c", "w"))),)
    first, _ = do("extend_work", state(works=(queued(1, info=(("b", "y"),)),)), 1, a="x")
    assert first.works[0].info == (("a", "x"), ("b", "y")), "in one order, however it came together"
    moved, _ = do("extend_work", before, 1, page=("page", A1), inode=("inode", B))
    assert (moved.works[0].page, moved.works[0].inode) == (A1, B)
    assert moved.works[0].info == before.works[0].info
    assert moved.pages == before.pages


@pytest.mark.parametrize("works", [(), (queued(1, by=FLUSHER),), (queued(2),)])
def test_extending_comes_too_late(works: tuple[Work, ...]) -> None:
    before = state(works=works)
    assert do("extend_work", before, 1, a="x") == (before, False)


def test_extending_by_a_freed_page_or_a_gone_inode_breaks_a_rule() -> None:
    before = state({A0: FREED}, {B: Inode(state=GONE)}, works=(queued(1),))
    with pytest.raises(Broken, match="A0 was freed"):
        do("extend_work", before, 1, page=("page", A0))
    with pytest.raises(Broken, match="inode B is gone"):
        do("extend_work", before, 1, inode=("inode", B))


# What a call in progress is told


def test_a_refused_trylock_or_queue_is_noted_with_the_call_of_that_task_only() -> None:
    calls = {FLUSHER: Call(A0), WRITER: Call(A1)}
    tried, _ = do("trylock_page", state({A2: held_by(WRITER)}, calls=calls), A2)
    full, _ = do("queue_work", state(works=(queued(1),), calls=calls), A0, None, where=world(queue_limit=1))
    for after in (tried, full):
        assert [task.call for task in after.tasks] == [Call(A0, refused=True), Call(A1)]


def test_a_trylock_of_a_page_that_one_holds_oneself_fails_and_is_no_refusal() -> None:
    after, result = do("trylock_page", state({A0: held_by(FLUSHER)}, calls={FLUSHER: Call(A1)}), A0)
    assert result is False
    assert after.tasks[FLUSHER].call == Call(A1)


def test_a_trylock_that_succeeds_is_no_refusal() -> None:
    after, _ = do("trylock_page", state(calls={FLUSHER: Call(A0)}), A0)
    assert after.tasks[FLUSHER].call == Call(A0)


@pytest.mark.parametrize(
    ("operation", "page"), [("writepage", held_by(WRITER, dirty=True)), ("detach", held_by(WRITER))]
)
def test_cleaning_or_detaching_excuses_every_call_for_that_page(operation: str, page: Page) -> None:
    calls = {FLUSHER: Call(A0), WRITER: Call(A0)}
    after, _ = do(operation, state({A0: page}, calls=calls), A0, task=WRITER)
    assert [task.call for task in after.tasks] == [Call(A0, cleaned=True)] * 2
    other, _ = do(operation, state({A0: page}, calls={FLUSHER: Call(A1)}), A0, task=WRITER)
    assert other.tasks[FLUSHER].call == Call(A1)


def test_writing_a_clean_page_excuses_nobody() -> None:
    after, _ = do("writepage", state({A0: held_by(WRITER)}, calls={FLUSHER: Call(A0)}), A0, task=WRITER)
    assert after.tasks[FLUSHER].call == Call(A0)


# Reclaim's choice


def test_isolate_takes_the_first_page_that_is_attached_and_dirty() -> None:
    before = state({A0: Page(), A1: DETACHED._replace(dirty=True), A2: Page(dirty=True), B0: Page(dirty=True)})
    after, page = do("isolate", before, (A0, A1, A2, B0), False)
    assert page == ("page", A2)
    assert after.pages[A2].pins == 1
    assert do("isolate", before, B0)[1] == ("page", B0), "the one chosen"
    assert do("isolate", before, (A0, A1), False) == (before, None)
    assert do("isolate", before, A0) == (before, None), "clean by now"


# Immutability, and words


@given(st.sampled_from(sorted(set(OPERATIONS) & set(ON_PAGES))), st.data())
def test_any_operation_on_any_page_ends_in_a_page_that_makes_sense(operation: str, data: st.DataObject) -> None:
    flags = {name: data.draw(st.booleans()) for name in ("attached", "dirty", "writeback")}
    page = Page(**flags, holder=data.draw(st.integers(-2, 2)), pins=data.draw(st.integers(0, 2)))
    before = state({A0: page})
    if waits(operation, before, A0) is not None:
        return
    try:
        after, _ = do(operation, before, A0)
    except Broken as broken:
        message = str(broken)
        assert re.search(r"\bA0\b", message), "it names the page"
        return
    assert not page.freed
    left = after.pages[A0]
    assert left.pins >= 0
    assert not (left.freed and left.holder)
    assert hash(after) == hash(State(*after))
    assert before == state({A0: page}), "nothing was changed in place"
