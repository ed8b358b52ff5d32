"""The player: a widget that plays a trace with no kernel behind it."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from json import dumps
from typing import Any

import anywidget
import traitlets
from IPython.core.display import HTML
from IPython.core.display_functions import display
from ipywidgets import Widget, widget_serialization

from wbviz.errors import UsageError
from wbviz.viz.assets import loader_script, style, widget_script
from wbviz.viz.figure import still
from wbviz.viz.frames import Film, film
from wbviz.viz.scene import figure


class PlayerCode(Widget):  # type: ignore[misc]  # ipywidgets has no types
    """Script and style of the player, once for all players of a notebook. It is never shown."""

    script = traitlets.Unicode(widget_script()).tag(sync=True)
    style = traitlets.Unicode(style()).tag(sync=True)


class Player(anywidget.AnyWidget):
    """Plays the frames of a trace in a bqplot figure.

    All that it needs is in its state and in the models that its state names, so it also plays in a static page.
    `still` is the HTML id of the picture that stands for the player where no script runs.
    """

    _esm = loader_script()
    code = traitlets.Instance(PlayerCode).tag(sync=True, **widget_serialization)
    bundle = traitlets.Dict().tag(sync=True)
    question = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    figure = traitlets.Instance("bqplot.Figure").tag(sync=True, **widget_serialization)
    still = traitlets.Unicode().tag(sync=True)

    def __init__(self, source: Film, question: Mapping[str, Any] | None = None, **traits: Any) -> None:
        self.film = source
        bundle = source.bundle()
        wide = bundle["scenes"]["wide"]
        super().__init__(
            code=_shared_code(),
            bundle=bundle,
            question=None if question is None else _question(question),
            figure=figure(wide["w"], wide["h"]),
            still=f"wb-{source.name}-{sha256(dumps(bundle).encode()).hexdigest()[:8]}",
            **traits,
        )

    def _ipython_display_(self, **_: Any) -> None:
        """Shows the still picture and the player; the player hides the picture once it has come up."""
        display(HTML(still(self.film, self.still)))  # type: ignore[no-untyped-call]
        bundle = self._repr_mimebundle_()
        if bundle is not None:  # anywidget gives data and metadata
            display(bundle[0], metadata=bundle[1], raw=True)  # type: ignore[no-untyped-call]


_code: PlayerCode | None = None


def _shared_code() -> PlayerCode:
    """The one model with the player's code; a new one after a notebook has closed all widgets."""
    global _code
    if _code is None or _code.comm is None:
        _code = PlayerCode()
    return _code


def player(trace: Any, question: Mapping[str, Any] | None = None, name: str | None = None) -> Player:
    """A widget that plays a trace.

    trace: a Trace, or a mapping in its JSON form.
    question: asked before the play, {"text": …, "options": [{"text": …, "right": bool, "feedback": …}, …]}.
    name: how links to a step call this player, `#play=NAME:FRAME`; by default scenario and policy.
    """
    return Player(film(trace, name), question)


def _question(question: Mapping[str, Any]) -> dict[str, Any]:
    """A copy with just what the front end reads. Raises UsageError when something is missing."""
    try:
        options = [
            {"text": str(o["text"]), "right": bool(o["right"]), "feedback": str(o.get("feedback", ""))}
            for o in question["options"]
        ]
        copy = {"text": str(question["text"]), "options": options}
    except (KeyError, TypeError) as error:
        raise _bad_question(question) from error
    if not any(option["right"] for option in options):
        raise _bad_question(question)
    return copy


def _bad_question(question: object) -> UsageError:
    return UsageError(
        "this question cannot be asked before a play",
        came=repr(question),
        expected="a text and some options, at least one of them right",
        cause="a key is missing or misspelt, or no option is marked right",
        fix='{"text": "Who waits?", "options": [{"text": "flusher", "right": True, "feedback": "It wants A0."}]}',
    )
