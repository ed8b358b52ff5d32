"""Exercise 08: a page joins a work that waits for a neighbour of it."""


def enqueue(mm, page):
    for work in mm.works:
        if work.kind == "pageout" and any(near(page, other) for other in work.pages):
            yield mm.get_page(page)
            yield mm.extend_work(work, pages=(*work.pages, page))
            return True
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page, pages=(page,))):
        yield mm.put_page(page)
        return False
    return True


def near(page, other):
    return other.mapping is page.mapping and abs(other.index - page.index) == 1


def execute(mm, work):
    for page in sorted(work.pages, key=lambda page: page.index):
        yield mm.lock_page(page)
        yield mm.wait_on_page_writeback(page)
        if page.mapping is not None and page.dirty:
            yield mm.writepage(page)
        yield mm.unlock_page(page)
        yield mm.put_page(page)
