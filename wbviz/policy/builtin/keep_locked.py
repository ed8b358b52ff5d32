"""The dilemma of the mail: a page that is kept locked keeps its file, and nobody can write a page that is kept locked.

The wanted page is locked to pin the inode. Then its part of the file is written as all writeback does, which locks each
page itself. It only tries, for it must not sleep for its own caller; so of all pages it leaves out the wanted one.
"""


def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False  # refused: reclaim will come back
    return True


def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)  # pins the inode
    inode = page.mapping
    if inode is not None:
        index = page.index
        for at in range(index - 1, index + 2):
            yield from write_at(mm, inode, at)
    yield mm.unlock_page(page)
    yield mm.put_page(page)


def write_at(mm, inode, index):
    """Write the page at an index, if its lock is free."""
    page = yield mm.find_get_page(inode, index)
    if page is None:
        return
    if (yield mm.trylock_page(page)):  # the wanted page is locked: by us
        yield mm.wait_on_page_writeback(page)
        if page.mapping is not None and page.dirty:
            yield mm.writepage(page)
        yield mm.unlock_page(page)
    yield mm.put_page(page)
