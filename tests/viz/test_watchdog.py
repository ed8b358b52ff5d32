"""Examples that really hang, and what is said of them."""

from __future__ import annotations

import pytest

from wbviz.viz.cells.watchdog import watched


def waits_for_itself() -> None:
    from threading import Lock

    lock = Lock()
    with lock:
        print("once")
        lock.acquire()  # the second time


def meets_another() -> None:
    from threading import Barrier, Lock, Thread

    locks, both = [Lock(), Lock()], Barrier(2)

    def take(first: int, second: int) -> None:
        with locks[first]:
            both.wait()
            locks[second].acquire()

    for order in ((0, 1), (1, 0)):
        Thread(target=take, args=order).start()


def ends(word: str) -> None:
    print(word)


def fails() -> None:
    raise LookupError("nothing here")


def test_a_program_that_ends_says_what_it_printed() -> None:
    found = watched(ends, "a 'word'")
    assert not found.hangs
    assert repr(found) == "a 'word'\nit comes to its end"


def test_a_program_that_hangs_is_stopped_and_says_where_it_stands() -> None:
    found = watched(waits_for_itself, seconds=0.5)
    assert found.hangs
    assert [(stand.function, stand.text) for stand in found.stands] == [("waits_for_itself", "lock.acquire()")]
    assert repr(found).splitlines() == ["once", "it hangs; the threads stand at", "  waits_for_itself  lock.acquire()"]


def test_each_thread_has_its_line() -> None:
    found = watched(meets_another, seconds=0.5)
    assert [stand.text for stand in found.stands] == ["locks[second].acquire()"] * 2


def test_a_program_that_is_wrong_is_no_program_that_hangs() -> None:
    with pytest.raises(RuntimeError, match="LookupError: nothing here"):
        watched(fails)
