"""The built-in tasks, each explored alone against the same obligations: what a certificate assumes of them.

A policy relies on what others do not do: nobody takes a locked page out of its file, writes it, unlocks it, or drops a
pin that is not his own; nobody sleeps for a lock below one that he holds, or for a work while he holds any. `assumed`
looks whether a task keeps that, in files of one to `LARGEST` pages. The programs walk over their pages in the order
given, and know of no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from wbviz.certify.asking import Asker
from wbviz.certify.box import Box
from wbviz.certify.explore import Exploration, line_of
from wbviz.certify.facts import Answer, Knowledge, PageFacts
from wbviz.certify.findings import FILESYSTEMS, Finding, Kind
from wbviz.certify.loops import circles
from wbviz.certify.operations import Queued, acquire, evict, outcomes, submit
from wbviz.certify.reads import answers
from wbviz.certify.scene import Scene
from wbviz.machine.tasks import PROGRAMS
from wbviz.policy.histories import GeneratorPrograms
from wbviz.policy.protocol import Op, Read, Value

_Calls = Callable[[Value], Iterator[tuple[tuple[Value, ...], Knowledge]]]

LARGEST = 3
_FILE: Value = ("inode", 0)
_WORK: Value = ("work", 1)

Done = list[Answer]


def assumed(
    task: str, programs: Mapping[str, Any] = PROGRAMS, calls: Mapping[str, _Calls] | None = None
) -> tuple[Finding, ...]:
    """What a built-in task, or one of the kernel's own programs, does that a policy relies on nobody doing.

    `programs` are the tasks, `calls` how each is called (`CALLS`).
    """
    findings: dict[tuple[object, ...], Finding] = {}
    for size in range(1, LARGEST + 1):
        pages: Value = ("tuple", *(("page", number) for number in range(size)))
        for argument, begin in (calls or CALLS)[task](pages):
            callers = begin.held()

            def tell(finding: Finding, callers: tuple[int, ...] = callers) -> None:
                if finding.kind is not Kind.LOCK_LEFT or finding.page not in callers:
                    findings.setdefault(finding[:-1], finding)

            asker = Asker(GeneratorPrograms(lambda: programs, trusted=True))
            _Task(asker, Scene(Box(0, False, size - 1, False), task, tell)).run(("tuple", *argument), begin)
    return tuple(findings.values())


# How each is called: arguments for a file of these pages, and what it holds from the beginning

_NOBODY, _OWNER = Knowledge(), Knowledge(refs=1)


def calls(*choices: tuple[Any, ...], begin: Knowledge = _NOBODY) -> _Calls:
    """Arguments where `"pages"` and `"page"` stand for all pages and each of them."""

    def each(pages: Value) -> Iterator[tuple[tuple[Value, ...], Knowledge]]:
        for choice in choices:
            for page in pages[1:] if "page" in choice else pages[1:2]:
                yield tuple(pages if it == "pages" else page if it == "page" else it for it in choice), begin

    return each


def _writes(pages: Value) -> Iterator[tuple[tuple[Value, ...], Knowledge]]:
    """A page is written that the caller has locked, with nothing above it."""
    for page in pages[1:]:
        facts = PageFacts(locked=True, attached=True, writeback=False)
        yield (page,), Knowledge(pages=((page[1], facts),))


CALLS: dict[str, _Calls] = {
    "kswapd": calls(("pages", ("int", 2), False), ("pages", ("int", 2), True)),
    "flusher": calls((False,), (True,)),
    "writer": calls(("pages",)),
    "polite": calls(("pages",)),
    "truncate": calls(("pages",)),
    "reader": calls(("page", False), ("page", True)),
    "cleaner": calls(("page",)),
    "dirtier": calls(("page",)),
    "sync": calls((_FILE,)),
    "unlink": calls((_FILE, "pages"), begin=_OWNER),
    "umount": calls((("tuple", _FILE),)),
    "disk": calls(()),
    "fsync": calls(("pages",)),
    "prepare": calls(("pages",)),
    "iput": calls((_FILE,), begin=_OWNER),
    "writepage": _writes,
}


# What they read and do beside what a policy may


def _read(scene: Scene, read: Read, known: Knowledge) -> list[Answer]:
    if read.target == "mm":
        choices: tuple[Value, ...] = FILESYSTEMS if read.attr == "filesystem" else (True, False)
        return [(choice, known) for choice in choices]
    kind, number = read.target
    if kind == "work":
        return [
            (choice, known)
            for choice in {"kind": ("sync", "pageout"), "writes": (True, False)}.get(read.attr, (_FILE,))
        ]
    if kind == "inode":  # its pages
        return [(("tuple", *(("page", at) for at in range(scene.box.pages))), known)]
    if read.attr == "cluster":
        return [(("tuple", *(("page", at) for at in range(number + 1, scene.box.pages))), known)]
    if read.attr == "attached":
        facts = known.page(number)
        choices = (True, False) if facts.attached is None else (facts.attached,)
        return [(choice, known.with_page(number, facts._replace(attached=choice))) for choice in choices]
    return answers(scene, read, known)


def _do(scene: Scene, op: Op, known: Knowledge, queued: Queued) -> Done:
    special = OUTCOMES.get(op.name)
    if special is not None:
        return special(scene, line_of(op), known, op.args)
    if op.name == "iput" and scene.function != "iput":
        if scene.function == "flusher":
            scene.fail(Kind.FLUSHER_EVICTS, line_of(op), known)
        evict(scene, line_of(op), known)
        return [(None, known._replace(refs=known.refs - 1))]
    if op.name == "iput":
        return [(True, known._replace(refs=0)), (False, known._replace(refs=0))]
    return outcomes(scene, op, known, queued)


def _lock_attached(scene: Scene, line: int, known: Knowledge, args: Value) -> Done:
    number = args[0][1]
    facts = known.page(number)
    gone: Done = [] if facts.attached else [(False, known.with_page(number, facts._replace(attached=False)))]
    if facts.attached is False:
        return gone
    locked = acquire(scene, line, known, number)
    return [(True, locked.with_page(number, locked.page(number)._replace(attached=True))), *gone]


def _trylock_attached(scene: Scene, line: int, known: Knowledge, args: Value) -> Done:
    number = args[0][1]
    facts = known.page(number)
    taken = known.with_page(number, facts._replace(locked=True, attached=True))
    return [(True, taken), (False, known), (None, known.with_page(number, facts._replace(attached=False)))]


def _submit(scene: Scene, line: int, known: Knowledge, args: Value) -> Done:
    for _, number in args:
        known = submit(scene, line, known, number)
    return [(None, known)]


def _detach(scene: Scene, line: int, known: Knowledge, args: Value) -> Done:
    number = args[0][1]
    facts = known.page(number)
    if not facts.locked:
        scene.fail(Kind.TAKEN_OUT_UNLOCKED, line, known, number)
    return [(None, known.with_page(number, facts._replace(attached=False, dirty=None)))]


def _dirty_page(scene: Scene, line: int, known: Knowledge, args: Value) -> Done:
    return [(True, known), (False, known)]


def _isolate(scene: Scene, line: int, known: Knowledge, args: Value) -> Done:
    found: Done = [(None, known)]
    for page in args[0][1:]:
        facts = known.page(page[1])
        found.append((page, known.with_page(page[1], facts._replace(pins=facts.pins + 1))))
    return found


def _call(scene: Scene, line: int, known: Knowledge, args: Value) -> Done:
    """A program of the policy: it begins with no lock held, and reclaim keeps the page."""
    function, argument = args
    _holds_nothing(scene, line, known)
    if function == "enqueue":
        scene.touch(known, argument[1], line)
    return [(None, known)]


def _idle(scene: Scene, line: int, known: Knowledge, args: Value) -> Done:
    _holds_nothing(scene, line, known)
    return [(_WORK, known)]


def _wait_for(scene: Scene, line: int, known: Knowledge, args: Value) -> Done:
    _holds_nothing(scene, line, known)
    return [(None, known)]


def _holds_nothing(scene: Scene, line: int, known: Knowledge) -> None:
    if known.held():
        scene.fail(Kind.WAITS_LOCKED, line, known, None, known.held()[0])


def _igrab_live(scene: Scene, line: int, known: Knowledge, args: Value) -> Done:
    scene.fail(Kind.BUSY, line, known)
    return [(True, known._replace(refs=known.refs + 1)), (False, known)]


def _queue_sync(scene: Scene, line: int, known: Knowledge, args: Value) -> Done:
    return [(_WORK, known)]


def _nothing(scene: Scene, line: int, known: Knowledge, args: Value) -> Done:
    return [(None, known)]


OUTCOMES: dict[str, Callable[[Scene, int, Knowledge, Value], Done]] = {
    "lock_attached": _lock_attached,
    "trylock_attached": _trylock_attached,
    "submit": _submit,
    "detach": _detach,
    "dirty_page": _dirty_page,
    "isolate": _isolate,
    "call": _call,
    "take_work": _idle,
    "wait_for": _wait_for,
    "igrab_live": _igrab_live,
    "queue_sync": _queue_sync,
    **dict.fromkeys(("complete", "unlink", "gone", "umount", "end_writeback"), _nothing),
}

"""The same of what only built-in tasks do; `call` is into the policy."""

MAKES_MORE = frozenset({"submit", "writepage", "queue_sync"})


class _Task(Exploration):
    """A task may go round for ever, if in each round it holds no lock for once, and adds nothing that others wait for
    the end of; a flusher may, for each round takes a work out of the queue."""

    answers = staticmethod(_read)
    outcomes = staticmethod(_do)

    def _circles(self) -> None:
        taken = {state for state, op in self._ops.items() if op.name == "take_work"}
        rounds = {state: [to for to in then if to not in taken] for state, then in self._next.items()}
        for circle in circles(rounds):
            if all(state.known.held() for state in circle) or any(self._ops[at].name in MAKES_MORE for at in circle):
                first = min(circle, key=lambda state: line_of(self._ops[state]))
                self._scene.fail(Kind.LOOP, line_of(self._ops[first]), first.known)
