"""The machine of the reclaim lab: what is kept at every moment, and what the chapter shows with it."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wbviz.errors import UsageError
from wbviz.sim.costs import Disk
from wbviz.sim.reclaim import WHO, Run, Settings, simulate_reclaim
from wbviz.sim.reclaim.machine import Machine
from wbviz.sim.reclaim.memory import listed
from wbviz.sim.reclaim.record import FREED
from wbviz.sim.reclaim.settings import LARGEST

PRESSED = {"memory": 512, "rate": 1200, "share": 75, "background": 60, "dirty": 90}


@cache
def pressed(who: str) -> Run:
    return simulate_reclaim(Settings(**PRESSED, who=who), seed=1)


def audit(machine: Machine) -> None:
    """At every tick: no page is lost, none is on two lists, the counts are those of the pages, min is not undercut."""
    pages = list(listed(machine.memory.zones))
    assert len(pages) == len(set(pages))
    for zone in machine.memory.zones:
        assert zone.free + len(zone.active) + len(zone.inactive) == zone.size
        assert zone.free >= zone.min
    assert machine.memory.counts["free"] == sum(zone.free for zone in machine.memory.zones)
    assert machine.memory.counts["dirty"] == sum(page.dirty for page in pages)
    assert machine.memory.counts["dirty"] == sum(len(file) for file in machine.memory.dirty.values())
    assert machine.memory.counts["writeback"] == sum(page.writeback for page in pages)
    assert not any(page.dirty and page.writeback for page in pages)


LOADS = st.fixed_dictionaries(
    {
        "memory": st.integers(64, 700),
        "rate": st.integers(50, 3000),
        "share": st.integers(0, 100),
        "background": st.integers(1, 100),
        "dirty": st.integers(1, 100),
        "who": st.sampled_from(sorted(WHO)),
        "sequential": st.booleans(),
        "seconds": st.just(0.8),
    }
)


@given(LOADS, st.integers(0, 99))
@settings(max_examples=40)
def test_no_page_is_ever_lost_and_no_zone_falls_below_its_min_mark(load: dict[str, object], seed: int) -> None:
    seen: list[float] = []

    def watch(machine: Machine) -> None:
        audit(machine)
        seen.append(machine.env.now)

    run = Machine(Settings(**load), seed, watch).run()  # type: ignore[arg-type]
    assert len(seen) == run.ticks


@pytest.mark.parametrize("who", WHO)
def test_the_lives_of_the_pages_tell_the_same_as_the_counts(who: str) -> None:
    run = pressed(who)
    assert max(tick for _, life in run.lives for tick, _ in life) < run.ticks
    assert max(tick for tick, _ in run.moments) < run.ticks
    for tick in range(0, run.ticks, 7):
        last = [[code for when, code in life if when <= tick] for _, life in run.lives]
        now = [codes[-1] for codes in last if codes and codes[-1] != FREED]
        assert run.settings.memory - len(now) == run.series["free"][tick]
        assert sum(code // 3 % 3 == 1 for code in now) == run.series["dirty"][tick]
        assert sum(code // 3 % 3 == 2 for code in now) == run.series["writeback"][tick]


def test_the_same_seed_gives_the_same_run_and_another_another() -> None:
    load = Settings(seconds=0.5)
    assert simulate_reclaim(load, 3) == simulate_reclaim(load, 3)
    assert simulate_reclaim(load, 3) != simulate_reclaim(load, 4)


# Who writes


def test_until_3_1_reclaim_writes_small_requests_and_tasks_stall() -> None:
    metrics = pressed("3.1").metrics
    assert metrics.by_reclaim > metrics.requests / 2
    assert 0 < (metrics.request_kib or 0) < 16
    assert metrics.stalled > 1
    assert metrics.seeks > 0.9 * metrics.requests


def test_in_3_2_kswapd_writes_only_in_trouble_which_is_here_and_not_with_a_lower_limit() -> None:
    assert pressed("3.2").metrics.by_reclaim > 0
    calm = simulate_reclaim(Settings(**{**PRESSED, "background": 10, "dirty": 20}, who="3.2"))  # type: ignore[arg-type]
    assert calm.metrics.by_reclaim == 0


def test_in_6_19_only_the_flusher_writes_in_large_requests_and_nobody_stalls() -> None:
    run = pressed("6.19")
    assert {one.by for one in run.served} == {"flusher"}
    assert (run.metrics.request_kib or 0) > 4 * (pressed("3.1").metrics.request_kib or 0)
    assert run.metrics.stalled < 0.01
    assert run.metrics.allocated > 1.5 * pressed("3.1").metrics.allocated


def test_direct_reclaim_in_3_2_writes_nothing() -> None:
    assert {one.by for one in pressed("3.2").served} <= {"flusher", "kswapd"}
    assert any(one.by.startswith("task") for one in pressed("3.1").served)


def test_a_slower_disk_writes_less() -> None:
    usual, slow = (simulate_reclaim(disk=disk).metrics for disk in (None, Disk(seek=0.0, rate=2**18)))
    assert 0 < slow.written <= 64 * 2.25
    assert slow.written < usual.written


def test_the_usual_limits_cure_3_1_as_well() -> None:
    cured = simulate_reclaim(Settings(**{**PRESSED, "background": 10, "dirty": 20}, who="3.1"))  # type: ignore[arg-type]
    assert cured.metrics.direct == 0
    assert cured.metrics.by_reclaim == 0


def test_memory_that_suffices_needs_no_reclaim() -> None:
    run = simulate_reclaim(Settings(memory=4096, rate=200, share=50))
    assert run.metrics.direct == 0
    assert set(run.actors["kswapd"]) == {"z"}
    assert not any("kswapd" in said for _, said in run.moments)


# Thresholds


def test_background_writeback_starts_at_its_threshold() -> None:
    run = simulate_reclaim(Settings(memory=2048, rate=800, share=100, background=10, dirty=50))
    first = min(one.submitted for one in run.served)
    background = run.limits[0]
    ticks = [count for tick, count in enumerate(run.series["dirty"]) if tick * 0.0625 < first]
    assert max(ticks) <= background
    assert 800 * first == pytest.approx(background, rel=0.15)


def test_writers_run_freely_midway_and_are_held_at_the_limit() -> None:
    run = simulate_reclaim(Settings(memory=512, rate=3000, share=100, background=10, dirty=20))
    _, freerun, dirty = run.limits
    total = [a + b for a, b in zip(run.series["dirty"], run.series["writeback"], strict=True)]
    assert run.metrics.paused > 1
    assert max(total) <= dirty + 4  # one page of each task may be on its way
    slow = simulate_reclaim(Settings(memory=2048, rate=300, share=50, background=10, dirty=20))
    assert max(a + b for a, b in zip(slow.series["dirty"], slow.series["writeback"], strict=True)) <= slow.limits[1]
    assert slow.metrics.paused == 0
    assert freerun < max(total)


def test_nobody_writes_what_nobody_dirtied() -> None:
    run = simulate_reclaim(Settings(share=0))
    assert run.metrics.requests == 0
    assert run.metrics.request_kib is None


def test_no_request_is_larger_than_the_largest_and_in_order_is_larger_than_at_random() -> None:
    load = {"memory": 2048, "rate": 3000, "share": 100, "background": 40, "dirty": 60}
    ordered = simulate_reclaim(Settings(**load, sequential=True))  # type: ignore[arg-type]
    assert max(one.pages for one in ordered.served) <= LARGEST
    assert (ordered.metrics.request_kib or 0) >= (simulate_reclaim(Settings(**load)).metrics.request_kib or 0)  # type: ignore[arg-type]


def test_a_working_set_survives_pages_that_are_read_once() -> None:
    run = simulate_reclaim(Settings(memory=512, rate=1200, share=0))
    assert run.metrics.allocated > 4 * 512
    assert run.metrics.refaults == 0


@pytest.mark.parametrize(
    "wrong",
    [{"memory": 10}, {"rate": 0}, {"share": 101}, {"background": 0}, {"dirty": 101}, {"who": "2.6"}, {"seconds": 0.0}],
)
def test_a_machine_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    (name,) = wrong
    with pytest.raises(UsageError, match=f"cannot have this {name}") as caught:
        simulate_reclaim(Settings(**wrong))  # type: ignore[arg-type]
    assert f"Settings({name}=" in str(caught.value)
