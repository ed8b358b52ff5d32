"""Write the wanted page, then begin again at the start of the file, in the same call: the kernel's own loop until 4.20.

One page lock at a time, so no order of locks is broken. But a filesystem may gather pages in a request that waits to be
full, and then the wanted page is held, under writeback and not sent, while the flusher sleeps for the lock of a lower
one.
"""


def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False  # refused: reclaim will come back
    return True


def execute(mm, work):
    page, earlier = work.page, None
    end = page.index
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None:
        if page.dirty:
            yield mm.writepage(page)
        if end > 0:
            earlier = yield mm.find_get_page(page.mapping, 0)  # wrap round
    yield mm.unlock_page(page)
    yield mm.put_page(page)
    while earlier is not None:
        earlier = yield from write_and_find_next(mm, earlier, end)


def write_and_find_next(mm, page, end):
    """Write a page that is pinned, and drop the pin. The page that follows, pinned; None at the end."""
    following = None
    yield mm.lock_page(page)
    if page.mapping is not None:
        if page.dirty and not page.writeback:  # nobody waits for this page: what is being written is left alone
            yield mm.writepage(page)
        if page.index + 1 < end:
            following = yield mm.find_get_page(page.mapping, page.index + 1)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
    return following
