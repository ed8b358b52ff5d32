"""A pin keeps the page's memory, not its place in the file: without a second look truncated pages are written.

Between enqueue and execute anything may happen to the page. Only under its lock can one know that it is still part of
the file.
"""


def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False  # refused: reclaim will come back
    return True


def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    yield mm.writepage(page)  # of which file?
    yield mm.unlock_page(page)
    yield mm.put_page(page)
