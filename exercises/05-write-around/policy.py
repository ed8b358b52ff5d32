"""Exercise 05: the write-around of the mail, with the wanted page locked throughout."""


def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False
    return True


def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    inode = page.mapping
    if inode is not None:
        index = page.index
        for below in (index - 2, index - 1):
            yield from write_neighbour(mm, inode, below)
        yield mm.wait_on_page_writeback(page)
        if page.dirty:
            yield mm.writepage(page)
        for above in (index + 1, index + 2):
            yield from write_neighbour(mm, inode, above)
    yield mm.unlock_page(page)
    yield mm.put_page(page)


def write_neighbour(mm, inode, index):
    neighbour = yield mm.find_get_page(inode, index)
    if neighbour is not None:
        yield mm.lock_page(neighbour)
        yield mm.wait_on_page_writeback(neighbour)
        yield mm.writepage(neighbour)
        yield mm.unlock_page(neighbour)
        yield mm.put_page(neighbour)
