"""What programs read: attributes of `mm`, of pages, inodes and works, as values of the wire."""

from __future__ import annotations

from collections.abc import Iterable

from wbviz.kernel.inodes import touch as touch_inode
from wbviz.kernel.pages import touch
from wbviz.kernel.reasons import Rule
from wbviz.kernel.state import SYNC, Broken, Page, State, Value, Work, World, find_work, queued


def read(world: World, state: State, target: Value, attr: str) -> Value:
    """The value of an attribute. Raises `Broken` where what it is of is gone."""
    if target == "mm":
        return _of_mm(world, state, attr)
    kind, number = target
    if kind == "page":
        return _of_page(world, state, number, attr)
    if kind == "inode":
        return _of_inode(world, state, number, attr)
    return _of_work(state, number, attr)


def _of_mm(world: World, state: State, attr: str) -> Value:
    if attr == "works":
        return ("tuple", *(("work", work.id) for work in queued(state)))
    return getattr(world, attr)  # journalled, filesystem: for the kernel's own programs


def _of_page(world: World, state: State, number: int, attr: str) -> Value:
    inode, index = world.pages[number]
    if attr == "attached":
        return state.pages[number].attached
    if attr == "cluster":
        last = index + world.cluster - 1
        return _tuple("page", (n for n in world.pages_of(inode) if index < world.pages[n][1] <= last))
    page: Page = touch(world, state, number)
    if attr == "index":
        return ("int", index)
    if attr == "mapping":
        return ("inode", inode) if page.attached else None
    if attr == "locked":
        return page.holder != 0
    return page.dirty if attr == "dirty" else page.writeback


def _of_inode(world: World, state: State, number: int, attr: str) -> Value:
    if attr == "pages":
        return _tuple("page", world.pages_of(number))
    inode = touch_inode(world, state, number)
    if attr == "linked":
        return inode.linked
    return world.inode_names[number] if attr == "name" else ("int", len(world.pages_of(number)))


def _of_work(state: State, number: int, attr: str) -> Value:
    work: Work | None = find_work(state, number)
    if work is None:
        raise Broken(Rule.WORK_ENDED, f"work {number} has ended: its memory was given back", attr)
    if attr == "id":
        return ("int", work.id)
    if attr == "kind" or (attr == "writes" and work.kind == SYNC):  # writes: for the built-in flusher
        return getattr(work, attr)
    if attr in ("page", "inode"):
        which = getattr(work, attr)
        return None if which is None else (attr, which)
    return dict(work.info).get(attr, ("missing",))


def _tuple(kind: str, numbers: Iterable[int]) -> Value:
    return ("tuple", *((kind, number) for number in numbers))
