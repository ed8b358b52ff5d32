"""A trace without a player: a still picture as SVG, and what happens as text.

For print, for search, for pages whose scripts do not run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from wbviz.viz.assets import palette_style
from wbviz.viz.stage.frames import Film, film
from wbviz.viz.stage.layers import LAYERS, Layer, Mark, Marks
from wbviz.viz.stage.shapes import SHAPES


def svg(source: Film, index: int = -1, narrow: bool = False) -> str:
    """One frame as an SVG element; by default the last, which shows the verdict. Its colours are the style sheet's."""
    if index < 0:
        index += len(source.frames)
    at = source.layout(narrow)
    return drawn(source.marks(index, at), at.width, at.height, source.frames[index].say)


def drawn(layers: Marks, width: float, height: float, said: str) -> str:
    """Marks as an SVG element of this size; `said` tells in words what it shows."""
    body = "".join(_layer(layer, list(layers.get(layer.name, {}).values())) for layer in LAYERS)
    return (
        f'<svg class="wb-svg" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'aria-label="{escape(said)}">{body}</svg>'
    )


def _layer(layer: Layer, marks: Sequence[Mark]) -> str:
    if not marks:
        return ""
    if layer.form == "text":
        weight = ' font-weight="600"' if layer.bold else ""
        head = f'font-size="{layer.size:g}" text-anchor="{layer.align}" dominant-baseline="central"{weight}'
    else:
        head = f'stroke-width="{layer.width:g}"'
    return f'<g class="wb-layer-{layer.name}" {head}>{"".join(_mark(layer, mark) for mark in marks)}</g>'


def _mark(layer: Layer, mark: Mark) -> str:
    role, *rest = mark
    paint = _paint(layer, str(role))
    if layer.form == "text":
        x, y, text = rest
        return f'<text x="{x:g}" y="{y:g}" style="{paint}">{escape(str(text))}</text>'
    if layer.form == "box":
        x, y, w, h, r = rest
        return f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" rx="{r:g}" style="{paint}"/>'
    if layer.form == "glyph":
        x, y, size, shape = rest
        points = " ".join(f"{x + px * size:.2f},{y + py * size:.2f}" for px, py in SHAPES[shape])
        return f'<polygon points="{points}" style="{paint}"/>'
    tag = "polygon" if layer.name == "heads" else "polyline"
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(rest[::2], rest[1::2], strict=True))
    return f'<{tag} points="{points}" style="{paint}"/>'


def _paint(layer: Layer, role: str) -> str:
    """The same rule as `paint` in js/stage.js."""
    if layer.name in ("ground", "boxes", "works"):
        return f"fill:var(--wb-{role}-fill);stroke:var(--wb-{role}-line)"
    if layer.name == "rings" or (layer.form == "path" and layer.name != "heads"):
        return f"fill:none;stroke:var(--wb-{role})"
    return f"fill:var(--wb-{role})"


def text(source: Film) -> list[str]:
    """What happens, a sentence for each frame, and the state at the end: a trace for somebody who only reads."""
    lines = [frame.say for frame in source.frames]
    return [*lines, "At the end: " + source.bundle()["frames"][-1]["state"]]


def still(trace: Film | Mapping[str, Any] | Any, identifier: str = "", with_style: bool = True) -> str:
    """HTML of the still picture with the steps as a list. The player takes its place when it has come up; it is printed
    instead of the player. identifier: the element's id, by which the player finds it."""
    source = trace if isinstance(trace, Film) else film(trace)
    items = "".join(f"<li>{escape(frame.say)}</li>" for frame in source.frames[1:-1])
    verdict = escape(source.frames[-1].say)
    css = palette_style() if with_style else ""
    return (
        f'{css}<figure class="wbviz wb-still" id="{escape(identifier)}">{svg(source)}'
        f'<figcaption><span class="wb-title">{escape(source.title)}</span> ({escape(source.about)}). '
        f"The picture shows the end.</figcaption><p>{escape(source.frames[0].say)}</p>"
        f'<ol>{items}</ol><p class="wb-verdict">{verdict}</p></figure>'
    )
