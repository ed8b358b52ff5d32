"""The tasks that run beside a policy, as programs: generators that yield one operation at a time.

They look a page up and lock it in one step (`lock_attached`), so they need no pin and break no rule.
A variable that is no longer needed is deleted: what a suspended program remembers is part of the state.
They wait for writeback as the kernel calls `wait_on_page_writeback`: without looking whether there is any.
`round=True` marks the operation that begins a round of a task that is endless by nature.
"""

from __future__ import annotations

from typing import Any

from wbviz.kernel import multistep


def kswapd(mm: Any, pages: Any, works: int, any_order: bool) -> Any:
    """Reclaim, one pass: pin a page that is attached and dirty, call `enqueue`, drop the pin.

    `any_order` takes the pages in every order there is, else in the one given; `works` of them at most.
    """
    while works and pages:
        page = yield mm.isolate(pages, any_order)
        if page is None:
            return
        position = pages.index(page)
        pages = (pages[:position] if any_order else ()) + pages[position + 1 :]
        del position
        works -= 1
        yield mm.call("enqueue", page)
        yield mm.put_page(page)
        del page


def flusher(mm: Any, igrab: bool) -> Any:
    """Take works one after another; `igrab` pins the inode during a sync work (the kernel until 3.4)."""
    while True:
        work = yield mm.take_work()
        if work.kind == "sync":
            if work.writes:
                yield from write_inode(mm, work.inode, igrab)
            yield mm.complete(work)
        else:
            yield mm.call("execute", work)
        del work


def write_inode(mm: Any, inode: Any, igrab: bool) -> Any:
    """A sync work: write each dirty page of the inode, ascending, one page lock at a time."""
    if igrab and not (yield mm.igrab_live(inode)):
        return
    for page in inode.pages:
        if page.attached and page.dirty:
            yield from clean(mm, page)
    if igrab:
        yield mm.iput(inode)


def clean(mm: Any, page: Any) -> Any:
    """Lock a page, recheck, wait for writeback, write, unlock."""
    if (yield mm.lock_attached(page)):
        if page.dirty:
            yield mm.wait_on_page_writeback(page)
            yield mm.writepage(page)
        yield mm.unlock_page(page)


def cleaner(mm: Any, page: Any) -> Any:
    """Somebody else gets there first: locks one page, writes it, unlocks."""
    yield from clean(mm, page)


def writer(mm: Any, pages: Any) -> Any:
    """`fdatawrite_range`: lock every page of a range, ascending, holding them all; write what is dirty; unlock."""
    held: tuple[Any, ...] = ()
    for page in pages:
        if (yield mm.lock_attached(page)):
            held += (page,)
        del page
    yield from write_held(mm, held)


def write_held(mm: Any, held: Any) -> Any:
    """Write the dirty pages of those held, as one request, and unlock them all."""
    dirty = tuple(page for page in held if page.dirty)
    for page in dirty:
        yield mm.wait_on_page_writeback(page)
    if dirty:
        yield mm.submit(*dirty)
    del dirty
    for page in held:
        yield mm.unlock_page(page)


def fsync(mm: Any, pages: Any) -> Any:
    """A program that writes into a range, without locks, and then calls `fsync`: write each page, ascending, one lock
    at a time. What it gathers is sent at its end."""
    for page in pages:
        yield mm.dirty_page(page)
        del page
    for page in pages:
        yield from clean(mm, page)
        del page


def prepare(mm: Any, pages: Any) -> Any:
    """A write into a range as btrfs prepares it: lock each page, ascending, and wait for its writeback, holding all
    that are locked already; then write into them and unlock."""
    held: tuple[Any, ...] = ()
    for page in pages:
        if (yield mm.lock_attached(page)):
            held += (page,)
            yield mm.wait_on_page_writeback(page)
        del page
    for page in held:
        yield mm.dirty_page(page)
    for page in held:
        yield mm.unlock_page(page)


def polite(mm: Any, pages: Any) -> Any:
    """A writer that trylocks upwards, and on failure lets everything go and starts again."""
    while True:
        held: tuple[Any, ...] = ()
        for page in pages:
            locked = yield mm.trylock_attached(page)
            if locked is False:
                break
            if locked:
                held += (page,)
        else:
            break
        for page in held:
            yield mm.unlock_page(page)
        del held, page, locked
    yield from write_held(mm, held)


def truncate(mm: Any, pages: Any) -> Any:
    """Each page from an index up: lock, wait for writeback, detach, unlock."""
    yield from multistep.truncate(mm, pages)


def reader(mm: Any, page: Any, endless: bool) -> Any:
    """Lock a page and unlock it, cleaning nothing: once, or for ever while it stays in its file."""
    while True:
        if not (yield mm.lock_attached(page, round=endless)):
            return
        yield mm.unlock_page(page)
        if not endless:
            return


def dirtier(mm: Any, page: Any) -> Any:
    """Redirty a page for ever, without its lock, while it stays in its file."""
    while True:
        if not (yield mm.dirty_page(page, round=True)):
            return


def sync(mm: Any, inode: Any) -> Any:
    """Queue a sync work and wait for its completion."""
    work = yield mm.queue_sync(inode, True)
    yield mm.wait_for(work)


def unlink(mm: Any, inode: Any, dirties: Any) -> Any:
    """Write into some pages once more, remove the last name of the file, drop one's own reference."""
    for page in dirties:
        yield mm.dirty_page(page)
        del page
    yield mm.unlink(inode)
    yield mm.iput(inode)


def umount(mm: Any, inodes: Any) -> Any:
    """Sync every inode; then none may be referenced."""
    for inode in inodes:
        yield from sync(mm, inode)
    yield mm.umount()


def disk(mm: Any) -> Any:
    """Finish the pages under writeback, one at a time, in any order."""
    while True:
        yield mm.end_writeback()


PROGRAMS = {
    function.__name__: function
    for function in (
        *(kswapd, flusher, writer, polite, truncate, reader, cleaner, dirtier, sync, unlink, umount, disk),
        *(fsync, prepare),
    )
} | {"iput": multistep.iput, "writepage": multistep.writepage}
"""Every trusted program by its name: the tasks, and the kernel's operations of several steps."""
