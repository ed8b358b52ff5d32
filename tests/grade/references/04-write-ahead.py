"""The wanted page and three that follow, upwards, one lock at a time; each is found while the one before is locked."""

AHEAD = 3


def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False
    return True


def execute(mm, work):
    page = work.page
    for _ in range(1 + AHEAD):
        following = None
        yield mm.lock_page(page)
        yield mm.wait_on_page_writeback(page)
        if page.mapping is not None:
            if page.dirty:
                yield mm.writepage(page)
            following = yield mm.find_get_page(page.mapping, page.index + 1)
        yield mm.unlock_page(page)
        yield mm.put_page(page)
        if following is None:
            return
        page = following
    yield mm.put_page(page)
