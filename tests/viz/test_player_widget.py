"""The widget's state: what a static page and a notebook get."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ipywidgets import Widget
from ipywidgets.embed import embed_data

from tests.viz.samples import abba, sync_ahead
from wbviz.errors import UsageError
from wbviz.viz.stage.layers import LAYERS
from wbviz.viz.stage.player import player

QUESTION = {
    "text": "Who waits?",
    "options": [{"text": "nobody", "right": False, "feedback": "Look."}, {"text": "both", "right": True}],
}


def test_all_that_a_player_needs_is_in_the_page() -> None:
    first, second = player(abba()), player(sync_ahead(), QUESTION)
    data = embed_data(views=[first, second], drop_defaults=False)
    state = data["manager_state"]["state"]
    mine = state[first.model_id]["state"]
    figure = state[mine["figure"].removeprefix("IPY_MODEL_")]
    assert figure["model_name"] == "FigureModel"
    assert [state[ref.removeprefix("IPY_MODEL_")]["model_name"] for ref in figure["state"]["marks"]] == [
        "LabelModel" if layer.form == "text" else "LinesModel" for layer in LAYERS
    ]
    code = state[mine["code"].removeprefix("IPY_MODEL_")]
    assert "export { render }" in code["state"]["script"]
    assert state[second.model_id]["state"]["code"] == mine["code"], "all players share one copy of the code"
    json.dumps(data, allow_nan=False)


def test_closing_all_widgets_does_not_break_later_players() -> None:
    before = player(abba()).code
    Widget.close_all()
    assert player(abba()).code is not before


def test_a_cell_gets_the_still_picture_and_the_player(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    monkeypatch.setattr("wbviz.viz.widgets.display", lambda thing, **_: shown.append(thing))
    widget = player(abba())
    widget._ipython_display_()
    picture, view = shown
    assert f'id="{widget.still}"' in picture.data
    assert view["application/vnd.jupyter.widget-view+json"]["model_id"] == widget.model_id


def test_links_have_names_of_letters_and_digits() -> None:
    assert player(abba()).bundle["id"] == "abba-writearound"
    assert player(abba(), name="first try").bundle["id"] == "first-try"


def test_two_players_find_their_own_still_pictures() -> None:
    assert player(abba()).still != player(sync_ahead()).still


@pytest.mark.parametrize(
    "question",
    [{"text": "Who?"}, {"text": "Who?", "options": [{"text": "nobody", "right": False}]}, {"options": []}, 7],
)
def test_a_question_without_an_answer_is_refused(question: object) -> None:
    with pytest.raises(UsageError, match="cannot be asked") as caught:
        player(abba(), question)  # type: ignore[arg-type]
    assert "options" in str(caught.value)


def test_feedback_may_be_left_out() -> None:
    assert {"text": "both", "right": True, "feedback": ""} in player(abba(), QUESTION).question["options"]
