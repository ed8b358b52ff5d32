"""What a frame shows, in words: for screen readers, for print, for search, and for the verdict's banner."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wbviz.trace.called import call_words

Snapshot = Mapping[str, Any]
Edge = Mapping[str, Any]


def page_state(page: Mapping[str, Any]) -> tuple[str, str, str]:
    """State of a page: role (which names its colours and glyph), word, letter."""
    if page["freed"]:
        return "freed", "freed", "F"
    if not page["attached"]:
        return "gone", "detached", "X"
    if page["writeback"]:
        if page.get("request") and not page["dirty"]:
            return "writeback", "unsent", "W"
        return "writeback", "wb + dirty" if page["dirty"] else "writeback", "B" if page["dirty"] else "W"
    return ("dirty", "dirty", "D") if page["dirty"] else ("clean", "clean", "C")


def named(text: str, names: Iterable[str]) -> str | None:
    """The first of the names that stands in the text as a word of its own, or None."""
    known = set(names)
    return next((word for word in re.findall(r"[\w.-]+", text) if word in known), None)


def edge_page(edge: Edge, pages: Iterable[str]) -> str | None:
    """The page that an edge is about: as the trace says it, or else the one that its reason names."""
    return edge.get("page") or named(edge["why"], pages)


def work_title(work: Mapping[str, Any]) -> str:
    """What a work is about: "pageout A1", "sync A", "sync"."""
    return " ".join(part for part in (work["kind"], work["page"] or work["inode"]) if part)


def inode_notes(inode: Mapping[str, Any]) -> list[str]:
    """What is worth saying about an inode: its references, whether it is unlinked, freeing or gone."""
    notes = []
    if inode["refs"]:
        notes.append(f"{inode['refs']} ref" + ("s" if inode["refs"] != 1 else ""))
    if not inode["linked"]:
        notes.append("unlinked")
    if inode["state"] != "live":
        notes.append(inode["state"])
    return notes


def joined(words: Sequence[str]) -> str:
    """A, B and C."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def cycle_sentence(cycle: Sequence[Edge], pages: Iterable[str]) -> str:
    """flusher waits for writer (A0) → writer waits for flusher (A1)"""
    known = list(pages)
    return " → ".join(
        f"{edge['from']} waits for {'itself' if edge['to'] == edge['from'] else edge['to']}"
        f" ({edge_page(edge, known) or edge['why']})"
        for edge in cycle
    )


_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ENDS = {
    "deadlock": "a deadlock",
    "rule-violation": "a broken rule",
    "lost-work": "a page is lost",
    "leak": "something is never given back",
    "livelock": "busy for ever",
    "starvation": "one never gets its turn",
    "policy-error": "an error in the policy",
    "incomplete": "not covered",
}


def headline(trace: Mapping[str, Any]) -> str:
    """What a run is, for somebody who has seen none: "Two tasks, two locks: a deadlock in seven steps"."""
    count = len(trace["steps"])
    steps = f"{_number(count)} step{'s' if count != 1 else ''}"
    verdict = trace.get("verdict") or {}
    end = _ENDS.get(verdict.get("kind", ""))
    if end is None:
        return f"A run of {steps}"
    if verdict["kind"] in ("livelock", "starvation"):
        begins = trace.get("loop")
        return end.capitalize() + ("" if begins is None else f", from step {begins + 1} on")
    said = f"{_who_waits(trace, verdict)}{end} in {steps}"
    return said[0].upper() + said[1:]


def _who_waits(trace: Mapping[str, Any], verdict: Mapping[str, Any]) -> str:
    """Who stands in the cycle and how many locks there are, or nothing where there is no cycle."""
    cycle = verdict.get("cycle") or ()
    if not cycle:
        return ""
    names = {task["name"] for task in trace["initial"]["tasks"]}
    tasks = {node for edge in cycle for node in (edge["from"], edge["to"])} & names
    pages = [page["name"] for page in trace["initial"]["pages"]]
    locks = len({page for edge in cycle if (page := edge_page(edge, pages))})
    if len(tasks) == 1:
        return f"{next(iter(tasks))} waits for itself: "
    return f"{_number(len(tasks))} tasks, {_number(locks)} lock{'s' if locks != 1 else ''}: "


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def page_words(page: Mapping[str, Any], held: str = "") -> str:
    """The state of a page: "dirty, locked by writer, 1 pin". held: since when it is locked, " since step 3"."""
    role, word, _ = page_state(page)
    if role == "writeback" and page["dirty"]:
        word = "under writeback and dirty again"
    elif role == "writeback" and page.get("request"):
        word = "under writeback"
    words = [word]
    if page.get("request"):
        words.append(f"in the unsent request of {page['request']}")
    if page["holder"]:
        words.append(f"locked by {page['holder']}{held}")
    if page["pins"]:
        words.append(f"{page['pins']} pin" + ("s" if page["pins"] != 1 else ""))
    return ", ".join(words)


def _runs(pages: Sequence[Mapping[str, Any]]) -> str:
    """Pages in their order; neighbours in the same state are named together: A0 to A5 clean."""
    groups: list[tuple[str, list[str]]] = []
    for page in pages:
        words = page_words(page)
        if groups and groups[-1][0] == words:
            groups[-1][1].append(page["name"])
        else:
            groups.append((words, [page["name"]]))
    return "; ".join(
        f"{names[0]}{'' if len(names) == 1 else (' to ' if len(names) > 2 else ' and ') + names[-1]} {words}"
        for words, names in groups
    )


def describe(snapshot: Snapshot) -> list[str]:
    """The entire state as a few sentences: pages, queue, tasks."""
    lines = []
    for inode in snapshot["inodes"]:
        notes = inode_notes(inode)
        title = f"Inode {inode['name']}" + (f" ({', '.join(notes)})" if notes else "")
        pages = _runs([page for page in snapshot["pages"] if page["inode"] == inode["name"]])
        lines.append(f"{title}: {pages or 'no pages'}.")
    queued = [f"work {work['id']} ({work_title(work)})" for work in snapshot["works"] if not work["by"]]
    lines.append("Queue, oldest first: " + "; ".join(queued) + "." if queued else "The queue is empty.")
    running = [f"{work['by']} runs work {work['id']} ({work_title(work)})." for work in snapshot["works"] if work["by"]]
    return [*lines, *running, *map(task_words, snapshot["tasks"])]


def task_words(task: Mapping[str, Any]) -> str:
    """What a task is at: "writer waits at lock_page(A1): A1 is locked by flusher."."""
    name, then = task["name"], call_words(task["next"] or "")
    if task["status"] == "blocked":
        why = "; ".join(edge["why"] for edge in task["waits"])
        at = f" at {then}" if then and not then.startswith("wait for ") else ""  # "wait for work 1" is why it waits
        return f"{name} waits{at}" + (f": {why}." if why else ".")
    if task["status"] == "ready":
        return f"{name} can run" + (f": next {then}." if then else ".")
    return f"{name} " + {"idle": "is idle.", "ended": "has ended."}.get(task["status"], f"is {task['status']}.")
