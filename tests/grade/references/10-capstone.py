"""Everything at once: a pin in the queue, and the whole block of four, upwards, one lock at a time."""

BLOCK = 4


def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False
    return True


def execute(mm, work):
    page = work.page
    members = (page,)
    yield mm.lock_page(page)
    if page.mapping is not None:
        members = yield from pin_block(mm, page)
        yield mm.put_page(page)
    yield mm.unlock_page(page)
    for member in members:
        yield from write(mm, member)


def pin_block(mm, page):
    """The pages of the block, ascending, each pinned. The page, one of them, is locked and in its file."""
    members = ()
    first = page.index - page.index % BLOCK
    for index in range(first, first + BLOCK):
        member = yield mm.find_get_page(page.mapping, index)
        if member is not None:
            members += (member,)
    return members


def write(mm, page):
    """Write a pinned page if it is still dirty and in its file, and drop the pin."""
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
