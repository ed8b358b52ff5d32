"""A lab without scripts: the lines of its first run as an SVG, and its numbers in words."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from wbviz.viz.apart import apart
from wbviz.viz.assets import palette_style
from wbviz.viz.labs.shown import Line, Shown

_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 640.0, 240.0, 48.0, 34.0
_LINE = 14.0
"""A line of text."""
_DASHES = {"solid": "", "dashed": "8 5", "dotted": "2 4"}


def picture(shown: Shown, title: str, identifier: str) -> str:
    """HTML of the picture: a curve for each line, named at its end; the table; what happened, in sentences."""
    rows = "".join(f'<tr><th scope="row">{escape(what)}</th><td>{escape(much)}</td></tr>' for what, much in shown.table)
    told = "".join(f"<li>{tick * shown.tick:.2f} s: {escape(said)}</li>" for tick, said in shown.moments[:12])
    set_to = ", ".join(f"{name} {value}" for name, value in shown.settings.items())
    names = ", ".join(line.name for line in shown.lines)
    return (
        f'{palette_style()}<figure class="wbviz wb-still" id="{escape(identifier)}">'
        f"{_svg(shown)}<figcaption><strong>{escape(title)}.</strong> One run, {shown.ticks * shown.tick:g} seconds: "
        f"{escape(names)}, in {escape(shown.unit)}. Seed {shown.seed}; {escape(set_to)}.</figcaption>"
        f"<table>{rows}</table><p>How it begins:</p><ol>{told}</ol></figure>"
    )


def _svg(shown: Shown) -> str:
    top = max(value for line in shown.lines for value in line.values) or 1
    top = max(top, *(value for _, value in shown.marks))
    ends = _heights([line.values[-1] for line in shown.lines], top)
    named = _heights([value for _, value in shown.marks], top)
    curves = "".join(_curve(line, shown.ticks, top, end) for line, end in zip(shown.lines, ends, strict=True))
    levels = "".join(_level(*mark, top, at) for mark, at in zip(shown.marks, named, strict=True))
    return (
        f'<svg class="wb-svg" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img" '
        f'font-size="12" aria-label="{escape(", ".join(line.name for line in shown.lines))} over time">'
        f'<path d="M{_LEFT} 8V{_HEIGHT - _BOTTOM}H{_WIDTH - 8}" style="fill:none;stroke:var(--wb-edge)"/>'
        f'<text x="{_LEFT - 6}" y="14" text-anchor="end" style="fill:var(--wb-soft)">{top:g}</text>'
        f'<text x="{_LEFT - 6}" y="{_HEIGHT - _BOTTOM}" text-anchor="end" style="fill:var(--wb-soft)">0</text>'
        f'<text x="{_WIDTH - 8}" y="{_HEIGHT - 12}" text-anchor="end" style="fill:var(--wb-soft)">'
        f"{shown.ticks * shown.tick:g} seconds</text>{levels}{curves}</svg>"
    )


def _y(value: float, top: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _BOTTOM - 10) * value / top


def _heights(values: Sequence[float], top: float) -> list[float]:
    """Where the names of lines that lie at these values stand: near them, and not over each other."""
    return apart([_y(value, top) for value in values], _LINE, _LINE, _HEIGHT - _BOTTOM)


def _curve(line: Line, ticks: int, top: float, end: float) -> str:
    step = (_WIDTH - _LEFT - 110) / max(1, ticks - 1)
    points = " ".join(f"{_LEFT + step * i:.1f},{_y(value, top):.1f}" for i, value in enumerate(line.values))
    dash = f"stroke-dasharray:{_DASHES[line.dash]};" if _DASHES[line.dash] else ""
    return (
        f'<polyline points="{points}" style="fill:none;stroke:var(--wb-{line.role});stroke-width:2;{dash}"/>'
        f'<text x="{_WIDTH - 104}" y="{end:.1f}" style="fill:var(--wb-ink)">'
        f"{escape(line.name)}</text>"
    )


def _level(name: str, value: float, top: float, named: float) -> str:
    y = _y(value, top)
    return (
        f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - 110}" style="fill:none;stroke:var(--wb-soft);stroke-dasharray:1 3"/>'
        f'<text x="{_LEFT + 4}" y="{named - 4:.1f}" font-size="11" style="fill:var(--wb-soft)">{escape(name)}</text>'
    )
