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
    yield from write(mm, page)
    last = yield mm.find_get_page(inode, inode.nr_pages - 1)  # our reference keeps the inode
    if last is not None:
        yield from write(mm, last)
    yield mm.iput(inode)  # perhaps the last one


def write(mm, page):
    """Write a pinned page if it is still dirty and in its file, and drop the pin."""
    yield mm.lock_page(page)
    if page.mapping is not None and page.dirty:
        yield mm.wait_on_page_writeback(page)
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
