"""What `find_get_page` pins is never given back."""


def write(mm, page):
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)


def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False
    return True


def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    yield from write(mm, page)
    before = None
    if page.mapping is not None:
        before = yield mm.find_get_page(page.mapping, page.index - 1)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
    if before is not None:
        yield mm.lock_page(before)
        yield from write(mm, before)
        yield mm.unlock_page(before)
