"""Loads as recorded in book/data/kernel, and how a machine's samples and trace become numbers."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from wbviz.trouble.record import loads

FOLDER = Path(__file__).parents[2] / "book" / "data" / "kernel"
SMALL = 60_000
"""Bytes of a recording."""


def recorded(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return data


def event(time: float, pid: int, name: str, rest: str = "") -> str:
    return f"  task-{pid}  [000] ..... {time:.6f}: {name}: {rest}"


@pytest.mark.parametrize("name", loads.LOADS)
def test_a_load_was_recorded_with_the_settings_that_are_asked_for(name: str) -> None:
    one = recorded(name)
    assert {field: one[field] for field in loads.Load._fields} == loads.LOADS[name]._asdict()
    assert (FOLDER / f"{name}.json").stat().st_size < SMALL


@pytest.mark.parametrize("name", loads.LOADS)
def test_a_load_has_its_time_its_slices_and_requests(name: str) -> None:
    one = recorded(name)
    ticks = len(one["samples"])
    assert ticks * loads.TICK == pytest.approx(one["seconds"], abs=1)
    assert {len(letters) for letters in one["busy"].values()} == {ticks}
    assert one["trace"]["requests"]["count"]
    assert one["trace"]["odd"] == 0


def test_the_loads_show_what_they_are_for() -> None:
    background, sync, throttled, pressure = map(recorded, ("background", "sync", "throttled", "pressure-90"))
    assert background["trace"]["works"]["background"]["slices"]["count"]
    assert background["trace"]["pauses"]["count"] == 0
    assert sync["syncs"]
    assert sync["trace"]["works"]["sync"]["begun"]
    assert throttled["trace"]["pauses"]["count"]
    assert pressure["trace"]["kswapd"]
    assert pressure["trace"]["reclaims"]["count"]


def test_a_sample_that_came_late_stands_for_the_ticks_before_it() -> None:
    whole = " ".join(f"{name} {number}" for number, name in enumerate(loads.SAMPLED))
    later = whole.replace(" 0", " 8", 1)
    text = f"12.50 {whole}\n13.01 {whole}\n14.03 {later}\n14.50 nr_dir"
    first, last = [0, 1, 2, 3, 4], [8, 1, 2, 3, 4]
    assert loads.samples(text) == [first, first, last, last]


def test_who_was_busy_from_when_to_when() -> None:
    trace = [
        event(1.0, 12, "writeback_start", "bdi 254:0: sb_dev 0:0 nr_pages=9 sync_mode=0 reason=background"),
        event(1.5, 12, "writeback_written", "bdi 254:0: sb_dev 0:0 nr_pages=1 sync_mode=0 reason=background"),
        event(1.6, 12, "writeback_written", "bdi 254:0: the beginning of this one was lost reason=background"),
        event(2.0, 80, "mm_vmscan_direct_reclaim_begin", "order=0 gfp_flags=GFP_KERNEL"),
        event(2.1, 81, "mm_vmscan_direct_reclaim_begin", "order=0 gfp_flags=GFP_KERNEL"),
        event(2.2, 80, "mm_vmscan_direct_reclaim_end", "nr_reclaimed=32"),
        event(3.0, 80, "balance_dirty_pages", "bdi 254:0: limit=9 dirty=8 paused=0 pause=200 period=200 think=0"),
        event(3.0, 81, "balance_dirty_pages", "bdi 254:0: limit=9 dirty=8 paused=0 pause=-3 period=0 think=3"),
    ]
    found = loads.intervals(trace)
    assert found["background"] == [(1.0, 1.5)]
    assert found["direct reclaim"] == [(2.0, 2.2)]
    assert found["paused"] == [(3.0, pytest.approx(3.2))]


def test_spans_are_cut_at_ticks_and_shared_among_tasks() -> None:
    assert loads.shares([(10.25, 11.0)], began=10.0, ticks=3) == "590"
    assert loads.shares([(10.0, 10.5)] * 2, began=10.0, ticks=2, tasks=4) == "50"
    assert loads.shares([(9.0, 10.1), (11.4, 99.0)], began=10.0, ticks=3) == "202"
    assert loads.shares([(10.0, 10.001)], began=10.0, ticks=1) == "1"


def test_watermarks_are_those_of_all_zones() -> None:
    zones = "Node 0, zone DMA\n  pages free 3\n        min      7\n        low      8\n        high     9\n"
    zones += "        managed  100\n              high:  14\n"
    assert loads.watermarks(zones + zones) == {"min": 14, "low": 16, "high": 18, "managed": 200}


def test_an_excerpt_has_three_lines_of_each_event() -> None:
    events = [f"k-1 [000] ..... {n}.0: {event}: x" for n, event in enumerate(["a", "b", "a", "a", "a", "b"])]
    kept = [line.split(": ")[1] for line in loads.excerpt(events)]
    assert {name: len(list(some)) for name, some in groupby(sorted(kept))} == {"a": 3, "b": 2}
