"""Write-around without the deadlock: let the wanted page go, and lock the whole range again from its lowest page up.

Locks that everybody takes in the same order close no cycle. What was known about a page before its lock was dropped is
worth nothing afterwards: each page is looked at again under its own lock.
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
    pages = ()
    if page.mapping is not None:
        pages = yield from pin_range(mm, page)
    yield mm.unlock_page(page)
    for member in pages:  # ascending, like every other task that locks several pages
        yield mm.lock_page(member)
    for member in pages:
        yield mm.wait_on_page_writeback(member)
        if member.mapping is not None and member.dirty:
            yield mm.writepage(member)
    for member in pages:
        yield mm.unlock_page(member)
        yield mm.put_page(member)
    yield mm.put_page(page)


def pin_range(mm, page):
    """The page and its neighbours, ascending, each pinned. The page is locked and in its file."""
    pages = ()
    for index in range(page.index - 1, page.index + 2):
        member = yield mm.find_get_page(page.mapping, index)
        if member is not None:
            pages += (member,)
    return pages
