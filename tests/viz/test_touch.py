"""What a scene says when it is touched, and what the code panel knows of the run."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.viz.samples import SAMPLES, abba, sync_ahead
from wbviz.check.check import check_scenario
from wbviz.errors import UsageError
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import build
from wbviz.viz.stage.frames import Film, film
from wbviz.viz.stage.listing import coloured
from wbviz.viz.stage.player import player
from wbviz.viz.stage.touch import Told


def checked(policy: str, scenario: str) -> Film:
    return film(check_scenario(load_policy(policy), build(scenario)).trace)


def telling(source: Film, index: int = -1) -> dict[str, Told]:
    """What a frame says when it is touched; -1 is the last."""
    at = index % len(source.frames)
    return source.told(at, source.marks(at, source.layout(False)))


def test_a_page_says_who_holds_it_who_waits_for_it_and_since_when() -> None:
    told = telling(film(abba()))
    assert told["page A1"].words == (
        "Page A1: dirty, locked by flusher since step 6, 1 pin. writer waits for it since step 7."
    )
    assert {"task flusher", "task writer", "writer > page A1", "page A1 > flusher"} <= set(told["page A1"].kin)
    assert told["writer > page A1"].words == "writer wants A1 since step 7."
    assert told["page A1 > flusher"].words == "A1 is held by flusher since step 6."


def test_who_waits_lights_the_whole_way_to_whom_it_waits_for() -> None:
    told = telling(film(abba()))
    assert {"page A0", "page A1", "writer > page A1", "page A1 > flusher"} <= set(told["task writer"].kin)
    assert "since step 7" in told["task writer"].words
    assert "It holds A0 since step 7." in told["task writer"].words


def test_a_work_says_where_it_is_in_the_queue_and_what_it_holds() -> None:
    told = telling(film(sync_ahead()))
    assert told["work 2"].words.startswith(
        "Work 2, pageout A0: next in the queue since step 3. It holds the lock of A0 since step 3."
    )
    assert told["work 1"].words.startswith("Work 1, sync A: run by flusher since step 4.")
    assert "page A0" in told["work 2"].kin


def test_a_page_in_an_unsent_request_says_whose_that_is() -> None:
    """It said that the page waits for the task: no test touched the arrow from such a page."""
    told = telling(checked("make_room", "nearly-full"))
    (arrow,) = [key for key in told if key.startswith("page A0 > flusher")]
    assert re.fullmatch(r"A0 is in the unsent request of flusher since step \d+\.", told[arrow].words)
    assert "under writeback, in the unsent request of flusher" in told["page A0"].words


def test_nobody_waits_before_it_is_told() -> None:
    told = telling(film(abba()), 7)
    assert "can run" in told["task writer"].words
    assert "Nobody waits for it." in told["page A1"].words


@pytest.mark.parametrize("make", SAMPLES.values(), ids=SAMPLES.keys())
def test_whatever_can_be_touched_says_something_in_every_frame(make: Any) -> None:
    source = film(make())
    bundle = source.bundle()
    keys, texts = bundle["touch"]["keys"], bundle["touch"]["texts"]
    known: set[str] = set()
    for index, change in enumerate(bundle["touch"]["frames"]):
        for key, *words in change:
            known = known | {keys[key]} if words else known - {keys[key]}
            assert not words or texts[words[0]].endswith(".")
        drawn = source.marks(index, source.layout(False))
        assert known == {
            key for layer in ("ground", "boxes", "works", "holds", "waits", "cycle") for key in drawn[layer]
        }


def test_every_picture_has_a_name_of_its_own() -> None:
    for source in (film(abba()), film(sync_ahead()), checked("lock_at_enqueue", "random-order")):
        counts = [frame.label for frame in source.frames]
        assert len(set(counts)) == len(counts)
    assert [frame.label for frame in film(abba()).frames][6:] == [
        "Step 6 of 8",
        "Step 7 of 8",
        "After step 7",
        "Step 8 of 8",
        "After step 8",
        "The end, after step 8",
    ]


def test_the_line_beside_a_step_is_the_one_that_the_step_ran() -> None:
    source = checked("writearound", "abba")
    lines = source.trace["source"].splitlines()
    for frame, entry in zip(source.frames, source.bundle()["frames"], strict=True):
        if frame.kind == "step":
            step = source.trace["steps"][(frame.step or 0) - 1]
            assert entry["lines"].get(frame.task) == (step["lines"][-1] if step["lines"] else None)
    locked = next(e for e in source.bundle()["frames"] if e["say"] == "flusher locks A1 and holds it")
    assert "lock_page" in lines[locked["lines"]["flusher"] - 1]


def test_a_line_knows_the_steps_that_ran_it() -> None:
    bundle = checked("writearound", "abba").bundle()
    for line, frames in bundle["ran"].items():
        assert "yield" in bundle["source"][line - 1]
        assert {bundle["frames"][frame]["kind"] for frame in frames} == {"step"}
    assert bundle["ran"]


@pytest.mark.parametrize(
    "source", ['def f(x):\n    """Two\n    lines."""\n    return x + 1  # one more\n', "no { python", "", "x = 'open"]
)
def test_the_pieces_of_a_line_are_the_line(source: str) -> None:
    assert [sum(length for _, length in line) for line in coloured(source)] == [
        len(line) for line in source.splitlines()
    ]


def test_keywords_texts_comments_numbers_and_names_are_told_apart() -> None:
    kinds = coloured("def f(x):\n    '''Two\n    lines.'''\n    return x + 1  # one more\n")
    assert kinds[0][0] == ("k", 3)
    assert ("f", 1) in kinds[0]
    assert kinds[2] == [("", 4), ("s", 9)] or kinds[2] == [("s", 13)]
    assert {"k", "n", "c"} <= {kind for kind, _ in kinds[3]}


def test_a_question_is_asked_before_the_step_that_answers_it() -> None:
    options = [{"text": "yes", "right": True}]
    widget = player(abba(), {"text": "Both?", "options": options, "before": "flusher find_get_page(A, 0)"})
    frame = widget.bundle["frames"][widget.question["at"]]
    assert frame["say"] == "writer wants A1: it waits for flusher"
    assert widget.question["when"] == "After step 7"
    assert player(abba(), {"text": "Both?", "options": options}).question["at"] == 0
    last = player(abba(), {"text": "And now?", "options": options, "before": "the end"})
    assert last.bundle["frames"][last.question["at"]]["say"] == "flusher wants A0: it waits for writer"
    assert last.question["when"] == "After the last step"


def test_a_question_at_a_step_that_the_run_does_not_have_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot be asked at this step") as caught:
        player(abba(), {"text": "?", "options": [{"text": "yes", "right": True}], "before": "writer lock_page(A7)"})
    assert "flusher lock_page(A1)" in str(caught.value)
