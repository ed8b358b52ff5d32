"""The idea that the mail answers: write the neighbours of the wanted page too, below and above, for larger requests.

The lock of the wanted page is held meanwhile, so the lock of the page *below* is taken after it. A writer that locks
its range upwards does the opposite, and the two lock each other out. A filesystem that locks what follows the page it
is told to write does not even need a second task for that.
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
    inode = page.mapping
    if inode is not None:  # as long as the page is locked and in its file, the file stays
        index = page.index
        yield from write_neighbour(mm, inode, index - 1)  # downwards: the wrong way round
        yield from write_locked(mm, page)
        yield from write_neighbour(mm, inode, index + 1)
    yield mm.unlock_page(page)
    yield mm.put_page(page)


def write_neighbour(mm, inode, index):
    neighbour = yield mm.find_get_page(inode, index)
    if neighbour is not None:
        yield mm.lock_page(neighbour)
        yield from write_locked(mm, neighbour)
        yield mm.unlock_page(neighbour)
        yield mm.put_page(neighbour)


def write_locked(mm, page):
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
