"""The player: a widget that plays a trace with no kernel behind it."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from json import dumps
from typing import Any

import traitlets
from ipywidgets import widget_serialization

from wbviz.errors import UsageError
from wbviz.trace.called import call_words
from wbviz.viz.question import checked, task_mark
from wbviz.viz.stage.figure import still, text
from wbviz.viz.stage.frames import Film, film
from wbviz.viz.stage.scene import figure
from wbviz.viz.widgets import Shown

END = "the end"
"""The moment after the last step, before the verdict is told."""


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
            question=None if question is None else checked(question) | moment(source, question.get("before")),
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


def moment(source: Film, before: str | None) -> dict[str, Any]:
    """The frame at which a question is asked, by number and in words. before: a step, as "writer lock_page(A0)", or
    "the end"; the question is asked when it is to come. Raises UsageError when the run has no such step."""
    if before is None:
        return {"at": 0, "when": "First"}
    if before == END:
        return {"at": len(source.frames) - 2, "when": "After the last step"}
    calls = [_call(step) for step in source.trace["steps"]]
    if before not in calls:
        raise UsageError(
            "the question cannot be asked at this step",
            came=f'"before": {before!r}',
            expected=f"a step of the run, or {END!r}: {', '.join(dict.fromkeys(calls))}",
            fix=f'"before": {calls[-1]!r}' if calls else "",
        )
    number = calls.index(before) + 1
    at = next(index for index, frame in enumerate(source.frames) if frame.step == number) - 1
    return {"at": at, "when": f"After step {number - 1}" if number > 1 else "First"}


def _call(step: Mapping[str, Any]) -> str:
    args = ", ".join(map(str, step["args"]))
    call = f"{step['op']}({args})"
    return f"{step['task']} {call_words(call)}"


def player(
    trace: Any, question: Mapping[str, Any] | None = None, name: str | None = None, at_once: bool = False
) -> Player:
    """A widget that plays a trace.

    trace: a Trace, or a mapping in its JSON form.
    question: {"text": …, "options": [{"text": …, "right": bool, "feedback": …}, …]}; with "before":
        "writer lock_page(A0)" it is asked when this is the step to come, the first time; with "the end" when all has
        been done; else before anything has run.
    name: how links to a step call this player, `#play=NAME:FRAME`; by default scenario and policy.
    at_once: play when the reader first sees it, unless the reader prefers reduced motion.
    """
    return Player(film(trace, name), question, at_once=at_once)
