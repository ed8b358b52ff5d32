"""Where everything in a scene stands: tasks above, pages by inode and index between, the queue and its flusher below.

Two layouts of the same cast are made, one for a column of text on a desk, one for a telephone. Units are about
CSS pixels. Where a run ends in a wait-for cycle, tasks and pages are arranged so that the cycle is an open ring: of the
few arrangements there are, the one in which its arrows cross least, and then the one that encloses most.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, pairwise, permutations, product
from typing import Any, NamedTuple

from wbviz.viz.stage.shapes import Box, Point

Snapshot = Mapping[str, Any]

WIDE, NARROW = 640.0, 336.0
_MARGIN, _GAP = 12.0, 10.0
_CORRIDOR, _CORRIDOR_NARROW = 58.0, 42.0  # the free band between pages and tasks, where the wait-for arrows run
_CARD_H, _WORK_W, _WORK_H = 70.0, 92.0, 46.0
_ORDERS = 24
"""So many orders of the task cards are tried at most: all of four."""


class Cast(NamedTuple):
    """Everybody who appears in a trace, in the order in which they are drawn."""

    rows: tuple[tuple[str, tuple[str, ...]], ...]  # inode name, names of its pages by index
    tasks: tuple[str, ...]  # all but the disk
    flushers: tuple[str, ...]  # those of the tasks that take works from the queue
    disk: bool
    longest_queue: int


class Layout(NamedTuple):
    """Boxes in a scene of `width` x `height`; `small` cells have room for a letter only."""

    width: float
    height: float
    narrow: bool
    small: bool
    pages: Mapping[str, Box]
    inodes: Mapping[str, Box]
    tasks: Mapping[str, Box]
    lane: Box
    mirrored: bool  # the flusher stands at the left of its queue
    below: bool  # the flusher stands below its queue, not beside it
    slots: tuple[Box, ...]  # slot 0 is the head of the queue, beside the flusher
    docks: Mapping[str, Box]  # where the work that a flusher runs lies


def cast(snapshots: Iterable[Snapshot]) -> Cast:
    """Who appears in any of the snapshots. The first appearance gives the order; pages go by index."""
    pages: dict[str, tuple[str, int]] = {}
    inodes: dict[str, None] = {}
    tasks: dict[str, None] = {}
    workers: set[str] = set()
    longest = 0
    for snapshot in snapshots:
        for inode in snapshot["inodes"]:
            inodes.setdefault(inode["name"])
        for page in snapshot["pages"]:
            pages.setdefault(page["name"], (page["inode"], page["index"]))
            inodes.setdefault(page["inode"])
        for task in snapshot["tasks"]:
            tasks.setdefault(task["name"])
        workers.update(work["by"] for work in snapshot["works"] if work["by"])
        longest = max(longest, sum(1 for work in snapshot["works"] if not work["by"]))
    rows = tuple(
        (inode, tuple(sorted((n for n, (i, _) in pages.items() if i == inode), key=lambda n: pages[n][1])))
        for inode in inodes
    )
    named = tuple(name for name in tasks if name != "disk")
    flushers = tuple(name for name in named if name.startswith("flusher") or name in workers)
    return Cast(tuple(row for row in rows if row[1]), named, flushers, "disk" in tasks, longest)


def layout(who: Cast, narrow: bool, ring: Sequence[str] = ()) -> Layout:
    """Place a cast. Every box lies inside the scene and no two cards, pages or slots overlap.

    ring: the nodes of a wait-for cycle in their order, as wait-for edges name them, pages as "page A0".
    """
    above = tuple(task for task in who.tasks if task not in who.flushers)
    if not ring:
        return _arranged(who, above, "right", narrow, False)
    orders = list(permutations(above))[:_ORDERS] if len(above) <= 4 else [above]
    places = ("middle", "right", "left") if not narrow else ("right", "left")
    tried = [_arranged(who, order, place, narrow, True) for order, place in product(orders, places)]
    return min(tried, key=lambda at: _tangle(at, ring))


def _tangle(at: Layout, ring: Sequence[str]) -> tuple[int, float]:
    """How often the arrows of a ring cross, and how little it encloses."""
    middles = [middle for node in ring if (middle := _middle(at, node))]
    if len(middles) < 3:
        return 0, 0.0
    sides = list(pairwise([*middles, middles[0]]))
    crossings = sum(_cross(*one, *other) for one, other in combinations(sides, 2))
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in sides)
    return crossings, -abs(area)


def _middle(at: Layout, node: str) -> Point | None:
    box = at.tasks.get(node) or at.pages.get(node.removeprefix("page "))
    if box is None and node.startswith("work "):
        box = at.slots[0]
    return (box.cx, box.cy) if box else None


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether two lines cross, other than in a common end."""

    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def _arranged(who: Cast, above: tuple[str, ...], flusher: str, narrow: bool, spread: bool) -> Layout:
    """One arrangement: the order of the cards above, where the flusher stands, whether pages stand apart."""
    width = NARROW if narrow else WIDE
    tasks, y = _task_cards(above, width, narrow)
    corridor = _CORRIDOR_NARROW if narrow else _CORRIDOR
    pages, inodes, small, y = _pages(who, y + (corridor if tasks else 0), width, narrow, spread)
    y += corridor
    beside = narrow and who.longest_queue <= 2 and len(who.flushers) <= 1
    lane, slots, docks, workers, bottom = (
        _beside(who, y, width, flusher) if beside else _lane(who, y, width, narrow, flusher)
    )
    return Layout(
        width=width,
        height=bottom + _MARGIN,
        narrow=narrow,
        small=small,
        pages=pages,
        inodes=inodes,
        tasks={**tasks, **workers},
        lane=lane,
        mirrored=flusher == "left",
        below=narrow and not beside,
        slots=slots,
        docks=docks,
    )


def _task_cards(names: tuple[str, ...], width: float, narrow: bool) -> tuple[dict[str, Box], float]:
    per_row = 2 if narrow else 4
    rows = max(1, -(-len(names) // per_row))
    per_row = max(1, -(-len(names) // rows)) if not narrow else 2
    inner = width - 2 * _MARGIN
    card = min(176.0, (inner - (per_row - 1) * _GAP) / per_row)
    used = per_row * card + (per_row - 1) * _GAP
    spread = (inner - used) / max(1, per_row) if per_row > 1 or not narrow else 0.0
    boxes: dict[str, Box] = {}
    for i, name in enumerate(names):
        row, column = divmod(i, per_row)
        x = _MARGIN + spread / 2 + column * (card + _GAP + spread)
        boxes[name] = Box(x, _MARGIN + row * (_CARD_H + _GAP), card, _CARD_H)
    bottom = _MARGIN + rows * _CARD_H + (rows - 1) * _GAP if names else _MARGIN
    return boxes, bottom


def _pages(
    who: Cast, top: float, width: float, narrow: bool, spread: bool
) -> tuple[dict[str, Box], dict[str, Box], bool, float]:
    longest = max((len(names) for _, names in who.rows), default=1)
    label = 0.0 if narrow else 78.0
    inner = width - 2 * _MARGIN - label
    roomy, tight, gap = (98.0, 40.0, 8.0) if narrow else (104.0, 40.0, 10.0)
    fits = int((inner + gap) // (roomy + gap))
    small = longest > (2 * fits if narrow else fits + 1)
    if small:
        gap = 4.0
        per_row = min(longest, int((inner + gap) // (tight + gap)), 16)
        cell = min(48.0, (inner - (per_row - 1) * gap) / per_row)
        cell_h = 50.0
    else:
        per_row = min(longest, fits if narrow else fits + 1)
        cell = min(118.0, (inner - (per_row - 1) * gap) / per_row)
        cell_h = 84.0
        if spread and per_row > 1:  # a ring needs room inside
            gap = (inner - per_row * cell) / per_row
    used = per_row * cell + (per_row - 1) * gap
    left = _MARGIN + label + (0.0 if small else (inner - used) / 2)
    if not narrow and not small and not spread:
        left = max(_MARGIN + label, (width - used) / 2)
    pages: dict[str, Box] = {}
    inodes: dict[str, Box] = {}
    y = top
    for inode, names in who.rows:
        if narrow:
            inodes[inode] = Box(_MARGIN, y, inner, 20.0)
            y += 24.0
        rows = -(-len(names) // per_row)
        height = rows * cell_h + (rows - 1) * _GAP
        if not narrow:
            inodes[inode] = Box(_MARGIN, y, label, height)
        for i, name in enumerate(names):
            row, column = divmod(i, per_row)
            pages[name] = Box(left + column * (cell + gap), y + row * (cell_h + _GAP), cell, cell_h)
        y += height + 12.0
    return pages, inodes, small, y - 12.0 if who.rows else top


def _lane(
    who: Cast, top: float, width: float, narrow: bool, flusher: str
) -> tuple[Box, tuple[Box, ...], dict[str, Box], dict[str, Box], float]:
    right = width - _MARGIN
    card_w, card_h = 168.0, _CARD_H + _WORK_H + 14.0
    disk_w = 104.0 if who.disk else 0.0
    apart = disk_w + 18.0 if who.disk else 0.0
    workers: dict[str, Box] = {}
    count = max(1, len(who.flushers))
    x = _MARGIN if flusher == "left" else (width - card_w) / 2 if flusher == "middle" else right - card_w
    if narrow:
        lane = Box(_MARGIN, top, width - 2 * _MARGIN, _WORK_H + 38.0)
        y = lane.y + lane.h + 28.0
        if who.disk:
            disk_x = _MARGIN if x > _MARGIN else right - disk_w
            workers["disk"] = Box(disk_x, y, disk_w, _CARD_H)
    else:
        y = top
        x -= apart if flusher == "right" else 0
        first, last = (x + card_w + 18.0, right - apart) if flusher == "left" else (_MARGIN, x - 18.0)
        lane = Box(first, top, last - first, card_h)
        if who.disk:
            workers["disk"] = Box(right - disk_w, top + (card_h - _CARD_H) / 2, disk_w, _CARD_H)
    docks: dict[str, Box] = {}
    for i, name in enumerate(who.flushers):
        card = Box(x, y + i * (card_h + _GAP), card_w, card_h)
        workers[name] = card
        docks[name] = Box(card.x + 12.0, card.y + _CARD_H + 4.0, card_w - 24.0, _WORK_H)
    bottom = max(lane.y + lane.h, y + count * card_h + (count - 1) * _GAP)
    return lane, _slots(lane, max(1, who.longest_queue), flusher == "left"), docks, workers, bottom


def _beside(
    who: Cast, top: float, width: float, flusher: str
) -> tuple[Box, tuple[Box, ...], dict[str, Box], dict[str, Box], float]:
    """On a telephone: a short queue beside its flusher, the disk below it."""
    card_w, card_h, lane_h = 168.0, _CARD_H + _WORK_H + 14.0, 64.0
    left = flusher == "left"
    card = Box(_MARGIN if left else width - _MARGIN - card_w, top, card_w, card_h)
    column = width - 2 * _MARGIN - card_w - 12.0
    x = card.x + card_w + 12.0 if left else _MARGIN
    lane = Box(x, top, column, lane_h)
    workers = dict.fromkeys(who.flushers, card)
    docks = {name: Box(card.x + 12.0, card.y + _CARD_H + 4.0, card_w - 24.0, _WORK_H) for name in who.flushers}
    if who.disk:
        workers["disk"] = Box(x, top + lane_h + 8.0, column, _CARD_H)
    w, h = (column - 16.0) / 2, 34.0
    first = x + 6.0 if left else x + column - 6.0 - w
    slots = tuple(
        Box(first + (i if left else -i) * (w + 4.0), top + 25.0, w, h) for i in range(max(1, who.longest_queue))
    )
    return lane, slots, docks, workers, max(top + lane_h + (8.0 + _CARD_H if who.disk else 0.0), card.y + card_h)


def _slots(lane: Box, count: int, mirrored: bool) -> tuple[Box, ...]:
    """Where works wait; the first is the one beside the flusher."""
    room = lane.w - 20.0
    pitch = min(_WORK_W + 10.0, (room - _WORK_W) / max(1, count - 1)) if count > 1 else 0.0
    head = lane.x + 10.0 if mirrored else lane.x + lane.w - 10.0 - _WORK_W
    y = lane.y + (lane.h - _WORK_H) / 2 + 10.0
    return tuple(Box(head + (i if mirrored else -i) * pitch, y, _WORK_W, _WORK_H) for i in range(count))
