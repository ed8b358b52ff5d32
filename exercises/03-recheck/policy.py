"""Exercise 03: reclaim said that the page is dirty. That was when it was enqueued."""


def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False
    return True


def execute(mm, work):
    page = work.page
    yield mm.wait_on_page_writeback(page)
    yield mm.lock_page(page)
    yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
