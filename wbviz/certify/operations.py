"""What each operation needs, and what is known when it is done: the obligations 1 to 6 at each step.

A function for each operation: from the scene, the line, what is known and the arguments to every answer with what is
known then. Before it, everybody else may have run: what it is given is what `forget` left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from wbviz.certify.box import Reason, Unshown
from wbviz.certify.facts import Answer, Knowledge, Work
from wbviz.certify.findings import Kind
from wbviz.certify.queue import FOREIGN
from wbviz.certify.scene import Scene
from wbviz.policy.protocol import Op, Value

Queued = Callable[[Work], None]
Done = list[Answer]


def outcomes(scene: Scene, op: Op, known: Knowledge, queued: Queued) -> Done:
    """Every way in which an operation may end. `queued` is told of each work that it puts into the queue."""
    line = op.lines[-1] if op.lines else 0
    if any(it in (("page", FOREIGN), ("inode", 1)) for it in values([*op.args, *(value for _, value in op.info)])):
        raise Unshown(Reason.WORKS, line)
    return OUTCOMES[op.name](scene, line, known, op, queued)


# The page lock


def acquire(scene: Scene, line: int, known: Knowledge, number: int) -> Knowledge:
    """Sleep for a lock, and have it. Only what lies above everything held may be slept for."""
    held = known.held()
    if number in held:
        scene.fail(Kind.LOCKS_TWICE, line, known, number)
    elif held and max(held) > number:
        scene.fail(Kind.SLEEPS_DOWNWARDS, line, known, number, max(held))
    return known.with_page(number, known.page(number)._replace(locked=True))


def _lock_page(scene: Scene, line: int, known: Knowledge, number: int) -> Done:
    return [(None, acquire(scene, line, scene.touch(known, number, line), number))]


def _trylock_page(scene: Scene, line: int, known: Knowledge, number: int) -> Done:
    known = scene.touch(known, number, line)
    facts = known.page(number)
    if facts.locked:
        return [(False, known)]  # by oneself, which is no refusal
    return [(True, known.with_page(number, facts._replace(locked=True))), (False, known._replace(refused=True))]


def _unlock_page(scene: Scene, line: int, known: Knowledge, number: int) -> Done:
    facts = known.page(number)
    if not facts.locked:
        scene.fail(Kind.NOT_LOCKED, line, known, number)
    return [(None, known.with_page(number, facts._replace(locked=False)))]


# References to the page


def _get_page(scene: Scene, line: int, known: Knowledge, number: int) -> Done:
    known = scene.touch(known, number, line)
    facts = known.page(number)
    return [(None, known.with_page(number, facts._replace(pins=facts.pins + 1)))]


def _put_page(scene: Scene, line: int, known: Knowledge, number: int) -> Done:
    facts = known.page(number)
    if not facts.pins:
        scene.fail(Kind.NOT_PINNED, line, known, number)
        return [(None, known)]
    return [(None, _without_pins(scene, line, known, number, facts.pins - 1))]


def _without_pins(scene: Scene, line: int, known: Knowledge, number: int, left: int) -> Knowledge:
    """A page loses pins: a lock of one's own needs another reason for its page to stay."""
    then = known.with_page(number, known.page(number)._replace(pins=left))
    if then.page(number).locked and not scene.keeps(then, number):
        scene.fail(Kind.LOCKED_AND_UNKEPT, line, known, number)
        then = then._replace(excused=then.excused | {number})
    return then


# Writing


def _wait_on_page_writeback(scene: Scene, line: int, known: Knowledge, number: int) -> Done:
    known = scene.touch(known, number, line)
    return [(None, known.with_page(number, known.page(number)._replace(writeback=False)))]


def _writepage(scene: Scene, line: int, known: Knowledge, number: int) -> Done:
    known = scene.touch(known, number, line)
    above = [held for held in known.held() if held > number]
    if above:
        scene.fail(Kind.ADDED_PAGES, line, known, number, min(above))
    return [(None, submit(scene, line, known, number))]


def submit(scene: Scene, line: int, known: Knowledge, number: int) -> Knowledge:
    """Hand a page to the disk: locked, in its file, and not on its way already.

    What follows on a filesystem that clusters takes several steps: when they are done, the page may be dirty again.
    """
    facts = known.page(number)
    if not facts.locked:
        scene.fail(Kind.WRITES_UNLOCKED, line, known, number)
    else:
        if not facts.attached:
            scene.fail(Kind.WRITES_GONE, line, known, number)
        if facts.writeback is not False:
            scene.fail(Kind.WRITES_TWICE, line, known, number)
    then = known.with_page(number, facts._replace(dirty=None, writeback=None))
    return then._replace(cleaned=then.cleaned | {number})


# Inodes


def _igrab(scene: Scene, line: int, known: Knowledge) -> Done:
    known = scene.touch_inode(known, line)
    scene.fail(Kind.BUSY, line, known)
    taken = known._replace(refs=known.refs + 1)
    if known.refs:
        return [(True, taken)]
    return [(True, taken), (False, known._replace(handed=known.handed | scene.duties))]  # all its pages go with it


def _iput(scene: Scene, line: int, known: Knowledge) -> Done:
    if not known.refs:
        scene.fail(Kind.NOT_REFERENCED, line, known)
        return [(None, known)]
    if known.refs == 1:
        evict(scene, line, known)
    return [(None, known._replace(refs=known.refs - 1))]


def evict(scene: Scene, line: int, known: Knowledge) -> None:
    """Perhaps the last reference goes: then the caller sleeps for page locks, and perhaps for a work."""
    if known.held():
        scene.fail(Kind.EVICTS_LOCKED, line, known, None, known.held()[0])
    if scene.function == "execute":
        scene.fail(Kind.FLUSHER_EVICTS, line, known)


def _find_get_page(scene: Scene, line: int, known: Knowledge, op: Op, queued: Queued) -> Done:
    known = scene.touch_inode(known, line)
    number = scene.box.find(op.args[1], line)
    if number is None:
        return [(None, known)]
    facts = known.page(number)
    found: Done = []
    if facts.attached is not False:
        found.append((("page", number), known.with_page(number, facts._replace(pins=facts.pins + 1, attached=True))))
    if not facts.attached:
        found.append((None, known.with_page(number, facts._replace(attached=False))))
    return found


# The queue


def _queue_work(scene: Scene, line: int, known: Knowledge, op: Op, queued: Queued) -> Done:
    page = None if op.args[0] is None else int(op.args[0][1])
    inode = op.args[1]
    if page is not None:
        known = scene.touch(known, page, line)
    if inode is not None:
        known = scene.touch_inode(known, line)
    named = list(values([*op.args, *(value for _, value in op.info)]))
    pages = dict.fromkeys(number for kind, number in named if kind == "page")
    file = any(kind == "inode" for kind, _ in named)
    pins = tuple((number, known.page(number).pins) for number in pages if known.page(number).pins)
    lock = None
    then = known
    if page is not None and known.page(page).locked:
        scene.fail(Kind.LOCK_IN_QUEUE, line, known, page)
        lock = known.page(page)
        then = then.with_page(page, lock._replace(locked=False))
    for number in pages:
        then = _without_pins(scene, line, then, number, 0)
    duties = scene.duties & frozenset(pages)
    then = then._replace(handed=then.handed | duties, refs=0 if file else then.refs)
    queued(Work(page, inode, op.info, pins, known.refs if file else 0, lock, duties))
    return [(True, then), (False, known._replace(refused=True))]


def values(wires: Iterable[Value]) -> Iterator[tuple[str, int]]:
    """Every page and inode in some values of the wire."""
    for wire in wires:
        if type(wire) is tuple:
            if wire[0] == "tuple":
                yield from values(wire[1:])
            elif wire[0] in ("page", "inode"):
                yield wire[0], wire[1]


def _extend_work(scene: Scene, line: int, known: Knowledge, op: Op, queued: Queued) -> Done:
    raise Unshown(Reason.EXTENDS, line)


def _nothing(scene: Scene, line: int, known: Knowledge, op: Op, queued: Queued) -> Done:
    return [(None, known)]


_Obliges = Callable[[Scene, int, Knowledge, Op, Queued], Done]


def _page(obliges: Callable[[Scene, int, Knowledge, int], Done]) -> _Obliges:
    return lambda scene, line, known, op, _: obliges(scene, line, known, op.args[0][1])


def _inode(obliges: Callable[[Scene, int, Knowledge], Done]) -> _Obliges:
    return lambda scene, line, known, _, __: obliges(scene, line, known)


OUTCOMES: dict[str, _Obliges] = {
    "lock_page": _page(_lock_page),
    "trylock_page": _page(_trylock_page),
    "unlock_page": _page(_unlock_page),
    "get_page": _page(_get_page),
    "put_page": _page(_put_page),
    "wait_on_page_writeback": _page(_wait_on_page_writeback),
    "writepage": _page(_writepage),
    "igrab": _inode(_igrab),
    "iput": _inode(_iput),
    "find_get_page": _find_get_page,
    "queue_work": _queue_work,
    "extend_work": _extend_work,
    "cond_resched": _nothing,
}
"""Of each operation that a policy may do: what it needs is looked at, and every way comes out in which it may end."""


# The end


def finish(scene: Scene, line: int, known: Knowledge, result: Value) -> None:
    """A program ends: it has given back what it took, and kept or handed on what it promised."""
    for number, facts in known.pages:
        if facts.locked:
            scene.fail(Kind.LOCK_LEFT, line, known, number)
        if facts.pins:
            scene.fail(Kind.PIN_LEFT, line, known, number)
    if known.refs:
        scene.fail(Kind.REFERENCE_LEFT, line, known)
    if scene.work is not None:
        for number in sorted(scene.duties - known.cleaned - known.handed):
            scene.fail(Kind.NOT_WRITTEN, line, known, number)
    elif result is False:
        if not known.refused and not scene.duties <= known.cleaned:
            scene.fail(Kind.NO_REASON, line, known, scene.argument)
    elif not scene.duties <= known.cleaned | known.handed:
        scene.fail(Kind.NOT_QUEUED, line, known, scene.argument)
