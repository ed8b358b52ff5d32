"""What operations are called where readers meet them."""

import pytest

from wbviz.trace.called import call_words


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("lock_attached(A0)", "lock_page(A0)"),
        ("isolate()", "pick a dirty page"),
        ("take_work()", "take a work"),
        ("wait_for(work 2)", "wait for work 2"),
        ("get_page(A1)", "get_page(A1)"),
        ("queue_work(A0, None)", "queue_work(A0)"),
        ("queue_sync(A, True)", "queue a sync of A"),
        ("start", "start"),
    ],
)
def test_a_call_in_words_that_readers_know(call: str, words: str) -> None:
    assert call_words(call) == words
