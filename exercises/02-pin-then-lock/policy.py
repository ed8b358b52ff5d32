"""Exercise 02: the page is locked when it is enqueued, and its lock waits in the queue."""


def enqueue(mm, page):
    if not (yield mm.trylock_page(page)):
        return False
    if page.mapping is None or not page.dirty:  # truncated or cleaned: nothing is left to do
        yield mm.unlock_page(page)
        return True
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.unlock_page(page)
        yield mm.put_page(page)
        return False
    return True  # no unlock: the lock goes with the work


def execute(mm, work):
    page = work.page  # locked since it was enqueued
    yield mm.wait_on_page_writeback(page)
    if page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
