"""The neighbours are pinned while the wanted page is locked; then all are written upwards, one lock at a time."""

AROUND = 2


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
        members = yield from pin_range(mm, page)
        yield mm.put_page(page)
    yield mm.unlock_page(page)
    for member in members:
        yield from write(mm, member)


def pin_range(mm, page):
    """The page and its neighbours on either side, ascending, each pinned. The page is locked and in its file."""
    members = ()
    for index in range(page.index - AROUND, page.index + AROUND + 1):
        member = yield mm.find_get_page(page.mapping, index)
        if member is not None:
            members += (member,)
    return members


def write(mm, page):
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
