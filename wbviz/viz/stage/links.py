"""The arrows of a snapshot: who waits for what, who holds it, what each arrow says, and who stands aside of a cycle."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

from wbviz.kernel.reasons import Wait
from wbviz.viz.stage.arrows import Link, arrows
from wbviz.viz.stage.layers import Marks, Stress
from wbviz.viz.stage.layout import Layout
from wbviz.viz.stage.shapes import Box, Point
from wbviz.viz.stage.words import edge_page


def ring_nodes(cycle: Sequence[Mapping[str, Any]], pages: Collection[str]) -> tuple[str, ...]:
    """The nodes of a wait-for cycle in their order: who waits, the page it wants, who holds that, and so on."""
    return tuple(node for edge in cycle for node in _hops(edge, pages)[:-1])


def _hops(edge: Mapping[str, Any], pages: Collection[str]) -> list[str]:
    page = edge_page(edge, pages)
    return [edge["from"], f"page {page}", edge["to"]] if page else [edge["from"], edge["to"]]


def put_links(out: Marks, snapshot: Mapping[str, Any], at: Layout, places: Mapping[str, Box], stress: Stress) -> None:
    """Wait-for edges as arrows: from who waits to the page it wants, and from there to who holds it."""
    names = [page["name"] for page in snapshot["pages"]]
    told = [task for task in snapshot["tasks"] if task["name"] not in stress.quiet]
    edges = [*stress.ring, *stress.cycle, *(edge for task in told for edge in task["waits"])]
    in_cycle = {hop for edge in stress.cycle for hop in pairwise(_hops(edge, names))}
    there = in_cycle | {hop for task in told for edge in task["waits"] for hop in pairwise(_hops(edge, names))}
    links: dict[tuple[str, str], Link] = {}
    unsent = {
        f"{_hops(edge, names)[-2]} > {edge['to']}"
        for edge in edges
        if edge.get("wait") == Wait.WRITEBACK and edge["to"] != "disk"
    }
    for edge in edges:
        for i, (a, b) in enumerate(pairwise(_hops(edge, names))):
            kind = "cycle" if (a, b) in in_cycle else "hold" if i == 1 else "wait"
            if a in places and b in places:
                links.setdefault((a, b), Link(a, b, kind))
    layer = {"cycle": "cycle", "wait": "waits", "hold": "holds"}
    for link, body, head in arrows(list(links.values()), places):
        if (link.start, link.end) in there:
            key = f"{link.start} > {link.end}"
            bystander = stress.cycle and link.role != "cycle"
            role = "edge" if bystander else link.role
            out[layer[link.role]][key] = [role, *(v for point in body for v in point)]
            out["heads"][key] = [role, *(v for point in head for v in point)]
            if not bystander:
                _label(out, key, link, body, at, places, "unsent in" if key in unsent else "held by")
    for edge in stress.cycle:  # works in a cycle; tasks and pages have their rings already
        for node in (edge["from"], edge["to"]):
            if node.startswith("work ") and node in places:
                box = places[node]
                out["rings"][node] = ["cycle", box.x - 2, box.y - 2, box.w + 4, box.h + 4, 8]


def _label(
    out: Marks, key: str, link: Link, path: Sequence[Point], at: Layout, places: Mapping[str, Box], held: str
) -> None:
    """What an arrow says, on a plate of its own: at its middle, or where it covers least nearby.

    held: what it says from a page to whoever has it.
    """
    text = "waits for"
    if link.end.startswith("page "):
        text = f"wants {link.end.removeprefix('page ')}"
    elif link.start.startswith("page "):
        text = held
    w, h = len(text) * 7.6 + 8, 18.0
    taken = [*places.values(), *(Box(*mark[1:5]) for mark in out["plates"].values())]
    taken += [box._replace(w=70.0, h=20.0) for box in at.inodes.values()]
    taken += [Box(-w, 0, w, at.height), Box(at.width, 0, w, at.height)]  # outside
    last = len(path) - 1
    spots = [(path[round(last * t)], dx, dy) for dx, dy in _BESIDE for t in (0.5, 0.35, 0.65, 0.2, 0.8)]
    plates = [Box(x + dx * (w / 2 + 8) - w / 2, y + dy * 20 - h / 2, w, h) for (x, y), dx, dy in spots]
    best = min(plates, key=lambda plate: sum(plate.shares(box) for box in taken))
    out["plates"][key] = ["paper", *best, 5]
    out["labels"][key] = [link.role, best.cx, best.cy, text]


_BESIDE = ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1), (0, -2), (0, 2))
"""Where a label may lie beside its arrow, in its own widths and heights."""


def put_veil(out: Marks, snapshot: Mapping[str, Any], at: Layout, places: Mapping[str, Box], stress: Stress) -> None:
    """Dim whoever has no part in the cycle."""
    ring = set(ring_nodes(stress.cycle, [page["name"] for page in snapshot["pages"]]))
    works = {work["by"] or "lane" for work in snapshot["works"] if f"work {work['id']}" in ring}
    for node, box in places.items():
        if node not in ring | works and not node.startswith("work "):
            out["veil"][node] = ["veil", box.x - 3, box.y - 3, box.w + 6, box.h + 6, 9]
    if "lane" not in works:
        out["veil"]["lane"] = ["veil", *at.lane, 8]
