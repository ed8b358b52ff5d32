"""The bqplot figure that a player draws in: one mark for each layer, empty until the player's module fills it."""

from __future__ import annotations

from typing import Any

from bqplot import Figure, Label, LinearScale, Lines, Mark

from wbviz.viz.stage.layers import LAYERS, Layer

_NO_MARGIN = {"top": 0, "bottom": 0, "left": 0, "right": 0}


def figure(width: float, height: float) -> Figure:
    """A figure whose marks are the layers, in their order, in scene units with y upwards.

    The arrays are left empty: the frames are with the player, and empty arrays keep a page small. The figure takes
    whatever room its surroundings give it; the player keeps their shape.
    """
    scales = {
        "x": LinearScale(min=0, max=float(width), allow_padding=False),
        "y": LinearScale(min=0, max=float(height), allow_padding=False),
    }
    return Figure(
        marks=[_mark(layer, scales) for layer in LAYERS],
        fig_margin=_NO_MARGIN,
        padding_x=0.0,
        padding_y=0.0,
        min_aspect_ratio=0.05,
        max_aspect_ratio=20.0,
        animation_duration=0,
        display_toolbar=False,
        background_style={"fill-opacity": 0},
    )


def _mark(layer: Layer, scales: dict[str, Any]) -> Mark:
    if layer.form == "text":
        return Label(
            x=[],
            y=[],
            text=[],
            scales=scales,
            default_size=layer.size,
            font_weight="bold" if layer.bold else "normal",
            align=layer.align,
            apply_clip=False,
        )
    closed = layer.form != "path" or layer.name == "heads"
    filled = closed and layer.name != "rings"
    return Lines(
        x=[],
        y=[],
        scales=scales,
        stroke_width=layer.width,
        line_style="dashed" if layer.dash else "solid",
        close_path=closed,
        fill="inside" if filled else "none",
        apply_clip=False,
    )
