"""A trylock is no cure for a range that contains the page one holds oneself.

The wanted page is locked, then its whole range is trylocked: the wanted page once more among them. That trylock can
never succeed. Everything is let go and tried again, for ever, and nobody else is to blame: a livelock with oneself.
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
    if page.mapping is not None:
        while not (yield from write_range(mm, page)):
            yield mm.cond_resched()
    yield mm.unlock_page(page)
    yield mm.put_page(page)


def write_range(mm, page):
    """Lock the page's range and write it. False if one of them could not be locked."""
    held = ()
    complete = True
    for index in range(page.index - 1, page.index + 2):
        member = yield mm.find_get_page(page.mapping, index)
        if member is None:
            continue
        if not (yield mm.trylock_page(member)):  # the page we hold is locked: by us
            yield mm.put_page(member)
            complete = False
            break
        held += (member,)
    for member in held:
        if complete:
            yield mm.wait_on_page_writeback(member)
            if member.mapping is not None and member.dirty:
                yield mm.writepage(member)
        yield mm.unlock_page(member)
        yield mm.put_page(member)
    return complete
