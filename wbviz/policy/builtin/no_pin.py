"""Without a pin the page may be freed while its work is queued, and its memory be anybody's.

Reclaim pins the page only for the length of the call. A work that outlives the call needs a reference of its own.
"""


def enqueue(mm, page):
    return (yield mm.queue_work(page=page))  # nothing keeps the page


def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
