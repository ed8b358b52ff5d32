"""Write the wanted page, then the one that follows it: upwards only, and one lock at a time.

The next page is looked up while this one is locked, for only that keeps the file; its lock is taken after this one was
let go. So the policy is never in the way of a filesystem that itself locks the pages that follow. The cost: what lies
below the wanted page stays dirty, and the requests are smaller than write-around's.
"""

AHEAD = 1


def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False  # refused: reclaim will come back
    return True


def execute(mm, work):
    page = yield from write_and_find_next(mm, work.page)
    for _ in range(AHEAD):
        if page is not None:
            page = yield from write_and_find_next(mm, page)
    if page is not None:
        yield mm.put_page(page)


def write_and_find_next(mm, page):
    """Write a page that is pinned, and drop the pin. The page that follows, pinned, or None."""
    following = None
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None:
        if page.dirty:
            yield mm.writepage(page)
        following = yield mm.find_get_page(page.mapping, page.index + 1)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
    return following
