"""The order of page locks as a picture: pages in a row, an arc from the page held to the page wanted.

Arcs that go up, from a lower index to a higher one, run above the row, all others below it. What keeps the ascending
rule leaves the lower half empty: an inversion is seen before it is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from textwrap import wrap
from typing import NamedTuple

from wbviz.check.locks import QUEUE, TRIED, WANTED, LockReport, Order, steps_of, who
from wbviz.viz.stage.shapes import Point, arrow, curve

BOX, HIGH, MARGIN = 54.0, 30.0, 24.0
"""The size of a page's box, and the space around everything."""
RISE, LETTER, LINE, LONGEST = 40.0, 6.7, 14.0, 20
"""How far an arc rises above what is under it; the width of a letter, the height of a line, letters in a line."""
DASHES = {WANTED: "", TRIED: "7 4", QUEUE: "2 4"}
SAID = {WANTED: "waits for", TRIED: "tries", QUEUE: "after it"}
KINDS = {WANTED: "waits for the lock", TRIED: "only tries, never waits", QUEUE: "both locks wait in the queue"}


class Arc(NamedTuple):
    """An arrow from the page held to the page wanted. `numbers` are the inversions that it is part of, from 1."""

    held: str
    wanted: str
    kind: str
    below: bool
    by: str
    numbers: tuple[int, ...]


def arcs(report: LockReport) -> list[Arc]:
    """One arrow for each pair of pages and kind of order, those that bridge least first."""
    found: dict[tuple[str, str, str], list[Order]] = {}
    for order in report.orders:
        found.setdefault((order.held, order.wanted, order.kind), []).append(order)
    place = {page: number for number, page in enumerate(_pages(report))}
    drawn = [
        Arc(
            held,
            wanted,
            kind,
            place[wanted] <= place[held],
            ", ".join(dict.fromkeys(who(order) for order in orders)),
            tuple(
                number
                for number, circle in enumerate(report.inversions, 1)
                if kind == WANTED and (held, wanted) in steps_of(circle.pages)
            ),
        )
        for (held, wanted, kind), orders in found.items()
    ]
    return sorted(drawn, key=lambda arc: abs(place[arc.held] - place[arc.wanted]))


def _pages(report: LockReport) -> list[str]:
    """The pages that appear, by file and index."""
    names = {name for order in report.orders for name in (order.held, order.wanted)}
    return sorted(names, key=lambda name: (name.rstrip("0123456789"), int(name[len(name.rstrip("0123456789")) :])))


def lock_graph(report: LockReport) -> str:
    """The picture as an SVG element; "" where nobody wants a page lock while holding one. Its colours are roles."""
    drawn = arcs(report)
    if not drawn:
        return ""
    pages = _pages(report)
    lines = [_label(arc) for arc in drawn]
    apart = max(2 * BOX, *(len(line) * LETTER + 12 for label in lines for line in label))
    rise = RISE + LINE * (max(map(len, lines)) - 1)
    above, below = (_levels([arc for arc in drawn if arc.below is side], pages) for side in (False, True))
    top = MARGIN + rise * (1 + max(above.values())) + LINE if above else MARGIN
    bottom = top + HIGH + MARGIN + (rise * (1 + max(below.values())) + LINE * max(map(len, lines)) if below else 0)
    centers = {page: MARGIN + apart / 2 + apart * number for number, page in enumerate(pages)}
    heights = {arc: rise * (1 + level) for arc, level in (above | below).items()}
    parts = [_arrow(arc, centers, top, heights[arc]) for arc in drawn]
    parts += [_words(arc, centers, top, heights[arc]) for arc in drawn]
    parts += [_box(page, centers[page], top) for page in pages]
    kinds = [kind for kind in KINDS if any(arc.kind == kind for arc in drawn)]
    parts += [_legend(kind, bottom + 20 * number) for number, kind in enumerate(kinds)]
    width, height = centers[pages[-1]] + apart / 2 + MARGIN, bottom + 20 * len(kinds)
    return (
        f'<svg class="wb-locks" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" role="img" aria-label="{escape(told(report))}" font-size="12.5">{"".join(parts)}</svg>'
    )


def told(report: LockReport) -> str:
    """The picture in words."""
    lines = [f"{arc.by} holds {arc.held} and {SAID[arc.kind]} {arc.wanted}" for arc in arcs(report)]
    count = len(report.inversions)
    inversions = f"{count} inversion{'s' * (count != 1)}" if count else "no inversion"
    return f"The order of page locks, {inversions}: {'; '.join(lines)}"


def _levels(side: Sequence[Arc], pages: Sequence[str]) -> dict[Arc, int]:
    """Arcs over the same pages are stacked: each on the lowest level where it crosses none that came before it."""
    levels: dict[Arc, int] = {}
    for arc in side:
        low, high = sorted((pages.index(arc.held), pages.index(arc.wanted)))
        crossed = {
            level
            for other, level in levels.items()
            for a, b in [sorted((pages.index(other.held), pages.index(other.wanted)))]
            if (a, b) == (low, high) or max(a, low) < min(b, high) or low <= a == b <= high or a <= low == high <= b
        }
        levels[arc] = next(level for level in range(len(side)) if level not in crossed)
    return levels


def _arrow(arc: Arc, centers: dict[str, float], top: float, height: float) -> str:
    sign = 1 if arc.below else -1
    edge = top + HIGH if arc.below else top
    start, stop = centers[arc.held], centers[arc.wanted]
    inset = 9.0 if start < stop else -9.0 if start > stop else -16.0
    a, b = (start + inset, edge), (stop - inset, edge)
    turn = edge + sign * (height - RISE / 4) * 4 / 3
    body, head = arrow(curve(a, (a[0], turn), (b[0], turn), b), 9.0)
    dashes = f' stroke-dasharray="{DASHES[arc.kind]}"' if DASHES[arc.kind] else ""
    role, width = ("cycle", 2.8) if arc.numbers else ("ink", 1.5)
    return (
        f'<polyline points="{_points(body)}" fill="none" stroke-width="{width}"{dashes} '
        f'style="stroke:var(--wb-{role})"/><polygon points="{_points(head)}" style="fill:var(--wb-{role})"/>'
    )


def _words(arc: Arc, centers: dict[str, float], top: float, height: float) -> str:
    """Whose order it is, beyond the highest point of the arrow, on a ground that hides what is behind."""
    label = _label(arc)
    last = LINE * (len(label) - 1)
    first = top + HIGH + height + 2 if arc.below else top - height - 2 - last
    middle = (centers[arc.held] + centers[arc.wanted]) / 2
    role, weight = ("cycle", 650) if arc.numbers else ("ink", 400)
    return "".join(
        f'<text x="{middle:g}" y="{first + LINE * number:g}" text-anchor="middle" dominant-baseline="central" '
        f'font-weight="{weight}" stroke-width="4" paint-order="stroke" '
        f'style="fill:var(--wb-{role});stroke:var(--wb-paper)">{escape(line)}</text>'
        for number, line in enumerate(label)
    )


def _label(arc: Arc) -> list[str]:
    numbers = [f"inversion {' and '.join(map(str, arc.numbers))}:"] if arc.numbers else []
    return [*numbers, *wrap(arc.by, LONGEST)]


def _box(page: str, center: float, top: float) -> str:
    return (
        f'<rect x="{center - BOX / 2:g}" y="{top:g}" width="{BOX:g}" height="{HIGH:g}" rx="6" stroke-width="1.5" '
        f'style="fill:var(--wb-card-fill);stroke:var(--wb-card-line)"/><text x="{center:g}" y="{top + HIGH / 2:g}" '
        f'text-anchor="middle" dominant-baseline="central" font-weight="600" style="fill:var(--wb-ink)">'
        f"{escape(page)}</text>"
    )


def _legend(kind: str, y: float) -> str:
    dashes = f' stroke-dasharray="{DASHES[kind]}"' if DASHES[kind] else ""
    return (
        f'<line x1="{MARGIN / 2:g}" x2="{MARGIN / 2 + 34:g}" y1="{y:g}" y2="{y:g}" stroke-width="1.5"{dashes} '
        f'style="stroke:var(--wb-ink)"/><text x="{MARGIN / 2 + 42:g}" y="{y:g}" dominant-baseline="central" '
        f'style="fill:var(--wb-soft)">{KINDS[kind]}</text>'
    )


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
