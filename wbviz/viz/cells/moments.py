"""The form of a small figure: a drawing, a few moments to choose from, and each moment in words.

Every moment's words are always there; choosing one moves the marker and makes its words bold. Nothing runs by itself,
and no script is needed. On paper, where nothing can be chosen, each moment's number stands where its marker would.
Drawn 360 units wide, so that words have their size on a telephone.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from IPython.core.display import HTML

from wbviz.viz.assets import palette_style

WIDTH = 360
MOST = 5
"""So many moments a figure may have."""
TEXT = 13
"""The size of words in a drawing, in units, which are pixels on a telephone."""

_STYLE = (
    """
.wb-explain { box-sizing: border-box; max-width: 34rem; margin: 1rem auto; padding: 0.9rem 1rem;
  background: var(--wb-paper); color: var(--wb-ink);
  border: 1px solid var(--wb-edge); border-radius: 12px; font: 0.9rem/1.45 var(--wb-font); }
.wb-explain svg { display: block; width: 100%; height: auto; font-family: var(--wb-font); forced-color-adjust: none;
  background: var(--wb-paper); }
.wb-explain fieldset { display: flex; flex-wrap: wrap; gap: 0.3rem 0.9rem; margin: 0.6rem 0 0; padding: 0; border: 0; }
.wb-explain legend { float: left; width: auto; padding: 0; margin: 0 0.3rem 0 0; font-size: 0.9rem; line-height: 44px;
  color: var(--wb-soft); }
.wb-explain label { display: inline-flex; gap: 0.35rem; align-items: center; min-height: 44px; cursor: pointer; }
.wb-explain ol { margin: 0.5rem 0 0; padding-inline-start: 1.5rem; }
.wbviz.wb-explain figcaption { margin: 0 0 0.5rem; padding: 0; font-weight: 650 !important; color: var(--wb-ink);
  text-align: start; }
.wb-explain .wb-mover { transform: translate(var(--x1), var(--y1)); transition: transform 0.6s ease; }
@media (prefers-reduced-motion: reduce) { .wb-explain .wb-mover { transition: none; } }
.wb-explain .wb-numbers { display: none; }
"""
    + "".join(
        f".wb-explain:has(input[value='{n}']:checked) .wb-mover {{ transform: translate(var(--x{n}), var(--y{n})); }}\n"
        f".wb-explain:has(input[value='{n}']:checked) li:nth-child({n}) {{ font-weight: 650; }}\n"
        for n in range(1, MOST + 1)
    )
    + """@media print {
  .wb-explain { color-scheme: light !important; break-inside: avoid; }
  .wb-explain :is(fieldset, .wb-mover) { display: none; }
  .wb-explain .wb-numbers { display: inline; }
  .wb-explain li:nth-child(n) { font-weight: 400 !important; }
}
"""
)


class Moment(NamedTuple):
    """A moment: its label, what it says, and where the marker stands."""

    label: str
    words: str
    at: tuple[float, float]


def figure(name: str, title: str, about: str, height: float, drawing: str, mover: str, at: Sequence[Moment]) -> HTML:
    """A figure. `about` says in words what is drawn, `mover` is drawn around the place of each moment."""
    assert 1 < len(at) <= MOST
    places = ";".join(f"--x{n}:{m.at[0]:g}px;--y{n}:{m.at[1]:g}px" for n, m in enumerate(at, 1))
    choices = "".join(
        f'<label><input type="radio" name="wb-explain-{name}" value="{n}"{" checked" * (n == 1)}>'
        f" {escape(m.label)}</label>"
        for n, m in enumerate(at, 1)
    )
    words = "".join(f"<li>{escape(moment.words)}</li>" for moment in at)
    return HTML(  # type: ignore[no-untyped-call]
        f'{palette_style()}<style>{_STYLE}</style><figure class="wbviz wb-still wb-explain" id="explain-{name}">'
        f"<figcaption>{escape(title)}</figcaption>"
        f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{escape(about)}">{drawing}'
        f'{_numbers(at)}<g class="wb-mover" style="{places}">{mover}</g></svg>'
        f"<fieldset><legend>Moment</legend>{choices}</fieldset><ol>{words}</ol></figure>"
    )


def _numbers(at: Sequence[Moment]) -> str:
    """The number of each moment at its place; a second one at the same place stands beside the first."""
    drawn = []
    for n, moment in enumerate(at, 1):
        x, y = moment.at
        x += 24 * sum(moment.at == before.at for before in at[: n - 1])
        drawn.append(
            f'<circle cx="{x:g}" cy="{y:g}" r="10" '
            'style="fill:var(--wb-accent);stroke:var(--wb-paper);stroke-width:2"/>'
            f'<text x="{x:g}" y="{y + 5:g}" font-size="{TEXT}" font-weight="650" text-anchor="middle" '
            f'style="fill:var(--wb-on)">{n}</text>'
        )
    return f'<g class="wb-numbers">{"".join(drawn)}</g>'


def box(x: float, y: float, w: float, h: float, role: str = "card") -> str:
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" rx="4" '
        f'style="fill:var(--wb-{role}-fill);stroke:var(--wb-{role}-line);stroke-width:1.5"/>'
    )


def say(x: float, y: float, words: str, anchor: str = "start", colour: str = "ink") -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{TEXT}" text-anchor="{anchor}" style="fill:var(--wb-{colour})">'
        f"{escape(words)}</text>"
    )


def line(path: str, colour: str = "soft", dashes: str = "") -> str:
    look = f"fill:none;stroke:var(--wb-{colour});stroke-width:1.75;stroke-dasharray:{dashes or 'none'}"
    return f'<path d="{path}" style="{look}"/>'


def head(x: float, y: float, dx: int, dy: int) -> str:
    """The head of an arrow that ends at a point, pointing along (dx, dy), one of them 0."""
    a, b = (x - 8 * dx - 5 * dy, y - 8 * dy - 5 * dx), (x - 8 * dx + 5 * dy, y - 8 * dy + 5 * dx)
    return f'<path d="M{x:g} {y:g}L{a[0]:g} {a[1]:g}L{b[0]:g} {b[1]:g}Z" style="fill:var(--wb-soft)"/>'


TOKEN = (
    '<rect x="-15" y="-15" width="30" height="30" rx="5" '
    'style="fill:var(--wb-accent);stroke:var(--wb-paper);stroke-width:2"/>'
    f'<text y="5" font-size="{TEXT}" font-weight="650" text-anchor="middle" style="fill:var(--wb-on)">P</text>'
)
POINTER = '<path d="M0 0L-8 -13H8Z" style="fill:var(--wb-accent);stroke:var(--wb-paper);stroke-width:1"/>'
