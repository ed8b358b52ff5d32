"""Exercise 07: when there is no room for a work, enqueue says so. Is that all it owes?"""


def enqueue(mm, page):
    if not (yield mm.trylock_page(page)):
        return False
    inode = page.mapping
    grabbed = inode is not None and (yield mm.igrab(inode))
    yield mm.unlock_page(page)
    if not grabbed:
        return True
    yield mm.get_page(page)
    return (yield mm.queue_work(page=page, inode=inode))


def execute(mm, work):
    page = work.page
    inode = work.inode
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
    yield mm.iput(inode)
