"""Where everything in a scene stands: tasks above, pages by inode and index between, the queue and its flusher below.

Two layouts of the same cast are made, one for a column of text on a desk, one for a telephone. Units are about
CSS pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from wbviz.viz.shapes import Box

Snapshot = Mapping[str, Any]

WIDE, NARROW = 720.0, 360.0
_MARGIN, _GAP = 14.0, 10.0
_CORRIDOR = 50.0  # the free band between pages and tasks, where the wait-for arrows run
_CARD_H, _WORK_W, _WORK_H = 62.0, 88.0, 42.0


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


def layout(who: Cast, narrow: bool) -> Layout:
    """Place a cast. Every box lies inside the scene and no two cards, pages or slots overlap."""
    width = NARROW if narrow else WIDE
    tasks, y = _task_cards(tuple(t for t in who.tasks if t not in who.flushers), width, narrow)
    pages, inodes, small, y = _pages(who, y + (_CORRIDOR if tasks else 0), width, narrow)
    y += _CORRIDOR
    lane, slots, docks, workers, bottom = _lane(who, y, width, narrow)
    return Layout(
        width, bottom + _MARGIN, narrow, small, pages, inodes, {**tasks, **workers}, lane, slots, docks
    )  # fmt: skip


def _task_cards(names: tuple[str, ...], width: float, narrow: bool) -> tuple[dict[str, Box], float]:
    per_row = 2 if narrow else 4
    rows = max(1, -(-len(names) // per_row))
    per_row = max(1, -(-len(names) // rows)) if not narrow else 2
    inner = width - 2 * _MARGIN
    card = min(182.0, (inner - (per_row - 1) * _GAP) / per_row)
    used = per_row * card + (per_row - 1) * _GAP
    spread = (inner - used) / max(1, per_row) if per_row > 1 or not narrow else 0.0
    boxes: dict[str, Box] = {}
    for i, name in enumerate(names):
        row, column = divmod(i, per_row)
        x = _MARGIN + spread / 2 + column * (card + _GAP + spread)
        boxes[name] = Box(x, _MARGIN + row * (_CARD_H + _GAP), card, _CARD_H)
    bottom = _MARGIN + rows * _CARD_H + (rows - 1) * _GAP if names else _MARGIN
    return boxes, bottom


def _pages(who: Cast, top: float, width: float, narrow: bool) -> tuple[dict[str, Box], dict[str, Box], bool, float]:
    longest = max((len(names) for _, names in who.rows), default=1)
    label = 0.0 if narrow else 78.0
    inner = width - 2 * _MARGIN - label
    roomy, tight, gap = 104.0, 34.0, 10.0
    fits = int((inner + gap) // (roomy + gap))
    small = longest > (2 * fits if narrow else fits + 1)
    if small:
        gap = 4.0
        per_row = min(longest, int((inner + gap) // (tight + gap)), 16)
        cell = min(46.0, (inner - (per_row - 1) * gap) / per_row)
        cell_h = 42.0
    else:
        per_row = min(longest, fits if narrow else fits + 1)
        cell = min(118.0, (inner - (per_row - 1) * gap) / per_row)
        cell_h = 74.0
    used = per_row * cell + (per_row - 1) * gap
    left = _MARGIN + label + (0.0 if small else (inner - used) / 2)
    if not narrow and not small:
        left = max(_MARGIN + label, (width - used) / 2)
    pages: dict[str, Box] = {}
    inodes: dict[str, Box] = {}
    y = top
    for inode, names in who.rows:
        if narrow:
            inodes[inode] = Box(_MARGIN, y, inner, 18.0)
            y += 22.0
        rows = -(-len(names) // per_row)
        height = rows * cell_h + (rows - 1) * gap
        if not narrow:
            inodes[inode] = Box(_MARGIN, y, label, height)
        for i, name in enumerate(names):
            row, column = divmod(i, per_row)
            pages[name] = Box(left + column * (cell + gap), y + row * (cell_h + gap), cell, cell_h)
        y += height + 12.0
    return pages, inodes, small, y - 12.0 if who.rows else top


def _lane(
    who: Cast, top: float, width: float, narrow: bool
) -> tuple[Box, tuple[Box, ...], dict[str, Box], dict[str, Box], float]:
    right = width - _MARGIN
    card_w, card_h = 176.0, _CARD_H + _WORK_H + 14.0
    disk_w = 110.0 if who.disk else 0.0
    workers: dict[str, Box] = {}
    count = max(1, len(who.flushers))
    if narrow:
        lane = Box(_MARGIN, top, width - 2 * _MARGIN, _WORK_H + 34.0)
        y = lane.y + lane.h + 26.0
        x = right - card_w
        if who.disk:
            workers["disk"] = Box(_MARGIN, y, width - 2 * _MARGIN - card_w - 20.0, _CARD_H)
    else:
        end = right - (disk_w + 18.0 if who.disk else 0.0)
        x, y = end - card_w, top
        lane = Box(_MARGIN, top, x - 18.0 - _MARGIN, card_h)
        if who.disk:
            workers["disk"] = Box(right - disk_w, top + (card_h - _CARD_H) / 2, disk_w, _CARD_H)
    docks: dict[str, Box] = {}
    for i, name in enumerate(who.flushers):
        card = Box(x, y + i * (card_h + _GAP), card_w, card_h)
        workers[name] = card
        docks[name] = Box(card.x + 12.0, card.y + _CARD_H + 4.0, card_w - 24.0, _WORK_H)
    bottom = max(lane.y + lane.h, y + count * card_h + (count - 1) * _GAP)
    slots_n = max(1, who.longest_queue)
    room = lane.w - 20.0
    pitch = min(_WORK_W + 12.0, (room - _WORK_W) / max(1, slots_n - 1)) if slots_n > 1 else 0.0
    head = lane.x + lane.w - 10.0 - _WORK_W
    slot_y = lane.y + (lane.h - _WORK_H) / 2 + 9.0
    slots = tuple(Box(head - i * pitch, slot_y, _WORK_W, _WORK_H) for i in range(slots_n))
    return lane, slots, docks, workers, bottom
