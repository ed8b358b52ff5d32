"""Write the wanted page, then make room on the disk before its request is sent: f2fs, until a fix of 2026.

A filesystem that writes elsewhere than it read has to move what is left of an old segment when the disk is nearly
full. Here the flusher does that between two pages that it writes, with the first still under writeback in a request
that nobody but itself will send. To move a page it needs the page's lock; and a truncation that holds this lock waits
for just that writeback.
"""


def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False  # refused: reclaim will come back
    return True


def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield from collect_garbage(mm, page)
    yield mm.put_page(page)


def collect_garbage(mm, page):
    yield mm.lock_page(page)  # the page lies in the segment that is to become free: it will be written elsewhere
    yield mm.unlock_page(page)
