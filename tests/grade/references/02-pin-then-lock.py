"""A reference when it is enqueued, the lock when it is executed, and no lock where there is nothing left to do."""


def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False
    return True


def execute(mm, work):
    page = work.page
    if page.mapping is not None and page.dirty:
        yield mm.lock_page(page)
        yield mm.wait_on_page_writeback(page)
        if page.mapping is not None and page.dirty:
            yield mm.writepage(page)
        yield mm.unlock_page(page)
    yield mm.put_page(page)
