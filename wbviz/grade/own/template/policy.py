"""With each page, the one before it is written: two pages, and one seek of the disk."""


def enqueue(mm, page):
    yield mm.get_page(page)
    return (yield mm.queue_work(page=page))


def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    if page.mapping is not None:
        before = yield mm.find_get_page(page.mapping, page.index - 1)
        if before is not None:
            yield mm.lock_page(before)
            if before.dirty:
                yield mm.writepage(before)
            yield mm.unlock_page(before)
            yield mm.put_page(before)
    if page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
