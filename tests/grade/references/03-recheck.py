"""What was true before the lock is looked at again under it; and nobody is kept out while the disk is busy."""


def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False
    return True


def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    while page.writeback:
        yield mm.unlock_page(page)
        yield mm.wait_on_page_writeback(page)
        yield mm.lock_page(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
