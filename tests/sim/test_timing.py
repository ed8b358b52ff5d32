"""Times and metrics worked out by hand. Costs: a step 1, a search 10, a page submitted 100, a wake-up 1000 seconds;
the disk needs 10,000 for a page and 1,000,000 for a seek."""

from tests.sim.small import COSTS, ENQUEUE, ONE, WHOLE_FILE, run, small, steps
from wbviz.sim import LockHold

TRANSFER, SEEK = 10_000, 1_000_000


def kswapd(*pages: str) -> tuple[object, ...]:
    return ("kswapd", "kswapd", pages, len(pages), False)


def test_one_page_step_by_step() -> None:
    result = run(ONE, small({"A": 1}, kswapd("A0")))
    # kswapd begins at 0; the flusher asks for work at 10, finds none, and is woken at 21 when there is some.
    # The request goes to the disk when execute ends, at 1125: no seek, the head stands there already.
    assert steps(result) == [
        ("kswapd", "isolate", 10),
        ("kswapd", "get_page A0", 11),
        ("kswapd", "queue_work A0 None", 21),
        ("kswapd", "put_page A0", 22),
        ("flusher", "take_work", 1021),
        ("flusher", "lock_page A0", 1022),
        ("flusher", "writepage A0", 1122),
        ("flusher", "unlock_page A0", 1123),
        ("flusher", "put_page A0", 1124),
        ("disk", "end_writeback A0", 1124 + TRANSFER),
    ]
    metrics = result.metrics
    assert result.ended == "rest"
    assert (metrics.requests, metrics.pages, metrics.seeks) == (1, 1, 0)
    assert (metrics.mean_request_pages, metrics.mean_request_kib) == (1, TRANSFER / 1024)
    assert metrics.disk_busy_seconds == TRANSFER
    assert metrics.seconds == 1124 + TRANSFER
    assert (metrics.calls, metrics.never_clean, metrics.wasted) == (1, 0, 0)
    waited = 1124 + TRANSFER - 10  # the call began at 10
    assert metrics.clean_median_seconds == metrics.clean_p95_seconds == metrics.clean_max_seconds == waited
    assert metrics.longest_lock == LockHold("A0", ("flusher",), 1123 - 1022)


def test_three_neighbours_of_one_call_are_one_request() -> None:
    metrics = run(WHOLE_FILE, small({"A": 3}, kswapd("A1"))).metrics
    assert (metrics.requests, metrics.mean_request_pages, metrics.seeks) == (1, 3, 0)
    assert metrics.disk_busy_seconds == 3 * TRANSFER


def test_the_order_of_writing_within_a_plug_does_not_matter() -> None:
    metrics = run(WHOLE_FILE.replace("(0, 1, 2)", "(2, 0, 1)"), small({"A": 3}, kswapd("A1"))).metrics
    assert (metrics.requests, metrics.mean_request_pages, metrics.seeks) == (1, 3, 0)


def test_a_gap_makes_a_second_request_and_a_seek() -> None:
    metrics = run(WHOLE_FILE.replace("(0, 1, 2)", "(0, 2)"), small({"A": 3}, kswapd("A0"))).metrics
    assert (metrics.requests, metrics.pages, metrics.seeks) == (2, 2, 1)
    assert metrics.disk_busy_seconds == SEEK + 2 * TRANSFER


def test_a_wait_makes_a_second_request() -> None:
    result = run(WHOLE_FILE.replace("WAIT_AT = None", "WAIT_AT = 1"), small({"A": 3}, kswapd("A0")))
    metrics = result.metrics
    # A0 and A1 go while the flusher waits for A0; A2 continues where they ended.
    assert (metrics.requests, metrics.mean_request_pages, metrics.seeks) == (2, 1.5, 0)
    ends = [(what, time) for task, what, time in steps(result) if task == "disk"]
    assert [what for what, _ in ends] == ["end_writeback A0", "end_writeback A1", "end_writeback A2"]
    assert ends[0][1] == ends[1][1], "the pages of a request end together"


def test_a_wait_for_a_lock_sends_what_was_written_before() -> None:
    text = ENQUEUE + (
        "def execute(mm, work):\n"
        "    page = work.page\n"
        "    yield mm.lock_page(page)\n"
        "    yield mm.writepage(page)\n"
        "    yield mm.unlock_page(page)\n"
        "    after = yield mm.find_get_page(page.mapping, page.index + 1)\n"
        "    yield mm.lock_page(after)\n"
        "    if after.dirty:\n"
        "        yield mm.writepage(after)\n"
        "    yield mm.unlock_page(after)\n"
        "    yield mm.put_page(after)\n"
        "    yield mm.put_page(page)\n"
    )
    free = run(text, small({"A": 2}, kswapd("A0"))).metrics
    assert (free.requests, free.mean_request_pages) == (1, 2)
    # The writer locks A1 at 10 and five pages more until 60; submitting all six takes it until 660. The flusher
    # takes the work at 31, has written A0 at 132, finds A1 at 143 and asks for its lock at 144: there it must wait.
    writer = ("writer", "writer", ("A1", "B0", "B1", "B2", "B3", "B4"))
    result = run(text, small({"A": 2, "B": 5}, kswapd("A0"), writer), COSTS._replace(wake=10))
    times = {what: time for _, what, time in steps(result)}
    assert times["end_writeback A0"] == 144 + TRANSFER
    assert result.metrics.requests == 3, "A0; A1, which continues it; and the pages of B, a seek away"
    assert result.metrics.seeks == 1


def test_calls_are_never_merged_but_a_request_may_continue_the_last_one() -> None:
    metrics = run(ONE, small({"A": 3}, kswapd("A0", "A1", "A2"))).metrics
    assert (metrics.requests, metrics.mean_request_pages, metrics.seeks) == (3, 1, 0)


def test_requests_against_the_order_of_the_file_seek_each_time() -> None:
    metrics = run(ONE, small({"A": 3}, kswapd("A2", "A1", "A0"))).metrics
    assert (metrics.requests, metrics.seeks) == (3, 3)
    assert metrics.disk_busy_seconds == 3 * (SEEK + TRANSFER)


def test_the_next_file_is_a_seek_away() -> None:
    metrics = run(ONE, small({"A": 1, "B": 1}, kswapd("A0", "B0"))).metrics
    assert (metrics.requests, metrics.seeks) == (2, 1)


def test_a_writers_range_is_one_request() -> None:
    result = run(ONE, small({"A": 3}, ("writer", "writer", ("A0", "A1", "A2"))))
    assert (result.metrics.requests, result.metrics.mean_request_pages) == (1, 3)
    # It locks at 10, 20 and 30, sees that none is under writeback until 33, submits three pages until 333, and lets go
    # at 334, 335 and 336.
    assert result.metrics.longest_lock is not None
    assert result.metrics.longest_lock.seconds == 334 - 10
    assert (result.metrics.calls, result.metrics.clean_median_seconds) == (0, None)


def test_a_sync_work_writes_its_file_as_one_request() -> None:
    metrics = run(ONE, small({"A": 3}, ("sync", "sync", "A"))).metrics
    assert (metrics.requests, metrics.mean_request_pages) == (1, 3)


def test_what_a_sync_work_wrote_goes_to_the_disk_when_the_work_is_complete() -> None:
    result = run(ONE, small({"A": 1, "B": 1}, ("sync", "sync", "A"), ("sync2", "sync", "B")))
    times = {what: time for _, what, time in steps(result)}
    # Both are queued at 10, and the flusher takes the first: locked at 20, not under writeback at 21,
    # written at 121, complete at 123.
    assert times["complete work 1"] == 123
    assert times["end_writeback A0"] == 123 + TRANSFER


def test_a_clean_page_written_is_wasted() -> None:
    text = WHOLE_FILE.replace("        if page.dirty:\n            yield", "        if True:\n            yield")
    metrics = run(text, small({"A": 3}, kswapd("A1"), clean=("A0", "A2"))).metrics
    assert (metrics.wasted, metrics.requests, metrics.pages) == (2, 1, 1)


def test_the_time_until_clean_ends_when_the_page_has_gone() -> None:
    text = ENQUEUE + "def execute(mm, work):\n    yield mm.put_page(work.page)\n"
    result = run(text, small({"A": 1}, kswapd("A0"), ("truncate", "truncate", ("A0",))))
    # Both begin at 10: kswapd takes the page, then the truncation locks it; it detaches at 21.
    assert [time for _, what, time in steps(result) if what == "detach A0"] == [21]
    assert result.metrics.clean_max_seconds == 11
    assert result.metrics.requests == 0


def test_the_time_until_clean_needs_a_write_that_began_after_the_call() -> None:
    text = ONE.replace("    if page.mapping", "    yield mm.wait_on_page_writeback(page)\n    if page.mapping")
    tasks = (kswapd("B0", "A0"), ("cleaner", "cleaner", "A0"), ("dirtier", "dirtier", "A0"))
    result = run(text, small({"A": 1, "B": 1}, *tasks), COSTS._replace(search=300, round=499))
    happened = [(what, time) for _, what, time in steps(result)]
    # The cleaner hands A0 to the disk at 402; it is dirtied at 500, and reclaim wants it at 902.
    assert ("unlock_page A0", 402) in happened
    assert ("dirty_page A0", 500) in happened
    assert ("isolate", 902) in happened
    first, second = [time for what, time in happened if what == "end_writeback A0"]
    assert first == 402 + TRANSFER
    assert second is not None
    assert result.metrics.clean_max_seconds == second - 902


def test_a_page_nobody_writes_is_counted() -> None:
    text = ENQUEUE + "def execute(mm, work):\n    yield mm.put_page(work.page)\n"
    metrics = run(text, small({"A": 1}, kswapd("A0"))).metrics
    assert (metrics.calls, metrics.never_clean, metrics.clean_max_seconds) == (1, 1, None)


def test_a_lock_that_travels_with_the_work_is_one_hold() -> None:
    text = (
        "def enqueue(mm, page):\n"
        "    yield mm.get_page(page)\n"
        "    yield mm.lock_page(page)\n"
        "    yield mm.queue_work(page=page)\n"
        "def execute(mm, work):\n"
        "    yield mm.unlock_page(work.page)\n"
        "    yield mm.put_page(work.page)\n"
    )
    result = run(text, small({"A": 1}, kswapd("A0")))
    # Locked at 12, queued at 22; the flusher, woken, takes the work at 1022 and unlocks at 1023.
    assert result.metrics.longest_lock == LockHold("A0", ("kswapd", "work 1", "flusher"), 1023 - 12)


def test_a_task_that_spins_until_its_own_page_is_written_gets_there() -> None:
    text = ENQUEUE + (
        "def execute(mm, work):\n"
        "    page = work.page\n"
        "    yield mm.lock_page(page)\n"
        "    yield mm.writepage(page)\n"
        "    yield mm.unlock_page(page)\n"
        "    while page.writeback:\n"
        "        yield mm.cond_resched()\n"
        "    yield mm.put_page(page)\n"
    )
    costs = COSTS._replace(step=10, plug=500)
    result = run(text, small({"A": 1}, kswapd("A0")), costs)
    assert result.ended == "rest"
    times = {what: time for _, what, time in steps(result)}
    assert times["writepage A0"] is not None
    assert times["end_writeback A0"] == times["writepage A0"] + 500 + TRANSFER, "the plug was opened after 500 seconds"
