"""The flusher's machine: what is kept at every moment, and what the chapter shows with it."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wbviz.errors import UsageError
from wbviz.sim.costs import Disk
from wbviz.sim.flusher import PATTERNS, Run, Settings, simulate_flusher
from wbviz.sim.flusher.inodes import Inode, Lists, runs
from wbviz.sim.flusher.machine import Machine
from wbviz.sim.flusher.settings import MIB


@cache
def run(pattern: str, rate: int, sync: int = 0, background: int = 10, dirty: int = 20) -> Run:
    return simulate_flusher(Settings(pattern=pattern, rate=rate, sync=sync, background=background, dirty=dirty))


def audit(machine: Machine) -> None:
    """At every tick: an inode with dirty data is on one list or being written; counts are those of the inodes."""
    listed = list(machine.lists.all())
    assert len(listed) == len(set(listed))
    for inode in machine.inodes:
        on_it = listed.count(inode) + (inode is machine.writing)
        assert on_it <= 1
        assert bool(on_it) == inode.listed
        if inode.dirty:
            assert inode.listed
    assert machine.dirty == machine.pattern.unit * sum(len(inode.dirty) for inode in machine.inodes)
    written = sum(one.pages for one in machine.disk.served)
    assert machine.writeback == machine.writeback_begun - written
    assert machine.writeback >= 0
    dates = [inode.dirtied_when for inode in machine.lists.b_dirty]
    assert dates == sorted(dates)


LOADS = st.fixed_dictionaries(
    {
        "memory": st.integers(16, 200),
        "rate": st.integers(1, 200),
        "pattern": st.sampled_from(sorted(PATTERNS)),
        "background": st.integers(1, 100),
        "dirty": st.integers(1, 100),
        "interval": st.sampled_from([0, 100, 500]),
        "expire": st.sampled_from([100, 500, 3000]),
        "sync": st.integers(0, 4),
        "seconds": st.just(8.0),
    }
)


@given(LOADS, st.integers(0, 99))
@settings(max_examples=30)
def test_every_dirty_inode_is_on_exactly_one_list(load: dict[str, object], seed: int) -> None:
    seen: list[float] = []

    def watch(machine: Machine) -> None:
        audit(machine)
        seen.append(machine.env.now)

    result = Machine(Settings(**load), seed, watch).run()  # type: ignore[arg-type]
    assert len(seen) == len(result.frames) == len(result.series["dirty"])
    assert all(tick < len(seen) for tick, _ in result.moments)


def test_the_same_seed_gives_the_same_run_and_another_another() -> None:
    load = Settings(seconds=5.0)
    assert simulate_flusher(load, 3) == simulate_flusher(load, 3)
    assert simulate_flusher(load, 3) != simulate_flusher(load, 4)


# Which work, and when


def test_little_data_is_written_by_periodic_work_once_it_is_thirty_seconds_old() -> None:
    slow = run("append", 1)
    assert slow.metrics.works == {"background": 0, "periodic": slow.metrics.works["periodic"], "sync": 0}
    assert slow.metrics.works["periodic"] > 0
    assert 30 <= min(one.submitted for one in slow.served) <= 35.1


def test_younger_data_is_written_sooner_when_it_may_not_grow_as_old() -> None:
    young = simulate_flusher(Settings(rate=1, expire=500))
    assert 5 <= min(one.submitted for one in young.served) <= 10.1


def test_without_an_interval_there_is_no_periodic_work() -> None:
    assert simulate_flusher(Settings(rate=1, interval=0)).metrics.requests == 0


def test_background_work_begins_at_its_threshold_and_ends_below_it() -> None:
    steady = run("append", 20)
    background = steady.limits.background / MIB
    first = min(one.submitted for one in steady.served)
    assert 20 * first == pytest.approx(background, rel=0.15)
    assert max(steady.series["dirty"]) < background + 2
    assert steady.metrics.works["background"] > 1
    assert steady.metrics.paused == 0


def test_writers_that_are_faster_than_the_disk_are_held_below_the_limit() -> None:
    fast = run("append", 150)
    total = [a + b for a, b in zip(fast.series["dirty"], fast.series["writeback"], strict=True)]
    assert fast.metrics.paused > 10
    assert (
        fast.limits.freerun / MIB < max(total) <= fast.limits.dirty / MIB + 1
    )  # a step of each task may be on its way
    assert fast.metrics.cleaned == pytest.approx(100 * 45, rel=0.1), "the disk is busy all the time"


def test_a_slower_disk_cleans_less_and_makes_writers_pause() -> None:
    usual, slow = (
        simulate_flusher(Settings(rate=20), disk=disk).metrics for disk in (None, Disk(seek=0.0, rate=2 * 2**20))
    )
    assert usual.paused == 0
    assert slow.paused > 0
    assert slow.cleaned <= 2 * 45
    assert slow.cleaned < usual.cleaned


def test_the_other_works_make_way_for_a_sync_which_writes_what_was_dirty() -> None:
    synced = run("append", 150, sync=10)
    assert synced.metrics.syncs == 3
    assert synced.metrics.works["sync"] == 4
    kinds = [frame.work for frame in synced.frames]
    assert "sync" in kinds
    assert "background" in kinds
    assert synced.metrics.sync_longest < 5


def test_a_sync_with_nothing_else_to_do_leaves_nothing_dirty() -> None:
    quiet = simulate_flusher(Settings(rate=1, sync=10, seconds=12.0))
    assert quiet.metrics.syncs == 1
    (done,) = (tick for tick, said in quiet.moments if "done" in said)
    assert quiet.series["dirty"][done] < 2


# Lists and requests


def test_inodes_that_used_up_their_share_go_to_b_more_io() -> None:
    assert any(frame.b_more_io for frame in run("append", 150).frames)
    assert not any(frame.b_more_io for frame in run("append", 1).frames)


def test_b_io_takes_what_was_put_off_before_what_has_expired_the_oldest_first() -> None:
    lists = Lists()
    a, b, c, d = (Inode(name, number) for number, name in enumerate("ABCD"))
    for now, inode in enumerate((a, b, c)):
        lists.dirtied(inode, float(now))
    lists.dirtied(a, 9.0)
    assert a.dirtied_when == 0, "an inode that is dirty already keeps its date"
    d.dirty.add(1)
    lists.put_back(d, used_up=True, now=3.0)
    lists.queue_io(dirtied_before=1.0)
    assert [inode.name for inode in lists.b_io] == ["D", "A", "B"]
    assert [inode.name for inode in lists.b_dirty] == ["C"]


def test_an_inode_that_was_written_to_meanwhile_begins_anew() -> None:
    lists, inode = Lists(), Inode("A", 0)
    inode.dirty.add(3)
    lists.put_back(inode, used_up=False, now=7.0)
    assert list(lists.b_dirty) == [inode]
    assert inode.dirtied_when == 7.0


def test_requests_are_of_neighbours_and_never_too_large() -> None:
    assert runs([0, 1, 2, 5], unit=16, largest=128) == [(0, 48), (80, 16)]
    assert runs(list(range(5)), unit=64, largest=128) == [(0, 128), (128, 128), (256, 64)]


@given(st.sets(st.integers(0, 500)), st.sampled_from([1, 16, 64]))
def test_requests_cover_just_what_is_dirty(units: set[int], unit: int) -> None:
    pages = [page for place, count in runs(sorted(units), unit, 128) for page in range(place, place + count)]
    assert pages == [unit * number + i for number in sorted(units) for i in range(unit)]


def test_in_order_requests_are_large_and_at_random_small() -> None:
    sizes = [run(pattern, 20).metrics.request_kib or 0 for pattern in ("append", "pieces", "pages")]
    assert sizes[0] > 400
    assert 64 <= sizes[1] < 128
    assert 4 <= sizes[2] < 8


@pytest.mark.parametrize(
    "wrong", [{"memory": 1}, {"rate": 0}, {"pattern": "mmap"}, {"sync": -1}, {"expire": 0}, {"seconds": 1e9}]
)
def test_a_machine_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    (name,) = wrong
    with pytest.raises(UsageError, match=f"cannot have this {name}") as caught:
        simulate_flusher(Settings(**wrong))  # type: ignore[arg-type]
    assert f"Settings({name}=" in str(caught.value)
