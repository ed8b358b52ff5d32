"""What can be touched in a scene, in words: a page, a task, a work, an arrow, the queue, at each frame.

In go the snapshots so far, each with the step that led to it; out comes, by the key of its mark, a sentence or two
(what it is, since which step, who waits for it) and the keys of what belongs to it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from wbviz.viz.stage.words import edge_page, joined, page_words, task_words, work_title

Snapshot = Mapping[str, Any]
Past = Sequence[tuple[int, Snapshot]]
"""Steps, 0 for the start, with the snapshots after them; the last is the one that is shown."""

LAYERS = ("ground", "boxes", "works", "holds", "waits", "cycle", "plates")
"""The layers whose marks can be touched, from back to front."""


class Told(NamedTuple):
    """What a thing is, in words, and the keys of what belongs to it."""

    words: str
    kin: tuple[str, ...]


def told(past: Past, arrows: Collection[str], quiet: Collection[str] = ()) -> dict[str, Told]:
    """All that can be touched in the last snapshot of `past`, by key.

    arrows: keys of the arrows that are drawn, "writer > page A1". quiet: tasks whose waiting a later frame tells.
    """
    now = past[-1][1]
    pages = [page["name"] for page in now["pages"]]
    waits = [
        (edge, edge_page(edge, pages)) for task in now["tasks"] if task["name"] not in quiet for edge in task["waits"]
    ]
    words = {f"page {page['name']}": _page(past, page, waits) for page in now["pages"]}
    words |= {f"task {task['name']}": _task(past, task, waits, quiet) for task in now["tasks"]}
    words |= {f"work {work['id']}": _work(past, work, waits) for work in now["works"]}
    words |= {arrow: _arrow(past, *arrow.split(" > ")) for arrow in arrows}
    queued = [f"work {work['id']} ({work_title(work)})" for work in now["works"] if not work["by"]]
    words["lane"] = f"The queue, next first: {joined(queued)}." if queued else "The queue, which is empty."
    kin = _kin(now, waits, arrows)
    return {key: Told(said, tuple(sorted(kin.get(key, set()) - {key}))) for key, said in words.items()}


def packed(frames: Sequence[Mapping[str, Told]], before: Sequence[int | None]) -> dict[str, Any]:
    """What all frames tell, JSON-able: {"keys", "texts", "frames"}; a frame has [key, text, kin, ...] by number for
    what differs from an earlier one, whose number `before` says (None: from nothing), and [key] for what is gone."""
    keys: dict[str, int] = {}
    texts: dict[str, int] = {}
    changes = []
    for now, source in zip(frames, before, strict=True):
        old = {} if source is None else frames[source]
        change = [[keys[key]] for key in old if key not in now]
        for key, what in now.items():
            if old.get(key) != what:
                kin = [keys.setdefault(one, len(keys)) for one in what.kin]
                change.append([keys.setdefault(key, len(keys)), texts.setdefault(what.words, len(texts)), *kin])
        changes.append(change)
    return {"keys": list(keys), "texts": list(texts), "frames": changes}


def _since(past: Past, so: Callable[[Snapshot], bool]) -> str:
    """Since which step it has been so: " since step 3", " from the start"; nothing where no past is known."""
    if len(past) == 1:
        return ""
    first = past[-1][0]
    for step, snapshot in reversed(past):
        if not so(snapshot):
            break
        first = step
    return f" since step {first}" if first else " from the start"


def _entry(snapshot: Snapshot, part: str, field: str, value: Any) -> Mapping[str, Any]:
    return next((entry for entry in snapshot[part] if entry[field] == value), {})


def _held(past: Past, page: str, holder: str, field: str = "holder") -> str:
    """Since when a task or work has a page: its lock or, with `field` "request", in its unsent request."""
    return _since(past, lambda now: _entry(now, "pages", "name", page).get(field) == holder)


def _waiting(past: Past, edge: Mapping[str, Any]) -> str:
    """Since when somebody waits as this edge says."""

    def so(now: Snapshot) -> bool:
        mine = _entry(now, "tasks", "name", edge["from"]).get("waits", ())
        return any(other["to"] == edge["to"] and other["why"] == edge["why"] for other in mine)

    return _since(past, so)


def _waiters(past: Past, edges: Iterable[Mapping[str, Any]], it: str) -> list[str]:
    return [f"{edge['from']} waits for {it}{_waiting(past, edge)}." for edge in edges]


def _page(past: Past, page: Mapping[str, Any], waits: Sequence[tuple[Mapping[str, Any], str | None]]) -> str:
    name, holder = page["name"], page["holder"]
    words = page_words(page, _held(past, name, holder) if holder else "")
    waiters = _waiters(past, [edge for edge, about in waits if about == name], "it")
    return " ".join([f"Page {name}: {words}.", *(waiters or ["Nobody waits for it."])])


def _task(
    past: Past, task: Mapping[str, Any], waits: Sequence[tuple[Mapping[str, Any], str | None]], quiet: Collection[str]
) -> str:
    name = task["name"]
    mine = [edge for edge, _ in waits if edge["from"] == name]
    shown = {**task, "status": "ready"} if name in quiet and task["status"] == "blocked" else task
    said = task_words(shown)
    blocked = mine and shown["status"] == "blocked"
    parts = [f"{said.removesuffix('.')},{_waiting(past, mine[0])}." if blocked else said]
    held = [page["name"] for page in past[-1][1]["pages"] if page["holder"] == name]
    parts += [f"It holds {page}{_held(past, page, name)}." for page in held]
    parts += _waiters(past, [edge for edge, _ in waits if edge["to"] == name and edge["from"] != name], "it")
    return " ".join(parts)


def _work(past: Past, work: Mapping[str, Any], waits: Sequence[tuple[Mapping[str, Any], str | None]]) -> str:
    number, by = work["id"], work["by"]
    name = f"work {number}"
    now = past[-1][1]
    queued = [other["id"] for other in now["works"] if not other["by"]]
    since = _since(past, lambda then: _entry(then, "works", "id", number).get("by", "") == by)
    ahead = queued.index(number) if number in queued else 0
    where = f"run by {by}" if by else "next in the queue" if not ahead else f"in the queue behind {ahead} other"
    where += "s" if ahead > 1 else ""
    parts = [f"Work {number}, {work_title(work)}: {where}{since if by or not ahead else ''}."]
    held = [page["name"] for page in now["pages"] if page["holder"] == name]
    parts += [f"It holds the lock of {page}{_held(past, page, name)}." for page in held]
    return " ".join([*parts, *_waiters(past, [edge for edge, _ in waits if edge["to"] == name], "it")])


def _arrow(past: Past, start: str, end: str) -> str:
    page = end.removeprefix("page ") if end.startswith("page ") else None
    if start.startswith("page "):
        held = start.removeprefix("page ")
        entry = _entry(past[-1][1], "pages", "name", held)
        if entry.get("holder") == end:
            return f"{held} is held by {end}{_held(past, held, end)}."
        if entry.get("request") == end:
            return f"{held} is in the unsent request of {end}{_held(past, held, end, 'request')}."
        return f"{held} waits for {end}."
    edges = _entry(past[-1][1], "tasks", "name", start).get("waits", ())
    edge = next((one for one in edges if page is None or edge_page(one, [page]) == page), None)
    verb = f"wants {page}" if page else f"waits for {end}"
    return f"{start} {verb}{_waiting(past, edge) if edge else ''}."


def _kin(
    now: Snapshot, waits: Sequence[tuple[Mapping[str, Any], str | None]], arrows: Collection[str]
) -> dict[str, set[str]]:
    """By key, the keys of what belongs to it: what it holds and who holds it, what it waits for, its arrows."""
    names = {task["name"] for task in now["tasks"]}
    found: dict[str, set[str]] = {}

    def join(*nodes: str) -> None:
        keys = {f"task {node}" if node in names else node for node in nodes}
        for key in keys:
            found.setdefault(key, set()).update(keys)

    for page in now["pages"]:
        if page["holder"]:
            join(f"page {page['name']}", page["holder"])
    for work in now["works"]:
        join(f"work {work['id']}", work["by"] or "lane")
        if work["page"]:
            join(f"work {work['id']}", f"page {work['page']}")
    for edge, page in waits:
        join(edge["from"], edge["to"])
        if page:
            join(edge["from"], f"page {page}")
            join(edge["to"], f"page {page}")
    for arrow in arrows:
        join(arrow, *arrow.split(" > "))
    for edge, page in waits:  # who waits sees the whole way to whom it waits for
        hops = [edge["from"], f"page {page}", edge["to"]] if page else [edge["from"], edge["to"]]
        ways = {f"{a} > {b}" for a, b in pairwise(hops)} & set(arrows)
        found[f"task {edge['from']}"] |= ways
    return found
