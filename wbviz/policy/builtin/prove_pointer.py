"""A work carries a bare pointer to the inode, without a reference, and the page that it has pinned proves it.

Lock the page, and look whether it is still in that file. If so, the file is there, and stays while the page is locked.
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
    yield mm.lock_page(page)
    if inode is not None and page.mapping == inode:  # proved, as long as the page is locked
        following = yield mm.find_get_page(inode, work.index + 1)
    yield from write_and_unlock(mm, page)
    yield mm.put_page(page)
    if following is not None:
        yield mm.lock_page(following)
        yield from write_and_unlock(mm, following)
        yield mm.put_page(following)


def write_and_unlock(mm, page):
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
