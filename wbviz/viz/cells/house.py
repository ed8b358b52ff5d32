"""The structure of the package as a figure, made from its own imports, so that it cannot show another one.

A *room* is a part of the package: a folder or a module right below `wbviz`. It stands one row below the lowest
room that imports it. An arrow is left out where a longer way says the same.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import NamedTuple

import wbviz
from wbviz.viz.assets import palette_style

ROW, BOX, GAP, WIDE = 100, 62, 20, 136
"""Height of a row, of a box, room between boxes, width of a box: in the figure's own pixels."""
_LEFT_OUT = ("__init__", "__main__", "_version", "py.typed")


class Room(NamedTuple):
    """A part of the package: how many modules and lines it has, and which rooms it imports."""

    name: str
    modules: int
    lines: int
    imports: frozenset[str]


def rooms(package: Path | None = None) -> dict[str, Room]:
    """The rooms of a package by name, by default of this one."""
    package = package or Path(wbviz.__file__).parent
    texts: dict[str, list[str]] = {}
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).parts[0].removesuffix(".py")
        if name not in _LEFT_OUT:
            texts.setdefault(name, []).append(path.read_text(encoding="utf-8"))
    found = {}
    for name, modules in texts.items():
        used = frozenset().union(*map(_imported, modules)) & set(texts) - {name}
        found[name] = Room(name, len(modules), sum(text.count("\n") for text in modules), used)
    return found


def _imported(text: str) -> set[str]:
    """The rooms that a module imports, anywhere in it, by absolute names."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        found |= {name.split(".")[1] for name in names if name.startswith("wbviz.")}
    return found


def rows(found: Mapping[str, Room]) -> dict[str, int]:
    """The row of each room, counted from the top: 0 for one that nobody imports. Raises ValueError where imports go
    round."""

    @cache
    def row(name: str) -> int:
        return max((row(other) + 1 for other, room in found.items() if name in room.imports), default=0)

    try:
        return {name: row(name) for name in found}
    except RecursionError:
        raise ValueError("imports go round in a circle") from None


def arrows(found: Mapping[str, Room]) -> list[tuple[str, str]]:
    """Who imports whom, without what a longer way says as well."""

    @cache
    def below(name: str) -> frozenset[str]:
        return found[name].imports.union(*(below(other) for other in found[name].imports))

    return sorted(
        (name, other)
        for name, room in found.items()
        for other in room.imports
        if not any(other in below(between) for between in room.imports)
    )


class House:
    """The figure. As the last value of a cell it shows itself."""

    def __init__(self, found: Mapping[str, Room]) -> None:
        self.rooms = found

    def __repr__(self) -> str:
        level = rows(self.rooms)
        names = sorted(self.rooms, key=lambda name: (level[name], name))
        return "\n".join(f"{name} imports {', '.join(sorted(self.rooms[name].imports)) or 'nothing'}" for name in names)

    def _repr_html_(self) -> str:
        level = rows(self.rooms)
        shelves = [sorted(name for name in level if level[name] == row) for row in range(max(level.values()) + 1)]
        width = max(len(shelf) for shelf in shelves) * (WIDE + GAP) + GAP
        at = {name: place for row, shelf in enumerate(shelves) for name, place in _places(shelf, row, width).items()}
        lines = "".join(_line(at[name], at[other]) for name, other in arrows(self.rooms))
        boxes = "".join(_box(self.rooms[name], *place) for name, place in at.items())
        told = "".join(f"<li>{escape(line)}</li>" for line in repr(self).splitlines())
        return (
            f"{palette_style()}<style>{_STYLE}</style><figure class='wbviz wb-still wb-house'>"
            f"<svg viewBox='0 0 {width} {len(shelves) * ROW}' style='min-width: {width}px' role='img' "  # never smaller
            f"aria-label='The rooms of the package, "
            f"each above those it imports; the list below says the same'>{_HEAD}{lines}{boxes}</svg>"
            f"<details><summary>Who imports whom, in words</summary><ul>{told}</ul></details></figure>"
        )


def house() -> House:
    """The structure of this package as it stands."""
    return House(rooms())


_STYLE = """
.wb-house { margin: 1rem 0; padding: 0.5rem; overflow-x: auto; color: var(--wb-ink); background: var(--wb-paper);
  border: 1px solid var(--wb-edge); border-radius: 12px; }
.wb-house svg { display: block; width: 100%; font-family: var(--wb-font); }
.wb-house rect { fill: var(--wb-paper); stroke: var(--wb-edge); stroke-width: 1.5; }
.wb-house path.line { fill: none; stroke: var(--wb-soft); stroke-width: 1.3; }
.wb-house text { fill: var(--wb-ink); text-anchor: middle; font-size: 15px; font-weight: 600; }
.wb-house text.size { fill: var(--wb-soft); font-size: 12px; font-weight: 400; }
.wb-house ul { padding-inline-start: 1.4rem; }
.wb-house marker path { fill: var(--wb-soft); }
"""
_HEAD = (
    "<defs><marker id='house-head' viewBox='0 0 8 8' refX='7' refY='4' markerWidth='7' markerHeight='7' orient='auto'>"
    "<path d='M0 0 8 4 0 8z'/></marker></defs>"
)


def _places(shelf: list[str], row: int, width: int) -> dict[str, tuple[float, float]]:
    """The middle of the upper edge of each box of a row."""
    step = width / len(shelf)
    return {name: (step * (number + 0.5), row * ROW + (ROW - BOX) / 2) for number, name in enumerate(shelf)}


def _box(room: Room, x: float, y: float) -> str:
    modules, lines = f"{room.modules} module{'s' * (room.modules > 1)}", f"{room.lines:,} lines"
    return (
        f"<rect x='{x - WIDE / 2:.0f}' y='{y:.0f}' width='{WIDE}' height='{BOX}' rx='8'/>"
        f"<text x='{x:.0f}' y='{y + 19:.0f}'>{escape(room.name)}</text>"
        f"<text class='size' x='{x:.0f}' y='{y + 36:.0f}'>{modules}</text>"
        f"<text class='size' x='{x:.0f}' y='{y + 52:.0f}'>{lines}</text>"
    )


def _line(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x, y), (to_x, to_y) = (start[0], start[1] + BOX), end
    middle = (to_y - y) / 2
    path = f"M{x:.0f} {y:.0f}C{x:.0f} {y + middle:.0f} {to_x:.0f} {to_y - middle:.0f} {to_x:.0f} {to_y:.0f}"
    return f"<path class='line' marker-end='url(#house-head)' d='{path}'/>"
