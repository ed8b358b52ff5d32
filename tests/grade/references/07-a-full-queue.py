"""No second work for a page, and what was taken for a work that found no room is given back at once."""


def enqueue(mm, page):
    if any(work.page == page for work in mm.works):
        return True
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False
    return True


def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
