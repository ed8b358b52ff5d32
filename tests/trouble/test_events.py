"""Traces of writeback as ftrace, trace-cmd and perf print them, old and new."""

import random
from pathlib import Path

import pytest

from wbviz.trouble.events import BUCKETS, MOST_OPEN, Over, Reader, Spread, Trace
from wbviz.trouble.events_words import charts, text, to_json
from wbviz.viz.cells.bars import bars

SAMPLE = Path(__file__).parent / "samples" / "writeback-6.12-made.trace"


def read(lines: list[str]) -> Trace:
    reader = Reader()
    for line in lines:
        reader.feed(line)
    return reader.trace()


def test_a_trace_is_summed_up() -> None:
    trace = read(SAMPLE.read_text(encoding="utf-8").splitlines())
    assert (trace.events, trace.odd, trace.first, trace.last) == (15, 0, 10.0, 12.0)
    background, sync = trace.works["background"], trace.works["sync"]
    assert (background.queued, background.begun, background.slices.count, background.slices.total) == (1, 1, 1, 1100)
    assert (sync.queued, sync.begun, sync.slices.count) == (1, 0, 0)
    assert (trace.inodes.total, trace.written.total, trace.written.most) == (2, 1100, 1024)
    assert (trace.requests.count, trace.requests.most, trace.reads) == (2, 1280, 0)
    assert trace.waits.most == pytest.approx(1500)
    assert trace.pauses.total == 120
    assert trace.reclaims.most == pytest.approx(25)
    assert trace.kswapd == 1
    assert trace.unfinished == ("kworker/u2:1:21",)


def test_the_summary_in_words_tells_stalls_and_what_had_not_ended() -> None:
    told = text(read(SAMPLE.read_text(encoding="utf-8").splitlines()))
    assert told.startswith("A trace of 2.0 seconds, 15 events\n")
    assert "background: 1 queued, 1 begun, 1,100 pages in 1 slice, 1,100 at most" in told
    assert "2 writes, KiB: 642.0 on average, 1,280.0 at most; 0 reads" in told
    assert "a write of kworker/u2:1:21 took 1.5 seconds" in told
    assert "a slice of kworker/u2:1:21 had begun and not ended" in told


@pytest.mark.parametrize(
    "line",
    [
        "     kworker-21    [000]    12.345678: mm_vmscan_kswapd_wake: nid=0 order=0",  # 3.x, no flags
        "  <...>-21 (   21) [000] d..1    12.345678: mm_vmscan_kswapd_wake: nid=0 order=0",  # record-tgid
        "kswapd0-21    [001]    12.345678: mm_vmscan_kswapd_wake:    nid=0 order=0",  # trace-cmd report
        "kswapd0    21 [001]    12.345678: vmscan:mm_vmscan_kswapd_wake: nid=0 order=0",  # perf script
        "> kswapd0-21    [001] .....    12.345678: mm_vmscan_kswapd_wake: nid=0 order=0",  # quoted
    ],
)
def test_an_event_in_any_form(line: str) -> None:
    trace = read([line])
    assert (trace.kswapd, trace.first) == (1, 12.345678)


@pytest.mark.parametrize(
    "rest",
    [
        "sb_dev 0:0 reason=sync",
        "nr_pages=many reason=sync",
        "nr_pages=5",
        "nr_pages=7 reason=",
        "",
        "\ufffd nr_pages== reason=",
    ],
)
def test_an_event_without_its_fields_is_counted_as_odd(rest: str) -> None:
    trace = read([f"kworker-21 [000] ..... 1.000000: writeback_queue: {rest}"])
    assert (trace.events, trace.odd) == (1, 1)


def test_requests_of_old_kernels_have_no_priority() -> None:
    trace = read(["kworker-21 [000] d..1 1.000000: block_rq_issue: 8,0 W 0 () 2048 + 16 [kworker/0:1]"])
    assert trace.requests.most == 8


def test_columns_over_time_keep_all_and_stay_few() -> None:
    over, draw = Over(), random.Random(3)
    for _ in range(2000):
        over.add(draw.uniform(5, 5000), 2)
    over.add(0.0, 7)
    assert sum(over.columns) == 4007
    assert len(over.columns) <= BUCKETS


def test_powers_hold_what_is_up_to_them() -> None:
    spread = Spread()
    for value in (0, 1, 2, 3, 4, 5):
        spread.add(value)
    assert spread.powers == {0: 2, 1: 1, 2: 2, 3: 1}


def test_beginnings_without_ends_are_forgotten() -> None:
    reader = Reader()
    for i in range(MOST_OPEN + 50):
        reader.feed(f"t-{i} [000] ..... 1.000000: mm_vmscan_direct_reclaim_begin: order=0")
    for i in range(MOST_OPEN + 50):
        reader.feed(f"t-{i} [000] ..... 2.000000: mm_vmscan_direct_reclaim_end: nr_reclaimed=1")
    assert reader.trace().reclaims.count == MOST_OPEN


def test_any_text_gives_words_and_charts() -> None:
    events = ["writeback_start", "writeback_written", "writeback_single_inode", "block_rq_issue", "balance_dirty_pages"]
    rests = ["nr_pages=5 reason=x", "wrote=3", "8,0 W 0 () 2 + 1 [x]", "pause=5", "pause=-9", "wrote=-3", "="]
    draw = random.Random(16)
    for _ in range(100):
        lines = [
            f"t-{draw.randrange(3)} [000] ..... {at}.000000: {draw.choice(events)}: {draw.choice(rests)}"
            for at in draw.sample(range(10**9), 60)
        ]
        trace = read(lines)
        assert text(trace)
        assert to_json(trace)["events"] == 60
        for title, values in charts(trace):
            assert bars(title, values).count("<rect") == len(values)


def test_a_count_that_ran_below_zero_is_no_count() -> None:
    line = (
        "kworker-21 [000] ..... 1.000000: writeback_single_inode: bdi 8:0: ino=12 to_write=0 wrote=18446744073709551615"
    )
    trace = read([line])
    assert (trace.odd, trace.written.count) == (1, 0)
