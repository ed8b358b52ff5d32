"""Exercise 10: it works when nobody else is about. Make it work."""


def enqueue(mm, page):
    yield mm.get_page(page)
    return (yield mm.queue_work(page=page))


def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    if page.mapping is not None:
        below = yield mm.find_get_page(page.mapping, page.index - 1)
        if below is not None:
            yield mm.lock_page(below)
            if below.dirty:
                yield mm.writepage(below)
            yield mm.unlock_page(below)
            yield mm.put_page(below)
    yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
