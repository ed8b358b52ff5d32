"""Questions: what a page carries of them."""

from __future__ import annotations

import pytest

import wbviz
from wbviz.errors import UsageError
from wbviz.viz.question import quiz

OPTIONS = [{"text": "nobody <i>", "right": False, "feedback": "Look."}, {"text": "both", "right": True}]


def test_a_quiz_says_everything_without_scripts() -> None:
    picture = quiz("pages-1", 'Who "waits"?', OPTIONS).picture()
    assert 'data-wb-task="quiz" data-wb-id="pages-1" data-wb-text="Who &quot;waits&quot;?"' in picture
    assert "nobody &lt;i&gt;" in picture
    assert "<li>both: <strong>right.</strong> </li>" in picture


def test_a_quiz_carries_what_its_front_end_reads() -> None:
    state = quiz("pages-1", "Who?", OPTIONS).get_state()
    assert (state["kind"], state["name"], state["still"]) == ("quiz", "pages-1", "wb-quiz-pages-1")
    options = state["question"]["options"]
    assert {option["text"]: option["right"] for option in options} == {"nobody <i>": False, "both": True}


def test_a_quiz_needs_a_right_answer() -> None:
    with pytest.raises(UsageError, match="cannot be asked"):
        wbviz.quiz("pages-1", "Who?", OPTIONS[:1])
