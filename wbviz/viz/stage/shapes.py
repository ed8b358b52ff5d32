"""Small polygons the scene is drawn with: state glyphs, arrowheads, curves.

Everything here is plain geometry in scene units (about one CSS pixel at the natural size), y downwards. The glyph table
travels with the frames, so that bqplot, the page's own SVG and the static figure draw the very same outlines.
"""

from __future__ import annotations

from math import atan2, cos, hypot, pi, sin
from typing import NamedTuple

Point = tuple[float, float]


class Box(NamedTuple):
    """A rectangle by its top left corner."""

    x: float
    y: float
    w: float
    h: float

    @property
    def cx(self) -> float:
        return self.x + self.w / 2

    @property
    def cy(self) -> float:
        return self.y + self.h / 2

    def holds(self, other: Box) -> bool:
        """Does the other rectangle lie inside this one?"""
        return (
            self.x <= other.x
            and self.y <= other.y
            and self.x + self.w >= other.x + other.w
            and self.y + self.h >= other.y + other.h
        )

    def shares(self, other: Box) -> float:
        """How much area both rectangles have in common."""
        wide = min(self.x + self.w, other.x + other.w) - max(self.x, other.x)
        high = min(self.y + self.h, other.y + other.h) - max(self.y, other.y)
        return max(0.0, wide) * max(0.0, high)


def _arc(cx: float, cy: float, r: float, start: float, end: float, n: int) -> list[Point]:
    step = (end - start) / (n - 1)
    return [(cx + r * cos(start + step * i), cy + r * sin(start + step * i)) for i in range(n)]


def _padlock() -> list[Point]:
    """A body with a shackle, as one outline: up and over outside, back inside, then round the body."""
    outer = _arc(0, -0.1, 0.31, pi, 2 * pi, 9)
    inner = _arc(0, -0.1, 0.16, 2 * pi, pi, 7)
    return [(-0.42, 0.5), (-0.42, 0.0), (-0.31, 0.0), *outer, (0.31, 0.0), (0.16, 0.0), *inner,
            (-0.16, 0.0), (0.42, 0.0), (0.42, 0.5)]  # fmt: skip


def _ring() -> list[Point]:
    return [*_arc(0, 0, 0.46, 0, 2 * pi, 19), *_arc(0, 0, 0.3, 2 * pi, 0, 17)]


def _drop() -> list[Point]:
    """A drop of ink: dirty."""
    return [(0, -0.55), *_arc(0, 0.13, 0.38, -pi / 5, pi + pi / 5, 13)]


#: Outlines in a unit square around the origin; every one is one closed polygon without holes.
SHAPES: dict[str, list[Point]] = {
    "lock": _padlock(),
    "dirty": _drop(),
    "clean": _ring(),
    # an arrow onto a plate: on its way to the disk
    "writeback": [(-0.13, -0.55), (0.13, -0.55), (0.13, -0.12), (0.38, -0.12), (0.0, 0.3), (-0.38, -0.12),
                  (-0.13, -0.12)],
    "plate": [(-0.45, 0.36), (0.45, 0.36), (0.45, 0.52), (-0.45, 0.52)],
    "gone": [(-0.46, -0.32), (-0.32, -0.46), (0, -0.14), (0.32, -0.46), (0.46, -0.32), (0.14, 0), (0.46, 0.32),
             (0.32, 0.46), (0, 0.14), (-0.32, 0.46), (-0.46, 0.32), (-0.14, 0)],
    "runs": [(-0.34, -0.46), (0.46, 0), (-0.34, 0.46)],
    "waits": [(-0.36, -0.5), (0.36, -0.5), (0.07, 0.0), (0.36, 0.5), (-0.36, 0.5), (-0.07, 0.0)],
    "idle": _ring(),
    "ended": [(-0.46, 0.02), (-0.3, -0.14), (-0.12, 0.06), (0.32, -0.4), (0.46, -0.26), (-0.12, 0.36)],
    "pin": [(-0.22, -0.5), (0.22, -0.5), (0.16, -0.1), (0.36, 0.12), (0.06, 0.12), (0.0, 0.55), (-0.06, 0.12),
            (-0.36, 0.12), (-0.16, -0.1)],
    "disk": [*_arc(0, -0.26, 0.46, pi, 2 * pi, 9), (0.46, 0.3), *_arc(0, 0.3, 0.46, 0, pi, 9)],
}  # fmt: skip
# The disk is a cylinder, so its two arcs are flattened.
SHAPES["disk"] = [(x, y0 + (y - y0) * 0.4) for x, y in SHAPES["disk"] for y0 in ((-0.26 if y < 0.1 else 0.3),)]


def curve(start: Point, leave: Point, arrive: Point, end: Point, n: int = 21) -> list[Point]:
    """A cubic Bezier arc of n points: it leaves `start` towards `leave` and comes to `end` from `arrive`."""
    points = []
    for i in range(n):
        t = i / (n - 1)
        u = 1 - t
        a, b, c, d = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
        points.append(
            (
                a * start[0] + b * leave[0] + c * arrive[0] + d * end[0],
                a * start[1] + b * leave[1] + c * arrive[1] + d * end[1],
            )
        )
    return points


def arrow(points: list[Point], size: float) -> tuple[list[Point], list[Point]]:
    """A curve shortened to make room for its head, and the head: a triangle whose tip is the curve's last point."""
    tip = points[-1]
    body = [p for p in points[:-1] if hypot(tip[0] - p[0], tip[1] - p[1]) > size]
    if not body:
        body = points[:1]
    back = body[-1]
    angle = atan2(tip[1] - back[1], tip[0] - back[0])
    base = (tip[0] - size * cos(angle), tip[1] - size * sin(angle))
    left = (base[0] + 0.5 * size * sin(angle), base[1] - 0.5 * size * cos(angle))
    right = (base[0] - 0.5 * size * sin(angle), base[1] + 0.5 * size * cos(angle))
    return [*body, base], [tip, left, right]
