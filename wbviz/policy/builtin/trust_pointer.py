"""A work carries a bare pointer to the inode, without a reference, and the flusher follows it at once.

The reference to the page keeps the page's memory. It does not keep the file, which may be gone by then.
"""


def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page, file=page.mapping, index=page.index)):
        yield mm.put_page(page)
        return False  # refused: reclaim will come back
    return True


def execute(mm, work):
    page, inode = work.page, work.file
    following = None
    if inode is not None:  # there was such a file when the work was queued
        following = yield mm.find_get_page(inode, work.index + 1)
    for wanted in (page, following):
        if wanted is not None:
            yield mm.lock_page(wanted)
            yield from write_and_unlock(mm, wanted)
            yield mm.put_page(wanted)


def write_and_unlock(mm, page):
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
