"""The player: a widget that plays a trace with no kernel behind it."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from json import dumps
from typing import Any

import traitlets
from ipywidgets import widget_serialization

from wbviz.viz.figure import still, text
from wbviz.viz.frames import Film, film
from wbviz.viz.question import checked, task_mark
from wbviz.viz.scene import figure
from wbviz.viz.widgets import Shown


class Player(Shown):
    """Plays the frames of a trace in a bqplot figure. KIND: which front end does."""

    KIND = "player"
    bundle = traitlets.Dict().tag(sync=True)
    question = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    at_once = traitlets.Bool(False).tag(sync=True)
    figure = traitlets.Instance("bqplot.Figure").tag(sync=True, **widget_serialization)

    def __init__(self, source: Film, question: Mapping[str, Any] | None = None, **traits: Any) -> None:
        self.film = source
        bundle = source.bundle()
        wide = bundle["scenes"]["wide"]
        super().__init__(
            kind=self.KIND,
            bundle=bundle,
            question=None if question is None else checked(question),
            figure=figure(wide["w"], wide["h"]),
            still=f"wb-{source.name}-{sha256(dumps(bundle).encode()).hexdigest()[:8]}",
            **traits,
        )

    def __repr__(self) -> str:
        """What happens, in words: at a prompt that shows no widgets."""
        return "\n".join([self.film.title, *text(self.film)])

    def picture(self) -> str:
        """The frame that shows the verdict, what happens as text, and the question if there is one."""
        picture = still(self.film, self.still)
        if not self.question:
            return picture
        return f"<div hidden {task_mark('question', self.bundle['id'], self.question['text'])}></div>{picture}"


def player(
    trace: Any, question: Mapping[str, Any] | None = None, name: str | None = None, at_once: bool = False
) -> Player:
    """A widget that plays a trace.

    trace: a Trace, or a mapping in its JSON form.
    question: asked before the play, {"text": …, "options": [{"text": …, "right": bool, "feedback": …}, …]}.
    name: how links to a step call this player, `#play=NAME:FRAME`; by default scenario and policy.
    at_once: play when the reader first sees it, unless the reader prefers reduced motion.
    """
    return Player(film(trace, name), question, at_once=at_once)
