"""One sentence a step, as a person would say it."""

from typing import Any

import pytest

from wbviz.kernel.operations import OPERATIONS
from wbviz.trace.narrate import says, wants

SAYS: list[tuple[str, list[Any], Any, str]] = [
    ("lock_page", ["A0"], None, "writer locks A0 and holds it"),
    ("lock_attached", ["A0"], True, "writer locks A0 and holds it"),
    ("lock_attached", ["A0"], False, "writer looks for A0: it is no longer in its file"),
    ("trylock_page", ["A0"], True, "writer tries to lock A0: it was free, and writer holds it"),
    ("trylock_page", ["A0"], False, "writer tries to lock A0: it is taken, and writer goes on without it"),
    ("trylock_attached", ["A0"], None, "writer looks for A0: it is no longer in its file"),
    ("unlock_page", ["A0"], None, "writer unlocks A0"),
    ("writepage", ["A0"], None, "writer hands A0 to the disk"),
    ("submit", ["A0", "A1", "A2"], None, "writer hands A0, A1 and A2 to the disk"),
    ("queue_work", ["A0", None], True, "writer queues a work for A0"),
    ("queue_work", [None, None], True, "writer queues a work"),
    ("queue_work", ["A0", None], False, "writer asks for a work for A0: the queue is full, it is refused"),
    ("extend_work", ["work 1"], False, "writer wants to extend work 1: too late, it has been taken"),
    ("igrab", ["A"], False, "writer asks for a reference to inode A: refused, the inode is being freed"),
    ("iput", ["A"], False, "writer drops its reference to inode A"),
    ("find_get_page", ["A", 3], None, "writer looks for page 3 of inode A: there is none"),
    ("find_get_page", ["A", 0], "A0", "writer finds A0 in its file and pins it"),
    ("isolate", [], "A0", "writer pins A0 and asks for it to be cleaned"),
    ("take_work", [], "work 2", "writer takes work 2 from the queue"),
]


@pytest.mark.parametrize(("operation", "args", "result", "sentence"), SAYS)
def test_sentences(operation: str, args: list[Any], result: Any, sentence: str) -> None:
    assert says("writer", operation, args, result) == sentence


def test_every_operation_has_a_sentence_of_its_own() -> None:
    for operation in OPERATIONS:
        sentence = says("writer", operation, ["A0", "A1"], True)
        assert sentence.startswith("writer ")
        assert "does" not in sentence, f"{operation} has no sentence"


@pytest.mark.parametrize(
    ("operation", "args", "holders", "sentence"),
    [
        ("lock_page", ["A0"], ["writer"], "flusher wants A0: it waits for writer"),
        ("lock_attached", ["A0"], ["work 2"], "flusher wants A0: it waits for work 2"),
        ("lock_page", ["A0"], ["flusher"], "flusher wants A0: it waits for itself"),
        ("wait_on_page_writeback", ["A0"], ["disk"], "flusher waits until the disk has written A0"),
        ("wait_for", ["work 1"], ["work 1"], "flusher waits for the completion of work 1"),
    ],
)
def test_who_begins_to_wait_says_for_whom(operation: str, args: list[Any], holders: list[str], sentence: str) -> None:
    assert wants("flusher", operation, args, holders) == sentence
