"""Curves over time with strips below that say who was busy: an SVG of our own."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from wbviz.viz.labs.shown import Line

WIDTH, HEIGHT, LEFT, RIGHT, TOP, STRIP = 400.0, 170.0, 126.0, 8.0, 12.0, 21.0
"""Of the picture without its strips, the room at its sides, and the height of a strip."""

_TEXT = 15
"""On a telephone the picture is drawn at four fifths of its size: then the text has 12 pixels."""

STYLE = (Path(__file__).parent / "curves.css").read_text(encoding="utf-8")
_DASHES = {"solid": "", "dashed": "stroke-dasharray:7 4;", "dotted": "stroke-dasharray:2 3;"}


class Drawing(NamedTuple):
    """`lines` have a value for each tick, of `tick` seconds; `marks`: (name, value) of level lines; `busy`: for each
    strip a digit a tick, from 0, not at all, to 9, all the time."""

    lines: tuple[Line, ...]
    marks: tuple[tuple[str, float], ...]
    busy: Mapping[str, str]
    tick: float
    unit: str

    @property
    def highest(self) -> float:
        """The highest value of all lines and marks."""
        return max(*(value for line in self.lines for value in line.values), *(value for _, value in self.marks))


def curves(drawing: Drawing, top: float, title: str) -> str:
    """The picture, its vertical axis up to `top`."""
    ticks = max(len(line.values) for line in drawing.lines)
    across = (WIDTH - LEFT - RIGHT) / max(1, ticks - 1)
    low = HEIGHT - 18
    high = HEIGHT + STRIP * len(drawing.busy) + 4

    def y(value: float) -> float:
        return low - (low - TOP) * value / top

    heights = [y(value) for _, value in drawing.marks]
    parts = [
        f'<path d="M{LEFT:g} {TOP:g}V{low:g}H{WIDTH - RIGHT:g}" style="fill:none;stroke:var(--wb-edge)"/>',
        *(
            _text(LEFT - 6, y(value) + 4, "end", f"{value:.0f} {drawing.unit.split()[0]}" if value else "0")
            for value in (top, 0.0)
            if all(abs(y(value) - height) > _TEXT for height in heights)
        ),
        _text(LEFT, HEIGHT - 4, "start", "0"),
        _text(WIDTH - RIGHT, HEIGHT - 4, "end", f"{(ticks - 1) * drawing.tick:g} seconds"),
    ]
    for name, value in drawing.marks:
        parts.append(
            f'<path d="M{LEFT:g} {y(value):.0f}H{WIDTH - RIGHT:g}" style="stroke:var(--wb-soft);stroke-dasharray:1 3"/>'
        )
        parts.append(_text(LEFT - 6, y(value) + 4, "end", f"{name} {value:.0f}"))
    for line in drawing.lines:
        points = " ".join(f"{LEFT + across * at:.0f},{y(value):.0f}" for at, value in enumerate(line.values))
        parts.append(f'<polyline points="{points}" style="fill:none;{_stroke(line)}"/>')
    for row, (name, digits) in enumerate(drawing.busy.items()):
        parts.append(_strip(name, digits, HEIGHT + STRIP * row, across))
    said = escape(f"{title}: {', '.join(line.name for line in drawing.lines)} over time; {', '.join(drawing.busy)}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {high:g}" role="img" aria-label="{said}" '
        f'font-size="{_TEXT}">{"".join(parts)}</svg>'
    )


def key(drawing: Drawing) -> str:
    """What the lines are, and what a strip says."""
    samples = "".join(
        f'<svg viewBox="0 0 36 8" aria-hidden="true"><path d="M0 4H36" style="fill:none;{_stroke(line)}"/></svg>'
        f"{escape(line.name)}"
        for line in drawing.lines
    )
    strips = "Strips: who was busy; the stronger the colour, the more."
    return f'<p class="wb-key">{samples} ({escape(drawing.unit)}). {strips}</p>'


def _stroke(line: Line) -> str:
    return f"stroke:var(--wb-{line.role});stroke-width:2;{_DASHES[line.dash]}"


def _strip(name: str, digits: str, top: float, across: float) -> str:
    """A row with its name; neighbours that are alike are one piece, and all that are as busy one path."""
    parts = [
        _text(LEFT - 6, top + STRIP - 5, "end", name),
        f'<path d="M{LEFT:g} {top + STRIP - 1:g}H{WIDTH - RIGHT:g}" style="stroke:var(--wb-edge)"/>',
    ]
    pieces: dict[str, list[str]] = {}
    at = 0
    for digit, some in groupby(digits):
        count = len(list(some))
        if digit != "0":
            x, wide = LEFT + across * at, min(across * count, WIDTH - RIGHT - LEFT - across * at)
            pieces.setdefault(digit, []).append(
                f"M{x:.0f} {top + 2:g}h{max(wide, 1):.1f}v{STRIP - 4:g}h-{max(wide, 1):.1f}z"
            )
        at += count
    parts += [
        f'<path d="{"".join(some)}" style="fill:var(--wb-accent);opacity:{int(digit) / 9:.2f}"/>'
        for digit, some in sorted(pieces.items())
    ]
    return "".join(parts)


def _text(x: float, y: float, anchor: str, words: str) -> str:
    return f'<text x="{x:g}" y="{y:.0f}" text-anchor="{anchor}" style="fill:var(--wb-soft)">{escape(words)}</text>'
