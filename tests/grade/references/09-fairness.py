"""Try once, then let the others go first, then wait in line: the lock that is released again and again comes."""


def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page, again=True)):
        yield mm.put_page(page)
        return False
    return True


def execute(mm, work):
    page = work.page
    if not (yield mm.trylock_page(page)):
        if work.again and (yield mm.queue_work(page=page, again=False)):
            return  # the pin goes on with the new work
        yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
