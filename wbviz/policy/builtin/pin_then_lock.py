"""The cure: take a reference when you enqueue, take the lock when you execute.

A pin keeps the page's memory, and nobody ever waits for a pin. So nothing that stands in the queue is in anybody's way.
The price is that the page may have been written or truncated by the time its lock is taken: look again, under the lock.
"""


def enqueue(mm, page):
    """Reclaim calls this for a dirty page it wants cleaned.

    The page is pinned for the length of the call, and unlocked.
    """
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False  # refused: reclaim will come back
    return True


def execute(mm, work):
    """The flusher calls this when the work reaches the head of the queue."""
    page = work.page
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:  # nobody truncated it or cleaned it meanwhile
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
