"""Upright bars as SVG, for sums of a trace: a name below, a number above where there is room."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT, TOP, BOTTOM, LEFT = 720.0, 150.0, 20.0, 24.0, 4.0
_ROOM = 44.0
"""Units that a name or a number needs."""


def bars(title: str, values: Sequence[tuple[str, float]]) -> str:
    """A figure of bars, at least one of them over 0; names of narrow bars are left out, evenly."""
    most = max(value for _, value in values)
    step = min(120.0, (WIDTH - 2 * LEFT) / len(values))
    every = max(1, -int(-_ROOM // step))
    parts = []
    for at, (name, value) in enumerate(values):
        x, high = LEFT + at * step, (HEIGHT - TOP - BOTTOM) * value / most
        y = HEIGHT - BOTTOM - high
        parts.append(
            f'<rect x="{x + 1:.1f}" y="{y:.1f}" width="{max(1.0, step - 2):.1f}" height="{high:.1f}" '
            f'style="fill:var(--wb-accent)"><title>{escape(name)}: {value:,.0f}</title></rect>'
        )
        if at % every == 0:
            parts.append(_text(max(x + step / 2, 16.0), HEIGHT - 8, name, "soft"))
        if value and (step >= _ROOM or value == most):
            parts.append(_text(min(max(x + step / 2, _ROOM / 2), WIDTH - _ROOM / 2), y - 5, f"{value:,.0f}", "ink"))
    base = f'<path d="M0 {HEIGHT - BOTTOM}H{WIDTH}" style="stroke:var(--wb-edge)"/>'
    said = escape(f"{title}: {', '.join(f'{name} {value:,.0f}' for name, value in values if value)}")
    return (
        f'<figure><figcaption>{escape(title)}</figcaption><svg xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{said}" font-size="12">{base}{"".join(parts)}</svg>'
        "</figure>"
    )


def _text(x: float, y: float, words: str, role: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" style="fill:var(--wb-{role})">{escape(words[:16])}</text>'
    )
