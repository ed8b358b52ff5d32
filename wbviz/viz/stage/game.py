"""You are the scheduler: a level of the game as a widget that needs no kernel."""

from __future__ import annotations

from html import escape
from typing import Any

import traitlets
from ipywidgets import widget_serialization

from wbviz.viz.assets import palette_style
from wbviz.viz.question import task_mark
from wbviz.viz.stage.board import Board, board
from wbviz.viz.stage.figure import svg
from wbviz.viz.stage.levels import find_level
from wbviz.viz.stage.scene import figure
from wbviz.viz.stage.words import describe
from wbviz.viz.widgets import Shown


class Game(Shown):
    """A level: its explored graph, and the bqplot figure that it is drawn in."""

    board = traitlets.Dict().tag(sync=True)
    figure = traitlets.Instance("bqplot.Figure").tag(sync=True, **widget_serialization)

    def __init__(self, source: Board, **traits: Any) -> None:
        self.source = source
        bundle = source.bundle()
        wide = bundle["scenes"]["wide"]
        name = source.level.name
        super().__init__(
            kind="game", board=bundle, figure=figure(wide["w"], wide["h"]), still=f"wb-game-{name}", **traits
        )

    def picture(self) -> str:
        """Where the level begins, as a picture and in words, its task, and behind a click a shortest way."""
        level, film = self.source.level, self.source.start_film()
        begun = f" It begins after the schedule <code>{escape(level.begin)}</code>." if level.begin else ""
        state = " ".join(describe(film.frames[0].snapshot))
        way = "".join(f"<li>{escape(sentence)}</li>" for _, sentence in self.source.shortest())
        return (
            f'{palette_style()}<figure class="wbviz wb-still" id="{self.still}" '
            f"{task_mark('game', level.name, level.title)}>"
            f'<figcaption><span class="wb-title">You are the scheduler: {escape(level.title)}.</span> '
            f"{escape(level.task)}{begun}</figcaption>{svg(film)}<p>{escape(state)}</p>"
            f"<details><summary>A shortest way takes {self.source.par} steps. Which?</summary><ol>{way}</ol>"
            f"<p>{escape(level.won)}</p></details></figure>"
        )


def game(name: str) -> Game:
    """A level of "You are the scheduler": the reader chooses who runs next.

    name: a level of `wbviz.viz.stage.levels`. Raises UsageError for an unknown one.
    """
    return Game(board(find_level(name)))
