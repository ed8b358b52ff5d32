"""Exercise 01: write A1 and its lower neighbour, without locking anybody out."""


def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False
    return True


def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    if page.mapping is not None:
        below = yield mm.find_get_page(page.mapping, page.index - 1)
        if below is not None:
            yield mm.lock_page(below)  # while page is locked
            yield from write(mm, below)
    yield from write(mm, page)
    yield mm.put_page(page)


def write(mm, page):
    """Write a locked page if it is still dirty and in its file, and unlock it."""
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
