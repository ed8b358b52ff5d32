"""What a scene is drawn with: its layers from back to front, and the four forms of a mark.

A mark is a short list whose first entry is its role; the role names its colours in the style sheet (palette.css), so
that light and dark are the page's business. The four forms:

    box    [role, x, y, w, h, r]        a rectangle with corner radius r
    glyph  [role, x, y, size, shape]    an outline of `shapes.SHAPES` around (x, y)
    path   [role, x0, y0, x1, y1, ...]  a curve, or a closed polygon in the layer "heads"
    text   [role, x, y, text]
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

Mark = list[Any]
Marks = dict[str, dict[str, Mark]]


class Layer(NamedTuple):
    """A bqplot mark: what it is made of, and how it is drawn."""

    name: str
    form: str  # "box", "glyph", "path", "text"
    width: float = 0.0  # stroke width
    dash: bool = False
    size: float = 0.0  # of text
    align: str = "start"
    bold: bool = False


#: From back to front. bqplot draws one mark for each, and redraws all of a mark when anything in it moves: so what
#: moves (works, with their words in "tags" and their locks in "badges") has layers of its own. The veil dims what has
#: no part in a cycle; the cycle, with its words, lies above it.
LAYERS = (
    Layer("ground", "box", width=1.0),
    Layer("boxes", "box", width=1.5),
    Layer("bands", "box"),
    Layer("rings", "box", width=3.0),
    Layer("works", "box", width=1.5),
    Layer("glyphs", "glyph"),
    Layer("badges", "glyph"),
    Layer("names", "text", size=14.5, bold=True),
    Layer("words", "text", size=13.5),
    Layer("notes", "text", size=13.0, align="middle"),
    Layer("ends", "text", size=13.0, align="end"),
    Layer("tags", "text", size=13.0, align="middle"),
    Layer("veil", "box"),
    Layer("holds", "path", width=2.0),
    Layer("waits", "path", width=2.0),
    Layer("cycle", "path", width=4.0, dash=True),
    Layer("heads", "path"),
    Layer("plates", "box"),
    Layer("labels", "text", size=13.0, align="middle", bold=True),
)


class Stress(NamedTuple):
    """What a frame stresses in its snapshot. `ring` is the cycle that the run ends in: its arrows, where they are there
    already, lie where they will lie in the end."""

    acting: str | None = None  # the task whose step this is
    touched: Collection[str] = ()  # pages that the step names
    quiet: Collection[str] = ()  # tasks whose waiting a later frame tells
    cycle: Sequence[Mapping[str, Any]] = ()
    ring: Sequence[Mapping[str, Any]] = ()


PLAIN = Stress()


def arrow_keys(drawn: Marks) -> list[str]:
    """The keys of the arrows among some marks, "writer > page A1"."""
    return [key for layer in ("holds", "waits", "cycle") for key in drawn[layer]]
