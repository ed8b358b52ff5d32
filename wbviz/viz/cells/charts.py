"""Charts as HTML and SVG of our own: what a page shows where a notebook shows bqplot's figure.

A chart is drawn once wide and once narrow, so that its words have their size on a telephone too; lines are labelled
where they end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import log10
from typing import Any, NamedTuple

from IPython.core.display_functions import display

from wbviz.viz.apart import apart
from wbviz.viz.assets import palette_style

STYLE = """
.wb-chart-still { box-sizing: border-box; max-width: 60rem; margin: 0 auto 0.75rem; padding: 0.9rem 1rem;
  background: var(--wb-paper); color: var(--wb-ink); border: 1px solid var(--wb-edge); border-radius: 12px;
  font: 0.88rem/1.4 var(--wb-font); }
.wb-chart-still svg { display: block; width: 100%; height: auto; font-family: var(--wb-font); }
.wb-chart-still svg + svg { display: none; }
@media (max-width: 600px) {
  .wb-chart-still svg { display: none; }
  .wb-chart-still svg + svg { display: block; }
}
.wb-chart-still figcaption { color: var(--wb-soft) !important; font-weight: 400 !important; font-size: 0.85rem;
  margin: 0 !important; text-align: start; }
.wb-bars { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.5rem 0.8rem; align-items: center;
  margin: 0 0 0.5rem !important; padding: 0; }
.wb-bars dt { font-weight: 400; text-align: end; }
.wb-bars dd { display: flex; align-items: center; gap: 0.5rem; margin: 0 !important; }
.wb-bars dd::before { content: ""; flex: none; width: calc((100% - 4rem) * var(--part)); height: 1.9rem;
  background: var(--wb-accent); forced-color-adjust: none; }
"""
_DASHES = ("", "7 4", "2 4", "9 3 2 3")
_TEXT = 13
"""Units, and pixels where the chart is as wide as its box."""


class Curve(NamedTuple):
    """A line with its name and its points, (x, y), y over 0."""

    name: str
    points: tuple[tuple[float, float], ...]


def show(figure: Any, picture: str) -> None:
    """Display bqplot's figure, and for whatever has no widgets, a page of the book among them, `picture`."""
    bundle = {**figure._repr_mimebundle_(), "text/html": f"{palette_style()}<style>{STYLE}</style>{picture}"}
    display(bundle, raw=True)  # type: ignore[no-untyped-call]


def bar_chart(values: Mapping[str, float], unit: str) -> str:
    """Horizontal bars, each with its name before and its number behind it."""
    most = max(values.values())
    rows = "".join(
        f'<dt>{escape(name)}</dt><dd style="--part: {value / most:.3f}">{value:.0f}</dd>'
        for name, value in values.items()
    )
    return (
        f'<figure class="wbviz wb-chart-still"><dl class="wb-bars">{rows}</dl>'
        f"<figcaption>{escape(unit)}</figcaption></figure>"
    )


def log_chart(curves: Sequence[Curve], across: str, up: str, decades: Sequence[float]) -> str:
    """Lines over whole numbers, the vertical axis in powers of ten, `decades`."""
    pictures = "".join(_growth(curves, across, up, decades, width) for width in (720.0, 340.0))
    return f'<figure class="wbviz wb-chart-still">{pictures}</figure>'


def _growth(curves: Sequence[Curve], across: str, up: str, decades: Sequence[float], width: float) -> str:
    left, right, top, bottom, height = 78.0, 118.0, 30.0, 44.0, 320.0
    last = max(x for curve in curves for x, _ in curve.points)
    low, high = log10(decades[0]), log10(decades[-1])

    def at(x: float, y: float) -> tuple[float, float]:
        return (
            left + (x - 1) / max(1, last - 1) * (width - left - right),
            height - bottom - (log10(y) - low) / (high - low) * (height - top - bottom),
        )

    parts = [
        f'<path d="M{left} {top}V{height - bottom}H{width - right}" style="fill:none;stroke:var(--wb-edge)"/>',
        _text(left, 14, "start", up),
        _text((left + width - right) / 2, height - 6, "middle", across),
    ]
    parts += [_text(left - 8, at(1, value)[1] + 4, "end", _number(value)) for value in decades]
    parts += [_text(at(x, decades[0])[0], height - bottom + 20, "middle", str(x)) for x in range(1, int(last) + 1)]
    whole = [curve for curve in curves if curve.points[-1][0] == last]  # the others are named where they end
    ends = dict(
        zip(whole, apart([at(*curve.points[-1])[1] for curve in whole], _TEXT + 5, top, height - bottom), strict=True)
    )
    for number, curve in enumerate(curves):
        colour = f"var(--wb-t{number})"
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(*point) for point in curve.points))
        x, y = at(*curve.points[-1])
        parts.append(
            f'<polyline points="{points}" style="fill:none;stroke:{colour};stroke-width:2.5;'
            f'stroke-dasharray:{_DASHES[number % len(_DASHES)]}"/>'
        )
        if curve not in ends:
            parts.append(_text(x + 6, y + 4, "start", curve.name, colour))
            continue
        parts.append(
            f'<path d="M{x + 3:.1f} {y:.1f}L{width - right + 10:.1f} {ends[curve]:.1f}" '
            f'style="fill:none;stroke:{colour};stroke-width:0.75"/>'
        )
        parts.append(_text(width - right + 14, ends[curve] + 4, "start", curve.name, colour))
    said = escape(f"{up} against {across}: {', '.join(curve.name for curve in curves)}")
    return f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{said}">{"".join(parts)}</svg>'


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


def _text(x: float, y: float, anchor: str, words: str, colour: str = "var(--wb-ink)") -> str:
    ground = "paint-order:stroke;stroke:var(--wb-paper);stroke-width:4"  # a name may lie over a line
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{_TEXT}" text-anchor="{anchor}" style="fill:{colour};{ground}">'
        f"{escape(words)}</text>"
    )
