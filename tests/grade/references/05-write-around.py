"""The neighbours are pinned while the wanted page is locked; then all are written upwards, one lock at a time."""


def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False
    return True


def execute(mm, work):
    page = work.page
    below = above = None
    yield mm.lock_page(page)
    if page.mapping is not None:
        below = yield mm.find_get_page(page.mapping, page.index - 1)
        above = yield mm.find_get_page(page.mapping, page.index + 1)
    yield mm.unlock_page(page)
    for member in (below, page, above):
        if member is not None:
            yield from write(mm, member)


def write(mm, page):
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
