"""Traces written by hand, in the JSON form of wbviz/trace: for tests that should not depend on the checker."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

POLICY = '''def enqueue(mm, page):
    """Reclaim calls this for a dirty page it wants cleaned."""
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False
    return True


def execute(mm, work):
    """Write-around: the wanted page first, then its neighbours."""
    page = work.page
    yield mm.lock_page(page)
    for index in range(page.index - 1, page.index + 1):
        other = yield mm.find_get_page(page.mapping, index)
        if other is not None and other is not page:
            yield mm.lock_page(other)
            yield mm.writepage(other)
            yield mm.unlock_page(other)
    yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
'''


def edge(start: str, end: str, why: str) -> dict[str, str]:
    """A wait-for edge."""
    return {"from": start, "to": end, "why": why}


class Script:
    """Writes a trace down: `do` changes the state by hand and notes the step."""

    def __init__(
        self, scenario: str, policy: str, inodes: dict[str, int], tasks: list[str], source: str = POLICY
    ) -> None:
        self.now: dict[str, Any] = {
            "pages": [
                {"name": f"{inode}{i}", "inode": inode, "index": i, "attached": True, "dirty": True, "writeback": False,
                 "holder": None, "pins": 0, "freed": False}
                for inode, count in inodes.items() for i in range(count)
            ],
            "inodes": [{"name": inode, "refs": 0, "linked": True, "state": "live"} for inode in inodes],
            "works": [],
            "tasks": [
                {"name": name, "status": "idle" if name in ("flusher", "disk") else "ready", "next": None, "line": None,
                 "waits": []}
                for name in tasks
            ],
        }  # fmt: skip
        self.trace: dict[str, Any] = {
            "format": "wbviz-trace", "version": 1, "scenario": scenario, "params": {}, "policy": policy,
            "source": source, "schedule": "wb1 by-hand", "verdict": None,
            "initial": deepcopy(self.now), "steps": [], "loop": None,
        }  # fmt: skip

    def page(self, name: str, **fields: Any) -> None:
        next(p for p in self.now["pages"] if p["name"] == name).update(fields)

    def task(self, name: str, status: str, next: str | None = None, line: int | None = None, waits: Any = ()) -> None:
        for task in self.now["tasks"]:
            if task["name"] == name:
                task.update(status=status, next=next, line=line, waits=[edge(*w) for w in waits])

    def work(
        self, id: int, kind: str, page: str | None = None, inode: str | None = None, by: str | None = None
    ) -> None:
        for work in self.now["works"]:
            if work["id"] == id:
                work["by"] = by
                return
        self.now["works"].append({"id": id, "kind": kind, "page": page, "inode": inode, "info": {}, "by": by})

    def end_work(self, id: int) -> None:
        self.now["works"] = [w for w in self.now["works"] if w["id"] != id]

    def do(
        self, task: str, op: str, args: list[str], says: str, waits: tuple[str, ...] = (), result: Any = None
    ) -> None:
        before = (self.trace["steps"][-1]["after"] if self.trace["steps"] else self.trace["initial"])["tasks"]
        lines = [entry["line"] for entry in before if entry["name"] == task and entry["line"]]
        self.trace["steps"].append(
            {"task": task, "choice": None, "lines": lines, "op": op, "args": args, "result": result, "says": says,
             "waits": list(waits),
             "time": None, "after": deepcopy(self.now)}
        )  # fmt: skip

    def end(
        self, kind: str, summary: str, cycle: tuple[tuple[str, str, str], ...] = (), tasks: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        self.trace["verdict"] = {
            "kind": kind, "summary": summary, "cycle": [edge(*e) for e in cycle], "tasks": list(tasks)
        }  # fmt: skip
        return self.trace


def abba() -> dict[str, Any]:
    """The flusher holds A1 and wants A0; the writer holds A0 and wants A1."""
    s = Script("abba", "writearound", {"A": 2}, ["kswapd", "writer", "flusher", "disk"])
    s.trace["initial"]["tasks"][0].update(next="start", line=1)
    s.task("kswapd", "ready", "get_page(A1)", 3)
    s.task("writer", "ready", "lock_page(A0)")
    s.page("A1", pins=1)
    s.do("kswapd", "start", ["A1"], "kswapd picks A1, pins it and calls enqueue", result=True)
    s.page("A1", pins=2)
    s.task("kswapd", "ready", "queue_work(A1)", 4)
    s.do("kswapd", "get_page", ["A1"], "kswapd pins A1")
    s.work(1, "pageout", "A1", "A")
    s.task("kswapd", "ready", "put_page(A1)", 7)
    s.task("flusher", "ready", "take work 1")
    s.do("kswapd", "queue_work", ["A1"], "kswapd queues work 1: pageout of A1", result=True)
    s.page("A1", pins=1)
    s.task("kswapd", "ended")
    s.do("kswapd", "put_page", ["A1"], "kswapd drops its pin of A1 and has ended")
    s.work(1, "pageout", by="flusher")
    s.task("flusher", "ready", "lock_page(A1)", 13)
    s.do("flusher", "take", [], "flusher takes work 1")
    s.page("A1", holder="flusher")
    s.task("flusher", "ready", "find_get_page(A, 0)", 15)
    s.do("flusher", "lock_page", ["A1"], "flusher locks A1 and holds it")
    s.page("A0", holder="writer")
    s.task("writer", "blocked", "lock_page(A1)", None, [("writer", "flusher", "A1 is locked by flusher")])
    s.do("writer", "lock_page", ["A0"], "writer locks A0 and holds it", ("writer wants A1: it waits for flusher",))
    s.page("A0", pins=1)
    s.task("flusher", "blocked", "lock_page(A0)", 17, [("flusher", "writer", "A0 is locked by writer")])
    s.do(
        "flusher",
        "find_get_page",
        ["A", "0"],
        "flusher finds A0 and pins it",
        ("flusher wants A0: it waits for writer",),
        "A0",
    )
    return s.end(
        "deadlock", "flusher and writer wait for each other for ever",
        (("flusher", "writer", "A0 is locked by writer"), ("writer", "flusher", "A1 is locked by flusher")),
        ("flusher", "writer"),
    )  # fmt: skip


def sync_ahead() -> dict[str, Any]:
    """A lock that waits in the queue: the flusher, in a sync work, wants the page whose lock its next work holds."""
    s = Script("sync-ahead", "lock_at_enqueue", {"A": 2, "B": 1}, ["kswapd", "sync", "flusher", "disk"])
    s.work(1, "sync", None, "A")
    s.task("sync", "blocked", "wait for work 1", None, [("sync", "work 1", "work 1 has not ended")])
    s.task("kswapd", "ready", "lock_page(A0)", 3)
    s.task("flusher", "ready", "take work 1")
    s.do("sync", "queue_work", ["A"], "sync queues work 1: sync of A", ("sync waits until work 1 has ended",))
    s.page("A0", holder="kswapd", pins=1)
    s.task("kswapd", "ready", "queue_work(A0)", 4)
    s.do("kswapd", "lock_page", ["A0"], "kswapd locks A0 and holds it")
    s.work(2, "pageout", "A0", "A")
    s.page("A0", holder="work 2")
    s.task("kswapd", "ended")
    s.do("kswapd", "queue_work", ["A0"], "kswapd queues work 2: pageout of A0; the lock travels with it")
    s.work(1, "sync", by="flusher")
    wants = ("flusher", "work 2", "A0 is locked by work 2")
    s.task("flusher", "blocked", "lock_page(A0)", None, [wants])
    s.task("sync", "blocked", "wait for work 1", None, [("sync", "work 1", "work 1 is run by flusher")])
    s.do("flusher", "take", [], "flusher takes work 1", ("flusher wants A0: it waits for work 2",))
    return s.end(
        "deadlock", "flusher waits for its own queue for ever",
        (wants, ("work 2", "flusher", "work 2 is queued: only flusher can take it")), ("flusher",),
    )  # fmt: skip


def crowd(pages: int = 64, steps: int = 40) -> dict[str, Any]:
    """Many pages, eight tasks, a long queue: every step locks a page, queues its work, or takes one."""
    others = ["kswapd 0", "kswapd 1", "writer 0", "writer 1", "truncate", "sync"]
    s = Script("storm", "write_ahead", {"A": pages // 2, "B": pages - pages // 2}, [*others, "flusher", "disk"])
    names = [p["name"] for p in s.now["pages"]]
    ids: list[int] = []
    for i in range(steps):
        name, who = names[i * 7 % len(names)], others[i % len(others)]
        match i % 4:
            case 0:
                s.page(name, holder=who, pins=1)
                s.task(who, "ready", f"queue_work({name})", 4)
                s.do(who, "lock_page", [name], f"{who} locks {name} and holds it")
            case 1:
                ids.append(i)
                s.work(i, "pageout", name, name[0])
                s.do(who, "queue_work", [name], f"{who} queues work {i}: pageout of {name}")
            case 2 if i % 8 == 2 and ids:
                for k in ids[:1]:
                    s.work(k, "pageout", by="flusher")
                s.task("flusher", "ready", f"lock_page({name})", 13)
                s.do("flusher", "take", [], f"flusher takes work {ids[0]}")
            case 2:
                s.page(name, dirty=False, writeback=True)
                s.task(
                    "flusher",
                    "blocked",
                    "wait_on_page_writeback(" + name + ")",
                    17,
                    [("flusher", "disk", f"{name} is under writeback")],
                )
                s.do(
                    "flusher",
                    "writepage",
                    [name],
                    f"flusher writes {name}",
                    (f"flusher waits for the disk: {name} is under writeback",),
                )
            case _:
                if len(ids) > 1:
                    s.end_work(ids.pop(0))
                s.page(name, writeback=False, dirty=False, holder=None)
                s.task("flusher", "idle")
                s.do("disk", "finish", [name], f"disk finishes {name}: it is clean")
    return s.trace


def lasso() -> dict[str, Any]:
    """A run that repeats for ever from its second step on."""
    s = Script("polite", "backoff", {"A": 2}, ["writer", "flusher"])
    s.page("A0", holder="writer")
    s.task("writer", "ready", "trylock_page(A1)")
    s.do("writer", "lock_page", ["A0"], "writer locks A0 and holds it")
    s.page("A1", holder="flusher")
    s.task("flusher", "ready", "trylock_page(A0)", 17)
    s.do("flusher", "lock_page", ["A1"], "flusher locks A1 and holds it")
    s.do("writer", "trylock_page", ["A1"], "writer tries to lock A1: refused", result=False)
    s.do("flusher", "trylock_page", ["A0"], "flusher tries to lock A0: refused", result=False)
    s.trace["loop"] = 1
    return s.end("livelock", "writer and flusher back off for ever", (), ("writer", "flusher"))


SAMPLES = {"abba": abba, "sync-ahead": sync_ahead, "crowd": crowd, "lasso": lasso}
