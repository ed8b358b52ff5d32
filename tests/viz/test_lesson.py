"""What the chapters show beside the players: code, good runs, tables of verdicts, and messages where there are none."""

import pytest

from wbviz.errors import UsageError
from wbviz.viz.lesson import good_run, listing, verdicts


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


def test_a_good_run_tells_its_sentences_in_their_order():
    first, then = "kswapd queues a work for A0", "cleaner hands A0 to the disk"
    for order in ((first, then), (then, first)):
        said = [step.says for step in good_run("pin_then_lock", "cleaned", *order).steps]
        assert said.index(order[0]) < said.index(order[1])


def test_a_sentence_that_no_run_tells():
    with pytest.raises(UsageError, match="no run tells this"):
        good_run("pin_then_lock", "cleaned", "the moon is full")


def test_verdicts_side_by_side():
    shown = verdicts(["writearound", "write_ahead"], ["abba", "piggyback-try"]).data
    assert shown.splitlines() == [
        "|  | `writearound` | `write_ahead` |",
        "|---|---|---|",
        "| `abba` | **deadlock** | safe |",
        "| `piggyback-try` | safe | safe |",
    ]


def test_verdicts_at_another_size():
    assert "| `sync-ahead` | safe |" in verdicts(["lock_at_enqueue"], ["sync-ahead"], flushers=2).data
