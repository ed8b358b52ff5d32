"""A page beside one that is queued already is left to that page's work, which writes its neighbours along.

And if somebody else cleans the queued page first? Then the work is done, as far as it knows, and is dropped, and
with it the neighbour that was promised to reclaim. Progress that is sure for the wanted page is not sure for what is
bundled.
"""


def enqueue(mm, page):
    if any(work.kind == "pageout" and beside(work.page, page) for work in mm.works):
        return True  # it will be written along
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False  # refused: reclaim will come back
    return True


def beside(one, other):
    return one.mapping == other.mapping and abs(one.index - other.index) == 1


def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:  # else somebody else has done the work: all of it?
        yield mm.writepage(page)
        for index in (page.index - 1, page.index + 1):
            yield from write_neighbour(mm, page.mapping, index)
    yield mm.unlock_page(page)
    yield mm.put_page(page)


def write_neighbour(mm, inode, index):
    neighbour = yield mm.find_get_page(inode, index)
    if neighbour is not None:
        if (yield mm.trylock_page(neighbour)):
            yield mm.wait_on_page_writeback(neighbour)
            if neighbour.mapping is not None and neighbour.dirty:
                yield mm.writepage(neighbour)
            yield mm.unlock_page(neighbour)
        yield mm.put_page(neighbour)
