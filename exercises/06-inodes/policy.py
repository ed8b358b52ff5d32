"""Exercise 06: the work keeps the file itself, by a reference to its inode."""


def enqueue(mm, page):
    if not (yield mm.trylock_page(page)):  # the page's lock keeps page.mapping, until we have a reference
        return False
    inode = page.mapping
    grabbed = inode is not None and (yield mm.igrab(inode))
    yield mm.unlock_page(page)
    if not grabbed:
        return True  # truncated, or about to be: nobody needs to write it
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page, inode=inode)):
        yield mm.put_page(page)
        yield mm.iput(inode)
        return False
    return True


def execute(mm, work):
    page = work.page
    inode = work.inode
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
    yield mm.iput(inode)  # perhaps the last one
