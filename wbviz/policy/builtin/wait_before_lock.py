"""Wait for writeback under the lock, not before it: what is true without the lock is not true for long.

Between the end of one writeback and the lock, somebody else may write the page once more. It is dirtied again, and now
it is dirty and under writeback at once.
"""


def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False  # refused: reclaim will come back
    return True


def execute(mm, work):
    page = work.page
    yield mm.wait_on_page_writeback(page)  # too early
    yield mm.lock_page(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
