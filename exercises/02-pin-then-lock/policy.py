"""The second deadlock of the mail: lock the page when it is enqueued, and let the lock wait in the queue.

It looks safe, for the page cannot change any more. But whatever stands before the work in the queue and needs that lock
waits for a work that waits behind it. A lock that waits its turn is held for as long as the queue is long.
"""


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
    return True  # no unlock: the lock went with the work


def execute(mm, work):
    page = work.page  # locked since it was enqueued
    yield mm.wait_on_page_writeback(page)
    if page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
