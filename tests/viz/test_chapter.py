"""What the chapters show beside the players: code, good runs, tables of verdicts, and messages where there are none."""

import pytest

import wbviz
from wbviz.errors import UsageError
from wbviz.viz.cells.chapter import Table, good_run, listing, staged, verdict, verdicts


def test_a_listing_is_code_without_docstring_and_comments():
    shown = listing("pin_then_lock", "enqueue").data
    assert shown.startswith("```python\ndef enqueue(mm, page):\n    yield mm.get_page(page)\n")
    assert "Reclaim calls" not in shown
    assert "#" not in shown
    assert "def execute" not in shown


def test_a_listing_of_a_function_that_is_not_there():
    with pytest.raises(UsageError, match="pin_then_lock has no function exekute"):
        listing("pin_then_lock", "exekute")


def test_a_good_run_tells_its_sentence_and_ends_without_a_verdict():
    trace = good_run("trylock_around", "abba", "it is taken")
    assert any("it is taken" in step.says for step in trace.steps)
    assert trace.verdict is None


def test_a_sentence_that_no_run_tells():
    with pytest.raises(UsageError, match="no run tells this sentence"):
        good_run("pin_then_lock", "cleaned", "the moon is full")


def test_a_staged_run_goes_as_directed():
    turns = ("kswapd: queues a work for A0", "cleaner: unlocks A0", "flusher: takes work 1")
    trace = staged("pin_then_lock", "cleaned", *turns)
    last = {step.task: number for number, step in enumerate(trace.steps)}
    assert last["kswapd"] < last["cleaner"] < last["flusher"] == len(trace.steps) - 1
    assert trace.verdict is None


def test_a_staged_run_that_ends_in_a_cycle_says_so():
    turns = ("kswapd: queues a work", "writer: locks A0", "flusher: locks A1", "flusher: wants A0")
    verdict = staged("writearound", "abba", *turns).verdict
    assert verdict["kind"] == "deadlock"
    assert {edge["from"] for edge in verdict["cycle"]} == {"flusher", "writer"}


@pytest.mark.parametrize("turn", ["flusher: takes work 1", "nobody: locks A0", "cleaner: flies"])
def test_a_turn_that_cannot_be_played(turn):
    with pytest.raises(UsageError, match="this turn cannot be played"):
        staged("pin_then_lock", "cleaned", turn)


def test_verdicts_side_by_side():
    shown = verdicts(["writearound", "write_ahead"], ["abba", "piggyback-try"])
    assert repr(shown).splitlines() == [
        "               writearound  write_ahead",
        "abba           deadlock     safe",
        "piggyback-try  safe         safe",
    ]


def test_verdicts_at_another_size():
    assert "sync-ahead  safe" in repr(verdicts(["lock_at_enqueue"], ["sync-ahead"], flushers=2))


def test_a_table_in_a_page_is_marked_up_and_escaped():
    shown = Table([["", "`a<b`"], ["row", "**no**"]])._repr_html_()
    assert '<th scope="col"><code>a&lt;b</code></th>' in shown
    assert '<th scope="row" style="white-space: nowrap">row</th><td><strong>no</strong></td>' in shown


def test_a_verdict_is_told_without_a_player():
    def wishful(mm, work):
        yield mm.lock_page(work.page)
        work.page.dirty = False

    def enqueue(mm, page):
        yield mm.get_page(page)
        yield mm.queue_work(page=page)

    shown = verdict(wbviz.check((enqueue, wishful), "cleaned")).data
    assert "policy-error" in shown
    assert "pages are read-only" in shown
