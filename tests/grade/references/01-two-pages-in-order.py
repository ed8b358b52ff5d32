"""One lock at a time, and the lower page first: what one holds nothing of, nobody waits for."""


def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False
    return True


def execute(mm, work):
    page = work.page
    below = None
    yield mm.lock_page(page)
    if page.mapping is not None:
        below = yield mm.find_get_page(page.mapping, page.index - 1)
    yield mm.unlock_page(page)
    if below is not None:
        yield from write(mm, below)
    yield from write(mm, page)


def write(mm, page):
    """Write a pinned page if it is still dirty and in its file, and drop the pin."""
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
