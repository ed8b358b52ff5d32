"""What a notebook shows: a trace in the player, a result with its counterexample."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wbviz.viz.player import Player, player


def play(trace: Any, question: Mapping[str, Any] | None = None, name: str | None = None) -> Player:
    """Play a trace. See `wbviz.viz.player.player` for what goes in; the widget is shown when it ends a cell."""
    return player(trace, question, name)
