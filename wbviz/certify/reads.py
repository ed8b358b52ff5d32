"""What a program may read: everything that the table of its knowledge allows, and nothing that it knows to be false."""

from __future__ import annotations

from wbviz.certify.box import Absolute, Reason, Split, Unshown
from wbviz.certify.facts import Answer, Fact, Knowledge
from wbviz.certify.findings import Kind
from wbviz.certify.queue import FOREIGN, SYNC_WORK, other
from wbviz.certify.scene import Scene
from wbviz.kernel.state import SYNC
from wbviz.policy.protocol import Read, Value

MISSING = ("missing",)


def answers(scene: Scene, read: Read, known: Knowledge) -> list[Answer]:
    """Every answer to a read, with what is known then."""
    if read.target == "mm":
        return _queue(scene, read, known)
    kind = read.target[0]
    if kind == "position":
        if read.attr == "sign":
            raise Split(read.target[1:])
        raise Absolute(Reason.POSITION, read.line)
    return _OF[kind](scene, read, known)


def _page(scene: Scene, read: Read, known: Knowledge) -> list[Answer]:
    number, attr = read.target[1], read.attr
    known = scene.touch(known, number, read.line)
    facts = known.page(number)
    if attr == "index":
        if number == FOREIGN:
            raise Unshown(Reason.WORKS, read.line)
        return [(scene.box.index_of(number), known)]
    if attr == "locked":
        return [(True, known)] if facts.locked else _unseen(known, (number, attr))
    if attr == "mapping":
        if number == FOREIGN and facts.attached is not False:
            inside = known.with_page(number, facts._replace(attached=True))
            outside = known.with_page(number, facts._replace(attached=False))
            either: list[Answer] = [(("inode", 0), inside), (("inode", 1), inside)]
            return either if facts.attached else [*either, (None, outside)]
        return [
            (("inode", 0) if value else None, known.with_page(number, facts._replace(attached=value)))
            for value in _either(facts.attached)
        ]
    if attr == "dirty":
        found: list[Answer] = []
        for value in _either(False if facts.attached is False else facts.dirty):
            attached = True if value else facts.attached  # what has left its file is clean
            found.append((value, known.with_page(number, facts._replace(dirty=value, attached=attached))))
        return found
    assert attr == "writeback", attr
    return [(value, known.with_page(number, facts._replace(writeback=value))) for value in _either(facts.writeback)]


def _inode(scene: Scene, read: Read, known: Knowledge) -> list[Answer]:
    if read.target[1]:
        raise Unshown(Reason.WORKS, read.line)
    known = scene.touch_inode(known, read.line)
    if read.attr == "nr_pages":
        return [(scene.box.size(), known)]
    if read.attr == "name":
        raise Unshown(Reason.NAME, read.line)
    assert read.attr == "linked", read.attr
    return _unseen(known, ("inode", "linked"))


def _queue(scene: Scene, read: Read, known: Knowledge) -> list[Answer]:
    """The empty queue, or one work of any kind: for a page that the program has met, or for another (see `search`)."""
    if scene.queue is None or known.looked:
        raise Unshown(Reason.WORKS, read.line)
    known = known._replace(looked=True)
    pages = (*range(scene.box.pages), FOREIGN)  # a page that the program has met has a number of the smallest file
    found: list[Answer] = [(("tuple",), known)]
    kinds = sorted(scene.queue, key=repr)
    for one in [SYNC_WORK, *(other(kind, number) for kind in kinds for number in pages)]:
        if one not in scene.others:
            scene.others.append(one)
        number = 1 + scene.others.index(one)
        seen = (*known.seen, (("queued", number), True))
        if one.keeps:
            seen = (*seen, (("keeps", one.about), True))
        cleans = frozenset({one.about} if one.cleans and one.about is not None else ()) & scene.duties
        then = known._replace(seen=seen, handed=known.handed | cleans)
        found.append((("tuple", ("work", number)), then))
    return found


def _work(scene: Scene, read: Read, known: Knowledge) -> list[Answer]:
    if read.attr == "id":
        raise Unshown(Reason.WORK_ID, read.line)
    if read.target[1]:
        return _queued(scene, read, known)
    work = scene.work
    assert work is not None
    if read.attr == "kind":
        return [("pageout", known)]
    if read.attr == "page":
        return [(None if work.page is None else ("page", work.page), known)]
    if read.attr == "inode":
        return [(work.inode, known)]
    return [(dict(work.info).get(read.attr, MISSING), known)]


def _queued(scene: Scene, read: Read, known: Knowledge) -> list[Answer]:
    """A work that stood in the queue: in the turn in which it was seen, and no longer."""
    work = scene.others[read.target[1] - 1]
    if (("queued", read.target[1]), True) not in known.seen:
        scene.fail(Kind.WORK_MAY_HAVE_ENDED, read.line, known)
    if read.attr == "kind":
        return [(work.kind, known)]
    if read.attr == "page":
        return [(None if work.page is None else ("page", work.page), known)]
    if read.attr == "inode":
        if work.kind == SYNC:
            raise Unshown(Reason.WORKS, read.line)
        return [(None, known)]
    return [(dict(work.info).get(read.attr, MISSING), known)]


_OF = {"page": _page, "inode": _inode, "work": _work}


def _either(fact: Fact) -> tuple[bool, ...]:
    return (True, False) if fact is None else (fact,)


def _unseen(known: Knowledge, what: Value) -> list[Answer]:
    """True or False, and the same all through the turn."""
    try:
        return [(known.remembers(what), known)]
    except KeyError:
        return [(value, known._replace(seen=(*known.seen, (what, value)))) for value in (True, False)]
