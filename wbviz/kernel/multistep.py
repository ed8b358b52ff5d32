"""The two operations that take several steps: eviction by the last `iput`, and a `writepage` that clusters.

They are written as the tasks and the policies are: generators that yield one operation at a time.
`mm` gives every operation of `operations`; `page.attached` may be read of a freed page too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Program = Iterator[Any]


def iput(mm: Any, inode: Any) -> Any:
    """Drop a reference; whoever drops the last one of an unlinked inode evicts it, there and then.

    On a journalled filesystem eviction first needs journal space: it queues a sync work that writes
    nothing, and waits for it. Then each page, ascending: lock, wait for writeback, detach, unlock.
    """
    if not (yield mm.iput(inode)):
        return
    if mm.journalled:
        yield mm.wait_for((yield mm.queue_sync(inode, False)))
    yield from truncate(mm, inode.pages)
    yield mm.gone(inode)


def truncate(mm: Any, pages: Any) -> Any:
    """Take each page out of its file, in the order given. Its dirt is dropped."""
    for page in pages:
        if page.attached and (yield mm.lock_attached(page)):
            yield mm.wait_on_page_writeback(page)
            yield mm.detach(page)
            yield mm.unlock_page(page)


def writepage(mm: Any, page: Any) -> Any:
    """Write a page as delayed allocation does, together with the dirty pages that follow it.

    The first step looks whether the page may be written, and at once which pages follow; a clean one takes none along.
    `cluster` locks them, ascending and blocking; `cluster-try` takes only those whose lock is free.
    Each is checked again under its lock; what is clean, gone or under writeback is let go.
    """
    if not (yield mm.writepage(page)):
        return
    extras: tuple[Any, ...] = ()
    for extra in page.cluster:
        if not (extra.attached and extra.dirty):
            continue
        if mm.filesystem == "cluster":
            locked = yield mm.lock_attached(extra)
        else:
            locked = yield mm.trylock_attached(extra)
        if locked and extra.dirty and not extra.writeback:
            extras += (extra,)
        elif locked:
            yield mm.unlock_page(extra)
    yield mm.submit(page, *extras)
    for extra in extras:
        yield mm.unlock_page(extra)
