"""The machine: one operation a step, with the reads after it; calls; accepting, refusing; operations of many steps."""

import pytest

from tests.check.tiny import tiny
from tests.machine.driving import CLEAN, KSWAPD, PIN_AND_QUEUE, go, machine, machine_of, ops, policy, task
from wbviz.kernel.state import FREEING, GONE, LIVE, Broken, Call
from wbviz.machine.machine import Machine, PolicyFault
from wbviz.policy.load import load_policy

# A step


def test_taking_a_page_pins_it_and_enters_enqueue_in_the_same_step() -> None:
    m = machine(KSWAPD, policy=policy())
    state = go(m, "kswapd")
    assert state.pages[0].pins == 1
    assert state.tasks[0].call == Call(0)
    assert m.pending(state, 0).name == "get_page"  # type: ignore[union-attr]
    assert m.policy_lines(state, 0) == (2,), "the line of the first operation"


def test_the_pin_is_dropped_in_a_step_of_its_own() -> None:
    m = machine(KSWAPD)
    returned = go(m, "kswapd*3")
    assert (returned.pages[0].pins, returned.tasks[0].call) == (2, None)
    assert returned.pages[0].owed, "accepted with the step in which enqueue returned"
    assert go(m, "kswapd*4").pages[0].pins == 1


def test_what_a_page_and_a_file_read_as() -> None:
    looks = policy(
        "inode = page.mapping\nyield mm.igrab(inode)\nwhile True:\n"
        "    yield mm.extend_work(mm.works[0], seen=(page.locked, page.dirty, page.writeback, inode.linked))"
    )
    beside = ("cleaner", "cleaner", "A0"), ("unlink", "unlink", "A", ()), ("sync", "sync", "A")
    m = machine(KSWAPD, *beside, owners=("A",), policy=looks)

    def seen(words: str) -> object:
        """What is read after these steps, with one more step of kswapd."""
        state = go(m, f"sync kswapd*2 {words} kswapd")
        pending = m.pending(state, 0)
        assert pending is not None
        return dict(pending.info)["seen"][1:]

    assert seen("kswapd") == (False, True, False, True)
    assert seen("cleaner") == (True, True, False, True)
    assert seen("cleaner*3") == (True, False, True, True)
    assert seen("cleaner*4") == (False, False, True, True)
    assert seen("cleaner*4 disk:A0") == (False, False, False, True)
    assert seen("unlink") == (False, True, False, False)


def test_a_page_whose_lock_went_with_a_work_reads_as_locked() -> None:
    looks = policy(
        "if page.locked:\n    return True\nyield mm.lock_page(page)\nyield mm.queue_work(page=page)",
        "yield mm.cond_resched()",
    )
    m = machine(KSWAPD, ("second", "kswapd", ("A0",), 1, False), policy=looks)
    state = go(m, "kswapd*3 second")
    assert state.tasks[1].call is None, "it returned at once"


def test_reads_see_the_state_right_after_the_operation_before_them() -> None:
    looks = policy(execute="page = work.page\nyield mm.cond_resched()\nif page.dirty:\n    yield mm.get_page(page)")
    m = machine(KSWAPD, ("cleaner", "cleaner", "A0"), policy=looks)
    assert ops(m, "kswapd*4 flusher*2")[-1] == "cond_resched"
    # dirty when it is read, right after cond_resched; cleaned before get_page: the decision stands
    assert ops(m, "kswapd*4 flusher*2 cleaner*3 flusher")[-1] == "get_page"
    # clean when it is read: execute returns with that step
    assert not go(m, "kswapd*4 flusher cleaner*3 flusher").works


def test_a_read_of_a_freed_page_breaks_a_rule_with_the_operation_before_it() -> None:
    reads = policy(
        "return (yield mm.queue_work(page=page))", "page = work.page\nif page.dirty:\n    yield mm.get_page(page)"
    )
    m = machine(KSWAPD, ("truncate", "truncate", ("A0",)), policy=reads)
    before = go(m, "kswapd*3 truncate*4")
    assert before.pages[0].freed
    with pytest.raises(Broken, match="A0 was freed"):
        m.step(before, task(m, "flusher"))


def test_reading_work_page_does_not_touch_the_page() -> None:
    reads = policy("return (yield mm.queue_work(page=page))", "page = work.page\nyield mm.cond_resched()")
    m = machine(KSWAPD, ("truncate", "truncate", ("A0",)), policy=reads)
    assert not go(m, "kswapd*3 truncate*4 flusher*2").works


@pytest.mark.parametrize("attribute", ["dirty", "writeback", "locked", "mapping", "index"])
def test_every_attribute_of_a_freed_page_is_forbidden(attribute: str) -> None:
    reads = policy("return (yield mm.queue_work(page=page))", f"it = work.page.{attribute}\nyield mm.cond_resched()")
    m = machine(KSWAPD, ("truncate", "truncate", ("A0",)), policy=reads)
    go(m, "kswapd*3 flusher")
    with pytest.raises(Broken, match="A0 was freed"):
        m.step(go(m, "kswapd*3 truncate*4"), task(m, "flusher"))


@pytest.mark.parametrize("attribute", ["name", "nr_pages", "linked"])
def test_every_attribute_of_a_gone_inode_is_forbidden(attribute: str) -> None:
    keeps = policy(
        "inode = page.mapping\nyield mm.queue_work(inode=inode)",
        f"inode = work.inode\nyield mm.cond_resched()\nit = inode.{attribute}\nyield mm.cond_resched()",
    )
    m = machine(KSWAPD, ("unlink", "unlink", "A", ()), owners=("A",), policy=keeps)
    before = go(m, "kswapd*2 flusher kswapd unlink*7")
    assert before.inodes[0].state == GONE
    with pytest.raises(Broken, match="inode A is gone"):
        m.step(before, task(m, "flusher"))


def test_an_ended_work_may_not_be_read() -> None:
    late = policy(
        "works = mm.works\nfor work in works:\n    yield mm.cond_resched()\n    it = work.kind\nyield mm.queue_work()",
        "yield mm.cond_resched()",
    )
    m = machine(KSWAPD, ("kswapd2", "kswapd", ("A0",), 1, False), policy=late)
    ended = go(m, "kswapd*2 kswapd2 flusher*2")
    with pytest.raises(Broken, match=r"work 1 has ended.*\.kind"):
        m.step(ended, task(m, "kswapd2"))
    assert go(m, "kswapd*2 kswapd2 flusher kswapd2").works, "while it runs it may be read"


def test_mm_works_are_the_queued_ones_oldest_first_syncs_included_the_running_one_not() -> None:
    counts = policy(
        "kinds = ''\nfor work in mm.works:\n    kinds += work.kind[0]\nyield mm.queue_work(seen=kinds)",
        "yield mm.cond_resched()",
    )
    m = machine(KSWAPD, ("sync", "sync", "A"), ("kswapd2", "kswapd", ("A0",), 1, False), policy=counts)
    seen = [work.info for work in go(m, "kswapd*2 sync kswapd2*2").works if work.kind == "pageout"]
    assert seen == [(("seen", ""),), (("seen", "ps"),)]
    taken = [work.info for work in go(m, "kswapd*2 sync flusher kswapd2*2").works if work.kind == "pageout"]
    assert taken == [(("seen", ""),), (("seen", "s"),)]


def test_what_a_work_holds_is_the_policys_own() -> None:
    holds = policy(
        "yield mm.queue_work(writes=3, by='me', flag=True, pages=(page, None))",
        "if (work.writes, work.by, work.flag, work.pages[0].index) == (3, 'me', True, 0):\n"
        "    yield mm.cond_resched()\n"
        "if not hasattr(work, 'colour'):\n    yield mm.cond_resched()",
    )
    m = machine(KSWAPD, policy=holds)
    assert ops(m, "kswapd*3 flusher*3")[-2:] == ["cond_resched", "cond_resched"]


# Accepting and refusing

TRYLOCK = "got = yield mm.trylock_page(page)\nif got:\n    yield mm.unlock_page(page)\n"


@pytest.mark.parametrize("result", ["True", "None", "0", "''", "page", "(False,)"])
def test_anything_but_false_accepts(result: str) -> None:
    m = machine(KSWAPD, policy=policy(f"yield mm.cond_resched()\nreturn {result}"))
    assert go(m, "kswapd*2").pages[0].owed


def test_refusing_for_no_reason_breaks_a_rule() -> None:
    m = machine(KSWAPD, policy=policy("yield mm.cond_resched()\nreturn False"))
    with pytest.raises(Broken, match="enqueue returned False for A0"):
        m.step(go(m, "kswapd"), 0)


def test_refusing_at_once_breaks_a_rule_too() -> None:
    m = machine(KSWAPD, policy=policy("return False\nyield"))
    with pytest.raises(Broken, match="enqueue returned False for A0"):
        m.step(m.initial(), 0)


def test_refusing_because_a_trylock_was_refused() -> None:
    m = machine(KSWAPD, ("reader", "reader", "A0", False), policy=policy(TRYLOCK + "return False"))
    assert not go(m, "reader kswapd*2").pages[0].owed
    with pytest.raises(Broken, match="returned False"):
        m.step(go(m, "kswapd*2"), 0)


def test_refusing_because_the_queue_is_full() -> None:
    refuses = policy("for _ in range(2):\n    queued = yield mm.queue_work(page=page)\nreturn queued")
    m = machine(KSWAPD, policy=refuses, queue_limit=1)
    assert not go(m, "kswapd*3").pages[0].owed
    assert go(m, "kswapd*2 flusher kswapd").pages[0].owed, "there was room"


def test_refusing_because_somebody_cleaned_the_page_meanwhile() -> None:
    m = machine(KSWAPD, ("cleaner", "cleaner", "A0"), policy=policy("yield mm.cond_resched()\nreturn False"))
    assert not go(m, "kswapd cleaner*3 kswapd").pages[0].owed
    with pytest.raises(Broken, match="returned False"):
        m.step(go(m, "cleaner kswapd"), 0)


def test_refusing_because_the_page_is_gone() -> None:
    m = machine(KSWAPD, ("truncate", "truncate", ("A0",)), policy=policy("yield mm.cond_resched()\nreturn False"))
    assert not go(m, "kswapd truncate*3 kswapd").pages[0].owed


def test_a_refusal_does_not_excuse_the_next_call() -> None:
    twice = policy(TRYLOCK + "return False")
    m = machine(("kswapd", "kswapd", ("A0", "A1"), 2, False), ("reader", "reader", "A0", False), pages=2, policy=twice)
    with pytest.raises(Broken, match="returned False for A1"):
        m.step(go(m, "reader kswapd*5"), 0)


def test_a_page_cleaned_during_the_call_is_owed_no_more_even_if_redirtied() -> None:
    slow = policy("yield mm.cond_resched()\nreturn True")
    m = machine(KSWAPD, ("cleaner", "cleaner", "A0"), ("dirtier", "dirtier", "A0"), policy=slow)
    state = go(m, "kswapd cleaner*3 dirtier kswapd")
    assert (state.pages[0].dirty, state.pages[0].owed) == (True, False)
    owed = go(m, "kswapd*2 cleaner*3 dirtier")
    assert (owed.pages[0].dirty, owed.pages[0].owed) == (True, False)
    assert go(m, "kswapd*2 cleaner*2 dirtier").pages[0].owed


def test_reclaim_passes_over_what_is_clean_and_tries_each_page_once() -> None:
    m = machine(("kswapd", "kswapd", ("A0", "A1", "A2"), 3, False), pages=3, clean=("A1",))
    state = go(m, "kswapd*8")
    assert [work.page for work in state.works] == [0, 2]
    assert m.pending(state, 0) is None


def test_any_order_is_a_choice_among_the_wanted_pages() -> None:
    m = machine(("kswapd", "kswapd", ("A0", "A1", "A2"), 2, True), pages=3, clean=("A1",))
    assert m.choices(m.initial(), 0) == (0, 2)
    taken = go(m, "kswapd:A2 kswapd*3")
    assert m.choices(taken, 0) == (0,), "not again, though it is still dirty"


def test_each_choice_of_a_step_goes_its_own_way() -> None:
    m = machine(("kswapd", "kswapd", ("A0", "A1", "A2"), 2, True), pages=3)
    calls = [go(m, f"kswapd:{page}").tasks[0].call for page in ("A0", "A1", "A2")]
    assert calls == [Call(0), Call(1), Call(2)]


def test_any_order_with_nothing_wanted_ends() -> None:
    m = machine(("kswapd", "kswapd", ("A0",), 1, True), clean=("A0",))
    assert m.choices(m.initial(), 0) == (None,)
    assert m.pending(go(m, "kswapd"), 0) is None


# The lock that travels


def test_unlocking_after_the_lock_went_with_the_work_says_just_that() -> None:
    late = policy("yield mm.lock_page(page)\nyield mm.queue_work(page=page)\nyield mm.unlock_page(page)")
    m = machine(KSWAPD, policy=late)
    with pytest.raises(Broken, match="the lock of A0 went with work 1"):
        m.step(go(m, "kswapd*3"), 0)


def test_the_lock_goes_from_the_caller_to_the_work_to_the_flusher() -> None:
    m = machine(("kswapd", "kswapd", ("A0",), 1, False), policy=load_policy("lock_at_enqueue"))
    holders = [go(m, words).pages[0].holder for words in ("kswapd*2", "kswapd*4", "kswapd*4 flusher")]
    assert holders == [task(m, "kswapd") + 1, -1, task(m, "flusher") + 1]


# Numbers of works


def test_a_number_is_reused_once_its_work_has_ended() -> None:
    m = machine(("kswapd", "kswapd", ("A0", "A1"), 2, False), pages=2)
    first = go(m, "kswapd*4 flusher*6")
    assert not first.works
    assert [work.id for work in go(m, "kswapd*3", first).works] == [1]


def test_a_number_is_not_reused_while_a_suspended_program_refers_to_it() -> None:
    keeps = policy(
        "before = mm.works\nyield mm.queue_work()\nyield mm.cond_resched()\nbefore = before", "yield mm.cond_resched()"
    )
    m = machine(KSWAPD, ("kswapd2", "kswapd", ("A0",), 1, False), ("sync", "sync", "A"), policy=keeps)
    assert [work.id for work in go(m, "kswapd*2 flusher*2 sync").works] == [1]
    # kswapd2 has seen work 1, which ends: neither its own work nor the sync may be called so while it may still look
    state = go(m, "kswapd*2 kswapd2 flusher*2 sync kswapd2")
    assert [work.id for work in state.works] == [2, 3]


def test_of_several_works_a_program_means_the_one_that_it_took() -> None:
    """Work 2 is older than work 1, whose number was free again: the first of mm.works is work 2."""
    meant = policy(
        "queued = mm.works\nif page.index == 2:\n    yield mm.extend_work(queued[0], meant=True)\n    return True\n"
        "yield mm.queue_work()",
        "yield mm.cond_resched()",
    )
    each = [(f"kswapd{index}", "kswapd", (f"A{index}",), 1, False) for index in range(3)]
    m = machine(*each, ("sync", "sync", "A"), ("again", "kswapd", ("A0",), 1, False), pages=3, policy=meant)
    state = go(m, "kswapd0*2 kswapd1*2 flusher*2 again*2 kswapd2*2")
    assert [(work.id, dict(work.info)) for work in state.works] == [(2, {"meant": True}), (1, {})]


def test_a_flusher_ends_its_own_work() -> None:
    brief = policy(execute="yield mm.cond_resched()")
    m = machine(("kswapd", "kswapd", ("A0", "A1"), 2, False), pages=2, flushers=2, policy=brief)
    state = go(m, "kswapd*8 flusher flusher2*2")
    assert [(work.id, work.page) for work in state.works] == [(1, 0)]


# The flusher and the sync


def test_a_sync_work_writes_what_is_dirty_and_completes() -> None:
    m = machine(("sync", "sync", "A"), pages=3, clean=("A1",))
    assert ops(m, "sync flusher*10 sync") == [
        "queue_sync",
        "take_work",
        *["lock_attached", "wait_on_page_writeback", "writepage", "unlock_page"] * 2,
        "complete",
        "wait_for",
    ]


def test_a_sync_work_rechecks_under_the_lock() -> None:
    m = machine(("sync", "sync", "A"), ("cleaner", "cleaner", "A0"))
    assert ops(m, "sync flusher cleaner*4 flusher*3") == [
        *["queue_sync", "take_work", "lock_attached", "wait_on_page_writeback", "writepage", "unlock_page"],
        *["lock_attached", "unlock_page", "complete"],
    ]


def test_igrab_holds_a_reference_during_the_sync_only() -> None:
    m = machine(("sync", "sync", "A"), igrab=True)
    refs = [go(m, f"sync flusher*{count}").inodes[0].refs for count in range(1, 8)]
    assert refs == [0, 1, 1, 1, 1, 1, 0]


def test_a_sync_work_passes_over_an_inode_that_is_being_freed() -> None:
    m = machine(("sync", "sync", "A"), ("unlink", "unlink", "A", ()), owners=("A",), igrab=True)
    assert ops(m, "sync unlink*2 flusher*3")[-3:] == ["take_work", "igrab_live", "complete"]


# Eviction


def test_the_last_iput_of_an_unlinked_inode_evicts_in_the_callers_context() -> None:
    m = machine(("unlink", "unlink", "A", ()), owners=("A",), pages=2)
    assert ops(m, "unlink*11") == [
        *["unlink", "iput"],
        *["lock_attached", "wait_on_page_writeback", "detach", "unlock_page"] * 2,
        "gone",
    ]
    assert [go(m, f"unlink*{count}").inodes[0].state for count in (1, 2, 10, 11)] == [LIVE, FREEING, FREEING, GONE]


def test_eviction_waits_for_writeback_under_the_lock() -> None:
    m = machine(("unlink", "unlink", "A", ()), ("cleaner", "cleaner", "A0"), owners=("A",))
    assert ops(m, "cleaner*4 unlink*3 disk:A0 unlink*4")[-4:] == [
        *["wait_on_page_writeback", "detach", "unlock_page", "gone"]
    ]


def test_a_journalled_eviction_waits_for_a_sync_work_that_writes_nothing() -> None:
    m = machine(("unlink", "unlink", "A", ()), owners=("A",), journalled=True)
    waiting = go(m, "unlink*3")
    assert m.waits(waiting, 0) == (("work", 1),)
    assert ops(m, "unlink*3 flusher*2 unlink*6") == [
        *["unlink", "iput", "queue_sync", "take_work", "complete"],
        *["wait_for", "lock_attached", "wait_on_page_writeback", "detach", "unlock_page", "gone"],
    ]
    assert go(m, "unlink*3 flusher*2").pages[0].dirty


def test_an_inode_is_not_evicted_while_it_has_a_name_or_a_reference() -> None:
    linked = machine(KSWAPD, policy=policy("inode = page.mapping\nyield mm.igrab(inode)\nyield mm.iput(inode)"))
    assert go(linked, "kswapd*3").inodes[0].state == LIVE
    held = machine(
        KSWAPD,
        ("unlink", "unlink", "A", ()),
        owners=("A",),
        policy=policy("inode = page.mapping\nyield mm.igrab(inode)\nyield mm.iput(inode)\nyield mm.cond_resched()"),
    )
    state = go(held, "kswapd*2 unlink*2")
    assert (state.inodes[0].state, state.inodes[0].refs) == (LIVE, 1)
    assert held.pending(state, task(held, "unlink")) is None
    assert ops(held, "kswapd*2 unlink*2 kswapd*7")[-7:] == [
        *["iput", "lock_attached", "wait_on_page_writeback", "detach", "unlock_page", "gone", "cond_resched"]
    ]


# Clustering


def cluster(kind: str, *tasks: object, clean: tuple[str, ...] = ()) -> Machine:
    writes = policy("yield mm.lock_page(page)\nyield mm.writepage(page)\nyield mm.unlock_page(page)")
    return machine(KSWAPD, *tasks, pages=4, filesystem=kind, cluster=3, clean=clean, policy=writes)  # type: ignore[arg-type]


def test_a_single_filesystem_writes_one_page() -> None:
    state = go(cluster("single"), "kswapd*3")
    assert [page.writeback for page in state.pages] == [True, False, False, False]


@pytest.mark.parametrize(("kind", "lock"), [("cluster", "lock_attached"), ("cluster-try", "trylock_attached")])
def test_a_clustering_filesystem_writes_the_dirty_pages_that_follow(kind: str, lock: str) -> None:
    m = cluster(kind)
    assert ops(m, "kswapd*9") == [
        "isolate",
        "lock_page",
        "writepage",
        lock,
        lock,
        "submit",
        "unlock_page",
        "unlock_page",
        "unlock_page",
    ]
    state = go(m, "kswapd*9")
    assert [page.writeback for page in state.pages] == [True, True, True, False]
    assert [page.holder for page in state.pages] == [0, 0, 0, 0]


def test_a_clean_page_clusters_nothing() -> None:
    m = cluster("cluster", ("cleaner", "cleaner", "A0"))
    assert ops(m, "kswapd cleaner*9 disk:A0 kswapd*3")[-3:] == ["lock_page", "writepage", "unlock_page"]


def test_clean_pages_are_not_even_locked() -> None:
    assert ops(cluster("cluster", clean=("A1",)), "kswapd*5")[-3:] == ["writepage", "lock_attached", "submit"]
    assert ops(cluster("cluster", clean=("A1", "A2")), "kswapd*4")[-2:] == ["writepage", "submit"]


@pytest.mark.parametrize("kind", ["cluster", "cluster-try"])
def test_whether_a_page_may_be_written_and_what_follows_it_is_decided_with_the_step_not_with_the_yield(
    kind: str,
) -> None:
    """kswapd asks for A0 to be written. What the disk and others do before its step counts as if it had been so."""
    m = cluster(kind, ("cleaner", "cleaner", "A0"), ("dirtier", "dirtier", "A0"), ("writer", "writer", ("A1",)))
    locked = "cleaner*9 dirtier kswapd*2"  # A0 to A2 are under writeback; A0 is dirty again, and locked
    with pytest.raises(Broken, match="already under writeback"):
        m.step(go(m, locked), 0)
    ends_in_between = ops(m, locked + " disk:A0 kswapd*2")
    assert ends_in_between[-2:] == ["writepage", "submit"], "what follows is clean by now"
    written_in_between = ops(m, "kswapd*2 writer*3 kswapd*2")
    assert written_in_between[-2:] == ["writepage", f"{'try' * (kind != 'cluster')}lock_attached"]
    state = go(m, "kswapd*2 writer*3 kswapd*2")
    assert [page.holder == 1 for page in state.pages] == [True, False, True, False], "A2 is taken along, A1 is clean"
    redirtied = go(m, "kswapd cleaner*9 disk:A0 kswapd dirtier kswapd*2")
    assert redirtied.pages[0].writeback, "clean when it was asked for, dirty when it was written"


def test_each_page_is_rechecked_under_its_lock() -> None:
    m = cluster("cluster", ("writer", "writer", ("A1",)))
    before = go(m, "writer kswapd*3")
    assert m.waits(before, 0) == (("task", 1),)
    state = go(m, "writer*3 kswapd*2", before)  # the writer has written A1: locked, seen to be clean
    assert m.pending(state, 0).name == "lock_attached"  # type: ignore[union-attr]
    assert ops(m, "writer kswapd*3 writer*3 kswapd*5")[-5:] == [
        *["lock_attached", "unlock_page", "lock_attached", "submit", "unlock_page"]
    ]


def test_a_page_that_somebody_writes_meanwhile_is_let_go_at_once() -> None:
    """The writer has written A1 by the time its lock is there; whether the disk is done with it makes no difference,
    nor whether it is dirty again while it is under writeback."""
    m = cluster("cluster", ("writer", "writer", ("A1",)), ("dirtier", "dirtier", "A1"))
    for meanwhile in ("writer*3", "writer*3 disk:A1", "writer*2 dirtier writer"):
        taken = ops(m, f"writer kswapd*3 {meanwhile} kswapd*4")[-4:]
        assert taken == ["lock_attached", "unlock_page", "lock_attached", "submit"], meanwhile
    dirty = ops(m, "writer kswapd*3 writer*3 disk:A1 dirtier kswapd*3")[-3:]
    assert dirty == ["lock_attached", "lock_attached", "submit"], "written, and dirty once more"


def test_a_page_that_is_truncated_meanwhile_is_left_out() -> None:
    m = cluster("cluster", ("truncate", "truncate", ("A1", "A2")))
    state = go(m, "truncate kswapd*3 truncate*7 kswapd*3")
    assert [page.writeback for page in state.pages] == [True, False, False, False]


def test_cluster_try_leaves_out_what_is_locked() -> None:
    state = go(cluster("cluster-try", ("reader", "reader", "A1", False)), "reader kswapd*6")
    assert [page.writeback for page in state.pages] == [True, False, True, False]


def test_a_lock_held_above_deadlocks_with_itself_on_a_clustering_filesystem() -> None:
    holds = policy(
        "up = yield mm.find_get_page(page.mapping, 1)\nyield mm.lock_page(up)\n"
        "yield mm.lock_page(page)\nyield mm.writepage(page)"
    )
    m = machine(KSWAPD, pages=2, filesystem="cluster", cluster=2, policy=holds)
    assert m.waits(go(m, "kswapd*5"), 0) == (("task", 0),)


def test_writepage_without_the_lock_breaks_a_rule_on_every_filesystem() -> None:
    for kind in ("single", "cluster", "cluster-try"):
        m = machine(KSWAPD, pages=2, filesystem=kind, cluster=2, policy=policy("yield mm.writepage(page)"))
        with pytest.raises(Broken, match="without holding its lock"):
            m.step(go(m, "kswapd"), 0)


# Built-in tasks break no rule of their own


def test_the_writer_holds_its_whole_range_and_submits_it_at_once() -> None:
    m = machine(("writer", "writer", ("A0", "A1", "A2")), pages=3, clean=("A1",))
    assert ops(m, "writer*9") == [
        *["lock_attached"] * 3,
        *["wait_on_page_writeback"] * 2,
        "submit",
        *["unlock_page"] * 3,
    ]
    state = go(m, "writer*6")
    assert [page.writeback for page in state.pages] == [True, False, True]
    assert all(page.holder == 1 for page in state.pages)


def test_the_polite_writer_lets_go_and_starts_again() -> None:
    m = machine(("reader", "reader", "A1", False), ("polite", "polite", ("A0", "A1")), pages=2)
    assert ops(m, "reader polite*4") == [
        *["lock_attached", "trylock_attached", "trylock_attached", "unlock_page", "trylock_attached"]
    ]
    assert [page.holder for page in go(m, "reader polite*3").pages] == [0, 1]


def test_a_page_beyond_the_truncation_is_passed_over() -> None:
    m = machine(("truncate", "truncate", ("A0",)), ("reader", "reader", "A0", False), ("writer", "writer", ("A0",)))
    state = go(m, "truncate*4 reader writer")
    assert [m.pending(state, number) for number in range(3)] == [None, None, None]


def test_the_disk_chooses_among_the_pages_under_writeback() -> None:
    m = machine(("writer", "writer", ("A0", "A1", "A2")), pages=3, clean=("A1",))
    state = go(m, "writer*6")
    disk = task(m, "disk")
    assert m.choices(state, disk) == (0, 2)
    assert m.idle(m.initial(), disk)
    assert m.choices(m.step(state, disk, 2), disk) == (0,)


def test_umount_counts_the_references_of_calls_in_progress() -> None:
    grabs = policy("inode = page.mapping\nyield mm.igrab(inode)\nyield mm.iput(inode)\nyield mm.cond_resched()")
    m = machine(KSWAPD, ("umount", "umount", ("A",)), policy=grabs)
    before = go(m, "kswapd*2 umount flusher*6 umount")
    with pytest.raises(Broken, match="busy inodes after umount: a reference to A left"):
        m.step(before, task(m, "umount"))
    after = m.step(m.step(before, 0), task(m, "umount"))
    assert m.pending(after, task(m, "umount")) is None


# Rest


def test_rest() -> None:
    m = machine(KSWAPD)
    assert not m.at_rest(m.initial())
    assert not m.at_rest(go(m, "kswapd*4")), "a work is queued"
    assert not m.at_rest(go(m, "kswapd*4 flusher*6")), "a page is under writeback"
    assert m.at_rest(go(m, "kswapd*4 flusher*6 disk:A0"))


def test_what_nobody_will_do_is_still_to_be_done() -> None:
    alone = machine(KSWAPD, flushers=0)
    assert not alone.at_rest(go(alone, "kswapd*4")), "a work is queued, and nobody is there to take it"
    world = tiny(1, ("cleaner", "cleaner", "A0"))
    undone = machine_of(
        world._replace(tasks=world.tasks[:-1], world=world.world._replace(task_names=("cleaner", "flusher")))
    )
    assert not undone.at_rest(go(undone, "cleaner*4")), "a page is under writeback, and there is no disk"


def test_rest_beside_an_endless_task_is_between_two_rounds() -> None:
    m = machine(("reader", "reader", "A0", True))
    assert m.at_rest(m.initial())
    assert not m.at_rest(go(m, "reader"))
    assert go(m, "reader*2") == m.initial(), "a round leaves no trace"


def test_there_is_no_rest_while_somebody_is_blocked() -> None:
    keeps = policy(execute="page = work.page\nyield mm.lock_page(page)\nyield mm.put_page(page)")
    m = machine(KSWAPD, ("reader", "reader", "A0", True), policy=keeps)
    assert not m.at_rest(go(m, "kswapd*4 flusher*3"))


# Faults


def test_a_misuse_is_a_fault_with_the_step_that_reaches_it() -> None:
    m = machine(KSWAPD, policy=policy("yield mm.cond_resched()\nyield 3"))
    with pytest.raises(PolicyFault, match="line 3"):
        m.step(go(m, "kswapd"), 0)


def test_the_state_is_never_changed_in_place() -> None:
    m = machine_of(tiny(1, KSWAPD), policy(PIN_AND_QUEUE, CLEAN))
    first = m.initial()
    kept = (hash(first), repr(first))
    go(m, "kswapd*4 flusher*6 disk:A0")
    assert (hash(first), repr(first)) == kept
    assert first == m.initial()
