"""Never wait for room while holding what others need to make room.

The page is locked, and the queue asked again and again until it takes the work. The flusher, busy with a sync of the
same file, wants that very lock: it makes no room, and we do not let go.
"""


def enqueue(mm, page):
    yield mm.get_page(page)
    yield mm.lock_page(page)
    while not (yield mm.queue_work(page=page)):
        yield mm.cond_resched()  # let others run: but they need the lock
    return True


def execute(mm, work):
    page = work.page  # locked since it was enqueued
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
