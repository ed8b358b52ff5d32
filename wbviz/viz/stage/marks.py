"""One snapshot as marks: which boxes, glyphs, arrows and words stand where, layer by layer (`layers`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wbviz.trace.called import call_words
from wbviz.viz.stage.layers import LAYERS, PLAIN, Marks, Stress
from wbviz.viz.stage.layout import Cast, Layout
from wbviz.viz.stage.links import put_links, put_veil
from wbviz.viz.stage.shapes import Box
from wbviz.viz.stage.words import edge_page, inode_notes, page_state, work_title

_STATUS = {
    "ready": ("runs", "can run"),
    "blocked": ("waits", "waits"),
    "idle": ("idle", "idle"),
    "ended": ("ended", "ended"),
}  # glyph and words


def fit(text: str, width: float, size: float) -> str:
    """Cut a text to about `width` at a font size; letters of a sans serif take some 0.54 of it."""
    room = max(2, int(width / (size * 0.54)))
    return text if len(text) <= room else text[: room - 1] + "…"


def marks(snapshot: Mapping[str, Any], who: Cast, at: Layout, stress: Stress = PLAIN) -> Marks:
    """All marks of a snapshot, by layer and stable identifier. Pure: the same arguments, the same marks."""
    out: Marks = {layer.name: {} for layer in LAYERS}
    places = _places(snapshot, at)
    _lane(out, snapshot, at)
    for inode in snapshot["inodes"]:
        _inode(out, inode, at)
    for task in snapshot["tasks"]:
        _task(out, task, who, places, stress)
    for page in snapshot["pages"]:
        _page(out, page, who, at, stress)
    held = {page["holder"] for page in snapshot["pages"]}
    for work in snapshot["works"]:
        _work(out, work, places[f"work {work['id']}"], f"work {work['id']}" in held)
    put_links(out, snapshot, at, places, stress)
    if stress.cycle:
        put_veil(out, snapshot, at, places, stress)
    return out


def hue(name: str, who: Cast) -> str:
    """The role that colours whatever belongs to a task; a work has one of its own."""
    return f"t{hues(who)[name]}" if name in who.tasks else "tw"


# The same task has the same colour in every trace of a book.
_HUES = {"kswapd": 0, "writer": 1, "flusher": 2, "truncate": 3, "sync": 4, "reader": 5, "cleaner": 6, "unlink": 7}


def hues(who: Cast) -> dict[str, int]:
    """The number of each task's colour. The usual tasks keep theirs; the others get what is left over."""
    found = {name: _HUES[name] for name in who.tasks if name in _HUES}
    free = [number for number in range(8) if number not in found.values()] or list(range(8))
    others = [name for name in who.tasks if name not in found]
    return found | {name: free[i % len(free)] for i, name in enumerate(others)}


def _places(snapshot: Mapping[str, Any], at: Layout) -> dict[str, Box]:
    """Boxes by node name, as wait-for edges name them, and pages as "page A0"."""
    places: dict[str, Box] = {**at.tasks, **{f"page {name}": box for name, box in at.pages.items()}}
    slots = iter(at.slots)
    for work in snapshot["works"]:
        dock = at.docks.get(work["by"]) if work["by"] else next(slots, at.slots[-1])
        places[f"work {work['id']}"] = dock or at.slots[0]
    return places


def _lane(out: Marks, snapshot: Mapping[str, Any], at: Layout) -> None:
    x, y, w, h = at.lane
    out["ground"]["lane"] = ["lane", x, y, w, h, 8]
    near, far = (x + w - 55, x + 66) if at.mirrored and not at.below else (x + 11, x + w - 11)
    out["names"]["lane"] = ["soft", near, y + 17, "queue"]
    out["ends"]["lane"] = ["soft", far, y + 17, "next ↓" if at.below else "← next" if at.mirrored else "next →"]
    if all(work["by"] for work in snapshot["works"]):
        out["notes"]["lane"] = ["soft", x + w / 2, y + h / 2 + 8, "empty"]


def _inode(out: Marks, inode: Mapping[str, Any], at: Layout) -> None:
    box = at.inodes.get(inode["name"])
    if box is None:
        return
    key, notes = f"inode {inode['name']}", inode_notes(inode)
    out["names"][key] = ["ink", box.x, box.y + (10 if at.narrow else 16), key]
    if at.narrow:
        if notes:
            out["words"][key] = ["soft", box.x + 66, box.y + 10, ", ".join(notes)]
    else:
        for i, note in enumerate(notes):
            out["words"][f"{key} {i}"] = ["soft", box.x, box.y + 36 + 17 * i, note]


def _task(out: Marks, task: Mapping[str, Any], who: Cast, places: Mapping[str, Box], stress: Stress) -> None:
    name = task["name"]
    box = places[name]
    key = f"task {name}"
    waits = task["status"] == "blocked" and name not in stress.quiet
    shape, word = _STATUS["ready" if task["status"] == "blocked" and not waits else task["status"]]
    ink = "soft" if task["status"] in ("idle", "ended") else "ink"
    out["boxes"][key] = ["card-dim" if task["status"] == "ended" else "card", *box, 7]
    out["names"][key] = [ink, box.x + 15, box.y + 18, fit(name, box.w - 28, 14.5)]
    if name == "disk":
        out["glyphs"][key] = ["disk", box.x + box.w - 18, box.y + box.h / 2, 22, "disk"]
        out["bands"][key] = ["disk", box.x, box.y + 10, 5, 50, 2]
        shape, word = ("runs", "can write") if task["status"] == "ready" else ("idle", "idle")
    else:
        out["bands"][key] = [hue(name, who), box.x, box.y + 10, 5, 50, 2]
    status = "cycle" if waits and any(edge["from"] == name for edge in stress.cycle) else "wait" if waits else "soft"
    out["glyphs"][f"{key} status"] = [status, box.x + 20, box.y + 38, 11, shape]
    out["words"][f"{key} status"] = [status, box.x + 31, box.y + 38, word]
    if task["next"] and task["status"] in ("ready", "blocked") and name != "disk":
        out["words"][f"{key} next"] = [ink, box.x + 15, box.y + 56, fit(call_words(task["next"]), box.w - 20, 13.5)]
    if any(name in (edge["from"], edge["to"]) for edge in stress.cycle):
        out["rings"][key] = ["cycle", box.x - 3, box.y - 3, box.w + 6, box.h + 6, 9]
    elif name == stress.acting:
        out["rings"][key] = ["ring", box.x - 2, box.y - 2, box.w + 4, box.h + 4, 8]


def _page(out: Marks, page: Mapping[str, Any], who: Cast, at: Layout, stress: Stress) -> None:
    box = at.pages[page["name"]]
    x, y, w, h = box
    key = f"page {page['name']}"
    role, word, letter = page_state(page)
    ink = f"ink-{role}"
    out["boxes"][key] = [role, x, y, w, h, 4 if at.small else 6]
    glyph = "gone" if role == "freed" else role
    if at.small:
        out["notes"][key] = [ink, x + w / 2, y + 10, page["name"]]
        pins = f"·{page['pins']}" if page["pins"] else ""
        out["notes"][f"{key} state"] = [ink, x + w / 2 + 8, y + 25, letter + pins]
        gx, gy, size = x + w / 2 - 10, y + 24.5, 10.0
    else:
        out["names"][key] = [ink, x + 10, y + 17, page["name"]]
        out["words"][f"{key} state"] = [ink, x + 31, y + 42, word]
        if page["pins"]:
            pins = f"{page['pins']} pin" + ("s" if page["pins"] > 1 else "")
            out["ends"][f"{key} pins"] = [ink, x + w - 9, y + 17, pins]
        gx, gy, size = x + 18.5, y + 41.5, 15.0
    out["glyphs"][key] = [ink, gx, gy, size, glyph]
    if role == "writeback":
        out["glyphs"][f"{key} plate"] = [ink, gx, gy, size, "plate"]
    if page["holder"]:
        band = 15.0 if at.small else 23.0
        out["bands"][key] = [hue(page["holder"], who), x + 1.5, y + h - band - 1.5, w - 3, band, 4]
        if at.small:
            short = page["holder"].replace("work ", "w")[: 2 if w < 40 else 3]
            out["notes"][f"{key} holder"] = ["on", x + w / 2, y + h - 9, short]
        else:
            out["glyphs"][f"{key} lock"] = ["on", x + 14, y + h - 13.5, 13, "lock"]
            out["words"][f"{key} holder"] = ["on", x + 25, y + h - 13, fit(page["holder"], w - 28, 13.5)]
    if key in {f"page {edge_page(edge, at.pages)}" for edge in stress.cycle}:
        out["rings"][key] = ["cycle", x - 2, y - 2, w + 4, h + 4, 8]
    elif page["name"] in stress.touched:
        out["rings"][key] = ["ring", x - 1.5, y - 1.5, w + 3, h + 3, 7]


def _work(out: Marks, work: Mapping[str, Any], box: Box, holds_lock: bool) -> None:
    key = f"work {work['id']}"
    x, y, w, h = box
    out["works"][key] = ["work-sync" if work["kind"] == "sync" else "work", x, y, w, h, 6]
    narrow = w < 70
    title = (work["page"] or work["inode"] or work["kind"]) if narrow else work_title(work)
    if h < 40:  # room for one line
        out["tags"][key] = [
            "ink",
            x + w / 2 - (6 if holds_lock else 0),
            y + h / 2,
            fit(f"w{work['id']} {title}", w, 13),
        ]
    else:
        out["tags"][key] = ["ink", x + w / 2, y + 15, f"w{work['id']}" if narrow else key]
        out["tags"][f"{key} title"] = ["ink", x + w / 2, y + 32, fit(title, w - 6, 13)]
    if holds_lock:
        out["badges"][key] = ["tw", x + w - 11, y + min(14, h / 2), 12, "lock"]
