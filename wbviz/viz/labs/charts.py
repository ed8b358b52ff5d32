"""The bqplot figures of a lab: lines over time, and bars of request sizes. Empty; the page's module fills them."""

from __future__ import annotations

from typing import Any

from bqplot import Axis, Bars, Figure, LinearScale, Lines, OrdinalScale

from wbviz.viz.labs.shown import BINS, Shown

_WIDE: dict[str, Any] = {
    "layout": {"height": "100%", "width": "100%"},
    "min_aspect_ratio": 0.05,
    "max_aspect_ratio": 20.0,
    "animation_duration": 0,
    "display_toolbar": False,
    "background_style": {"fill-opacity": 0},
}


def lines_figure(shown: Shown) -> Figure:
    """A curve for each line of the run, a level for each of its marks, and a cursor: marks in this order."""
    scales = {"x": _scale(shown.ticks * shown.tick), "y": _scale(1.0)}
    marks = [_line(scales, f"var(--wb-{line.role})", line.dash, 2.5) for line in shown.lines]
    marks += [_line(scales, "var(--wb-soft)", "dash_dotted", 1.0) for _ in shown.marks]
    marks.append(_line(scales, "var(--wb-ink)", "solid", 1.5))
    axes = [
        Axis(scale=scales["x"], label="seconds", label_offset="30px", grid_lines="none"),
        Axis(scale=scales["y"], side="left", grid_lines="none", tick_format="~s"),
    ]
    return Figure(marks=marks, axes=axes, fig_margin={"top": 8, "bottom": 42, "left": 46, "right": 12}, **_WIDE)


def _scale(top: float) -> LinearScale:
    return LinearScale(min=0.0, max=top, allow_padding=False)


def _line(scales: dict[str, Any], colour: str, dash: str, width: float) -> Lines:
    return Lines(x=[0.0], y=[0.0], scales=scales, colors=[colour], line_style=dash, stroke_width=width)


def bars_figure() -> Figure:
    """A bar for each of `BINS`."""
    sizes, counts = OrdinalScale(), _scale(1.0)
    names = [f"{pages * 4}" for pages in BINS]
    scales = {"x": sizes, "y": counts}
    bars = Bars(x=names, y=[0.0] * len(BINS), scales=scales, colors=["var(--wb-accent)"], padding=0.2)
    axes = [
        Axis(scale=sizes, label="KiB in a request", label_offset="30px", grid_lines="none"),
        Axis(scale=counts, side="left", grid_lines="none", tick_format="d"),
    ]
    return Figure(marks=[bars], axes=axes, fig_margin={"top": 8, "bottom": 42, "left": 46, "right": 12}, **_WIDE)
