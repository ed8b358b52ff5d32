"""What a real kernel said, as a page. A report as a picture: tasks at the left, what they sleep for at the right.

An arrow to the right: sleeps for. An arrow back: may hold such a thing, or has to do it. Red: in a candidate for a
cycle. Which page it is nobody knows, so a box at the right is a kind of thing, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from wbviz.trouble import events_words
from wbviz.trouble.events import Trace
from wbviz.trouble.functions import Doing, Hold, Wait
from wbviz.trouble.reading import Reading, Role, Sleeper, Why
from wbviz.trouble.words import (
    COLLECT,
    DOING,
    ROLES,
    alike_words,
    cycle_words,
    gap_words,
    headline,
    holds_words,
    no_cycle_words,
    wait_words,
)
from wbviz.viz.assets import palette
from wbviz.viz.cells.bars import bars
from wbviz.viz.stage.figure import drawn
from wbviz.viz.stage.layers import LAYERS, Marks
from wbviz.viz.stage.marks import fit
from wbviz.viz.stage.shapes import Box, arrow, curve

MOST_DRAWN = 12
WIDTH, LEFT, RIGHT, HIGH, GAP = 720.0, 290.0, 235.0, 62.0, 14.0
"""Of the picture, a task's card, a kind's box; the height of both, and the space between two."""

_HUES = {Doing.KSWAPD: "t0", Doing.WRITE: "t1", Doing.WRITEBACK: "t2", Doing.TRUNCATE: "t3", Doing.SYNC: "t4"}
_KINDS = {
    Wait.PAGE_LOCK: ("a page", "its lock; which page?"),
    Wait.PAGE_WRITEBACK: ("a page", "its writeback; which page?"),
    Wait.PAGE_BIT: ("a page", "lock or writeback? which page?"),
    Wait.WORK: ("a work", "in the flusher's queue"),
    Wait.INODE_LOCK: ("an inode", "its lock; which inode?"),
    Wait.MAPPING_LOCK: ("a mapping", "its lock"),
    Wait.MMAP_LOCK: ("an address space", "its lock"),
    Wait.SUPER_LOCK: ("a file system", "a lock of it"),
    Wait.OTHER_LOCK: ("a mutex or semaphore", "which one?"),
    Wait.JOURNAL: ("the journal", "a transaction"),
    Wait.THROTTLE: ("the dirty limit", "until enough is written"),
    Wait.EVICTION: ("an inode", "until it is written or gone"),
    Wait.BLOCK_IO: ("the block layer", "a request, or a block"),
    Wait.RECLAIM: ("memory", "until some is free"),
    Wait.REPLY: ("a server", "its answer"),
    Wait.UNKNOWN: ("unknown", "the stack does not tell"),
}
_HELD: dict[Hold, tuple[Wait, ...]] = {
    Hold.PAGES: (Wait.PAGE_LOCK, Wait.PAGE_BIT),
    Hold.UNSENT: (Wait.PAGE_WRITEBACK, Wait.PAGE_BIT),
    Hold.HANDLE: (Wait.JOURNAL,),
    Hold.INODE: (Wait.INODE_LOCK,),
}
_SERVED = {
    Doing.WRITEBACK: {Wait.WORK, Wait.EVICTION, Wait.THROTTLE},
    Doing.JOURNAL: {Wait.JOURNAL},
}
_WORD = {Role.CANDIDATE: "cycle", Role.VICTIM: "soft", Role.DEVICE: "soft", Role.OPEN: "ink"}

_STYLE = """
html { background: light-dark(#f3f5f8, #0c0f13); color-scheme: light dark; }
body { margin: 0; padding: clamp(0.4rem, 2vw, 1.5rem); }
.wb-trouble { max-width: 56rem; margin: 0 auto; padding: 0.9rem 1.1rem; background: var(--wb-paper);
  color: var(--wb-ink); border: 1px solid var(--wb-edge); border-radius: 12px; font: 1rem/1.5 var(--wb-font); }
.wb-trouble svg { display: block; width: 100%; height: auto; font-family: var(--wb-font); }
.wb-trouble h1 { font-size: 1.3rem; margin: 0 0 0.6rem; }
.wb-trouble h2 { font-size: 1.05rem; margin: 1.2rem 0 0.3rem; }
.wb-trouble :is(ul, dl) { margin: 0; } .wb-trouble figure { margin: 0; overflow-x: auto; }
.wb-trouble figure + figure { margin-top: 0.8rem; }
.wb-trouble figcaption, .wb-trouble dd span { color: var(--wb-soft); }
.wb-trouble dt { font-weight: 650; margin-top: 0.5rem; overflow-wrap: anywhere; }
.wb-trouble dd { margin: 0 0 0 1.2rem; }
.wb-trouble code { font: 0.85rem/1.5 var(--wb-mono); overflow-wrap: anywhere; }
"""


class _Scene(NamedTuple):
    tasks: dict[int, Box]
    kinds: dict[Wait, Box]
    height: float


def page(read: Reading, trace: Trace) -> str:
    """A report, a trace, or both, as one HTML page with no network and no script."""
    parts = []
    if read.sleepers:
        parts.append(f"<h1>{escape(headline(read))}</h1>\n{figure(read)}\n{_told(read)}")
    if trace.events:
        parts.append(_traced(trace))
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    title = escape(headline(read) if read.sleepers else events_words.headline(trace))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f"<title>{title}</title>\n<style>{palette()}{_STYLE}</style>\n</head>\n<body>\n"
        f'<main class="wbviz wb-trouble">\n{"".join(parts)}</main>\n</body>\n</html>\n'
    )


def _traced(trace: Trace) -> str:
    (title, works), *others = events_words.sections(trace)
    head = f"<h1>{escape(title)}</h1>\n" + _list("Works", works)
    drawn = "".join(bars(title, values) for title, values in events_words.charts(trace))
    return head + drawn + "".join(_list(title, lines) for title, lines in others)


def figure(read: Reading) -> str:
    """The picture with its caption; candidates are drawn first."""
    order = {Role.CANDIDATE: 0, Role.OPEN: 1, Role.VICTIM: 2, Role.DEVICE: 3}
    shown = sorted(range(len(read.sleepers)), key=lambda i: order[read.sleepers[i].role])[:MOST_DRAWN]
    at = _scene(read, shown)
    left = len(read.sleepers) - len(shown)
    caption = (
        "To the right: sleeps for. Back: may hold such a thing, or has to do it. Red: in a candidate for a cycle."
        + (f" Not drawn: {left} more." if left else "")
    )
    said = "; ".join(f"{read.sleepers[i].task.label} sleeps for {wait_words(read.sleepers[i])}" for i in shown)
    return f"<figure>{drawn(_marks(read, at), WIDTH, at.height, said)}<figcaption>{caption}</figcaption></figure>"


def _scene(read: Reading, shown: list[int]) -> _Scene:
    step = HIGH + GAP
    tasks = {i: Box(8.0, 8 + step * row, LEFT, HIGH) for row, i in enumerate(shown)}
    waits: dict[Wait, list[float]] = {}
    for i, box in tasks.items():
        waits.setdefault(read.sleepers[i].sleep.wait, []).append(box.y)
    wanted = sorted(waits, key=lambda wait: sum(waits[wait]) / len(waits[wait]))
    kinds: dict[Wait, Box] = {}
    free = 8.0
    for wait in wanted:
        top = max(free, sum(waits[wait]) / len(waits[wait]))
        kinds[wait] = Box(WIDTH - RIGHT - 8, top, RIGHT, HIGH)
        free = top + step
    return _Scene(tasks, kinds, max(free, 8 + step * len(shown)))


def _marks(read: Reading, at: _Scene) -> Marks:
    out: Marks = {layer.name: {} for layer in LAYERS}
    for i, box in at.tasks.items():
        _card(out, f"task {i}", box, read.sleepers[i])
    for wait, box in at.kinds.items():
        name, words = _KINDS[wait]
        out["works"][wait] = ["work", *box, 6]
        out["names"][wait] = ["ink", box.x + 14, box.y + 22, name]
        out["words"][wait] = ["soft", box.x + 14, box.y + 43, words]
    circled = {i for cycle in read.cycles for i in cycle.members}
    unread = {i for cycle in read.cycles if cycle.why is Why.UNREAD for i in cycle.members}
    for i, box in at.tasks.items():
        one, role = read.sleepers[i], "cycle" if i in circled else "wait"
        _arrow(out, f"wait {i}", role, box, at.kinds[one.sleep.wait], 0.32)
        for wait in [Wait.PAGE_LOCK] if i in unread else _held(one):
            if wait in at.kinds and (wait is not one.sleep.wait or i in circled):
                _arrow(out, f"hold {i} {wait}", "cycle" if i in circled else "hold", at.kinds[wait], box, 0.75)
    return out


def _held(one: Sleeper) -> list[Wait]:
    held = {wait for hold in one.holds for wait in _HELD[hold]}
    held |= _SERVED.get(one.doing, set())
    if Hold.PAGES in one.holds and one.sleep.wait is not Wait.PAGE_WRITEBACK:
        held.add(Wait.PAGE_WRITEBACK)
    return [wait for wait in Wait if wait in held]


def _card(out: Marks, key: str, box: Box, one: Sleeper) -> None:
    out["boxes"][key] = ["card", *box, 7]
    out["bands"][key] = [_HUES.get(one.doing, "t7"), box.x, box.y + 8, 5, box.h - 16, 2]
    out["names"][key] = ["ink", box.x + 15, box.y + 18, fit(one.task.label, box.w - 24, 14)]
    out["words"][f"{key} doing"] = ["ink", box.x + 15, box.y + 36, fit(DOING[one.doing], box.w - 24, 13)]
    out["words"][f"{key} role"] = [_WORD[one.role], box.x + 15, box.y + 53, fit(ROLES[one.role], box.w - 24, 13)]
    if one.role is Role.CANDIDATE:
        out["rings"][key] = ["cycle", box.x - 3, box.y - 3, box.w + 6, box.h + 6, 9]


def _arrow(out: Marks, key: str, role: str, start: Box, end: Box, share: float) -> None:
    sign = 1.0 if start.x < end.x else -1.0
    a = (start.x + (start.w if sign > 0 else 0), start.y + start.h * share)
    b = (end.x + (0 if sign > 0 else end.w), end.y + end.h * share)
    body, head = arrow(curve(a, (a[0] + sign * 60, a[1]), (b[0] - sign * 60, b[1]), b), 11.0)
    layer = {"cycle": "cycle", "wait": "waits", "hold": "holds"}[role]
    out[layer][key] = [role, *(v for point in body for v in point)]
    out["heads"][key] = [role, *(v for point in head for v in point)]


def _told(read: Reading) -> str:
    tasks = "".join(_task(one) for one in read.sleepers)
    cycles = [cycle_words(read, cycle) for cycle in read.cycles] or [no_cycle_words(read)]
    collect = "".join(
        f"<li>{escape(COLLECT[one][0])}:<br><code>{escape(COLLECT[one][1])}</code></li>" for one in read.collect
    )
    return (
        _list("Candidates for a cycle", cycles)
        + _list("May wait for the same kind of thing", alike_words(read))
        + _list("Cannot be known from this text", gap_words(read))
        + _list("Explained in", [f"book/{chapter}.md" for chapter in read.chapters])
        + f"<h2>Collect next</h2><ul>{collect}</ul>\n<h2>The tasks</h2><dl>{tasks}</dl>\n"
    )


def _task(one: Sleeper) -> str:
    seconds = f", more than {one.task.seconds} seconds" if one.task.seconds is not None else ""
    held = f"; may hold {holds_words(one)}" if one.holds else ""
    stack = " ← ".join(frame.function + ("" if frame.sure else "?") for frame in one.task.frames)
    return (
        f"<dt>{escape(one.task.label)}{seconds}</dt><dd>sleeps for {escape(wait_words(one))}; was at "
        f"{escape(DOING[one.doing])}{held}; {ROLES[one.role]}<br><span><code>{escape(stack)}</code></span></dd>"
    )


def _list(title: str, items: Iterable[str]) -> str:
    inside = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<h2>{title}</h2><ul>{inside}</ul>\n" if inside else ""
