"""Neighbours join a work that is queued; who comes too late makes a work of its own."""


def enqueue(mm, page):
    yield mm.get_page(page)
    merged = yield from join(mm, page)
    if merged:
        return True
    if not (yield mm.queue_work(page=page, pages=(page,))):
        yield mm.put_page(page)
        return False
    return True


def join(mm, page):
    """Put the page into a queued work that has a neighbour of it. False where there is none, or it was too late."""
    if page.mapping is None:
        return False
    for work in mm.works:
        if work.kind == "pageout" and any(near(page, other) for other in work.pages):
            return (yield mm.extend_work(work, pages=(*work.pages, page)))
    return False


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
