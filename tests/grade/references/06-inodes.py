"""A pin on the page, and none on the inode: whoever holds the lock of a page that is in its file holds the file."""


def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False
    return True


def execute(mm, work):
    page = work.page
    last = None
    yield mm.lock_page(page)
    if page.mapping is not None:
        last = yield mm.find_get_page(page.mapping, page.mapping.nr_pages - 1)
        if page.dirty:
            yield mm.wait_on_page_writeback(page)
            yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
    if last is not None:
        yield from write(mm, last)


def write(mm, page):
    """Write a pinned page if it is still dirty and in its file, and drop the pin."""
    yield mm.lock_page(page)
    if page.mapping is not None and page.dirty:
        yield mm.wait_on_page_writeback(page)
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
