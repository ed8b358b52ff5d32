"""Labels that would lie over each other, moved apart."""

from __future__ import annotations

from collections.abc import Sequence


def apart(wanted: Sequence[float], line: float, top: float, bottom: float) -> list[float]:
    """Heights near those wanted, in their order, a line of text apart, between top and bottom if there is room."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = dict.fromkeys(order, 0.0)
    free = bottom - (len(order) - 1) * line
    for i in order:
        placed[i] = max(min(wanted[i], free), top)
        top, free = placed[i] + line, free + line
    return [placed[i] for i in range(len(wanted))]
