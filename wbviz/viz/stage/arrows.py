"""Where arrows leave and arrive, and how they bend, so that several between the same boxes stay apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from wbviz.viz.stage.shapes import Box, Point, arrow, curve


class Link(NamedTuple):
    """An arrow to be drawn from one node to another; the role is "wait", "hold" or "cycle"."""

    start: str
    end: str
    role: str


class _End(NamedTuple):
    node: str
    side: str  # "top", "bottom", "left", "right"


_NEAR = 40.0  # boxes in one row nearer than this are joined straight, others by an arc above


def arrows(links: Sequence[Link], places: Mapping[str, Box]) -> list[tuple[Link, list[Point], list[Point]]]:
    """Body and head of each link. A link from a box to one inside it, or to itself, has no arrow."""
    drawn = [link for link in links if not _nested(places[link.start], places[link.end])]
    ends: list[tuple[_End, _End]] = []
    for link in drawn:
        side, other = _sides(places[link.start], places[link.end])
        ends.append((_End(link.start, side), _End(link.end, other)))
    # On each side of each box the arrows are sorted by where they lead, so that they cross as little as can be.
    leads: dict[_End, list[tuple[float, int, int]]] = {}
    for i, (link, (a, b)) in enumerate(zip(drawn, ends, strict=True)):
        leads.setdefault(a, []).append((_along(a.side, places[link.end]), i, 0))
        leads.setdefault(b, []).append((_along(b.side, places[link.start]), i, 1))
    ports: dict[tuple[int, int], Point] = {}
    for end, users in leads.items():
        box = places[end.node]
        docked = any(_nested(box, other) for name, other in places.items() if name != end.node)
        for k, (_, i, which) in enumerate(sorted(users)):
            share = (k + 0.5) / len(users)
            # A work inside its flusher's card is reached at the right, beside the card's text.
            inside = docked and end.node.startswith("work ")
            ports[i, which] = _port(box, end.side, 0.7 + 0.3 * share if inside else share)
    out = []
    for i, (link, (a, b)) in enumerate(zip(drawn, ends, strict=True)):
        start, stop = ports[i, 0], ports[i, 1]
        size = 13.0 if link.role == "cycle" else 10.0
        span = ((stop[0] - start[0]) ** 2 + (stop[1] - start[1]) ** 2) ** 0.5
        reach = _reach(a.side, b.side, start, stop, span)
        path = curve(start, _out(start, a.side, reach), _out(stop, b.side, reach), stop)
        out.append((link, *arrow(path, min(size, span * 0.7))))
    return out


def _nested(a: Box, b: Box) -> bool:
    return a.holds(b) or b.holds(a)


def _sides(a: Box, b: Box) -> tuple[str, str]:
    if a.y + a.h <= b.y:
        return "bottom", "top"
    if b.y + b.h <= a.y:
        return "top", "bottom"
    if a.cx < b.cx:
        return ("right", "left") if b.x - (a.x + a.w) < _NEAR else ("top", "top")
    return ("left", "right") if a.x - (b.x + b.w) < _NEAR else ("top", "top")


def _along(side: str, other: Box) -> float:
    return other.cx if side in ("top", "bottom") else other.cy


def _port(box: Box, side: str, share: float) -> Point:
    inset = 0.14
    t = inset + (1 - 2 * inset) * share
    if side in ("top", "bottom"):
        return box.x + box.w * t, box.y if side == "top" else box.y + box.h
    return box.x if side == "left" else box.x + box.w, box.y + box.h * t


def _out(point: Point, side: str, reach: float) -> Point:
    """A point outside the box, so that the arrow meets the side at a right angle."""
    dx, dy = {"top": (0, -1), "bottom": (0, 1), "left": (-1, 0), "right": (1, 0)}[side]
    return point[0] + dx * reach, point[1] + dy * reach


def _reach(side: str, other: str, start: Point, stop: Point, span: float) -> float:
    """How far an arrow goes straight out before it turns: less than half the way, or it would double back."""
    if side == other:  # an arc above boxes that stand in one row
        return min(46.0, 18.0 + span * 0.12)
    return 0.5 * abs(stop[1] - start[1]) if side in ("top", "bottom") else 0.3 * span
