"""Write the wanted page, let it go, and only then look for its neighbour: but what kept the file was that lock.

After the unlock the file may lose its last reference and be evicted. The kernel may not touch the address space of
a page that it has unlocked, unless it holds something else.
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
    inode, index = page.mapping, page.index
    yield from write_and_unlock(mm, page)
    yield mm.put_page(page)
    if inode is not None:
        following = yield mm.find_get_page(inode, index + 1)  # is there such a file?
        if following is not None:
            yield mm.lock_page(following)
            yield from write_and_unlock(mm, following)
            yield mm.put_page(following)


def write_and_unlock(mm, page):
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
