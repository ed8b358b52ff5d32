"""Trylock, back off, start again: no deadlock, but a dance. Nobody waits and nobody gets anywhere.

This locks the wanted page and then the one below it. A polite writer comes the other way and backs off as well: each
time both hold one lock and want the other's. Being busy is not making progress.
"""


def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False  # refused: reclaim will come back
    return True


def execute(mm, work):
    page = work.page
    while True:
        if (yield mm.trylock_page(page)):
            if page.mapping is None:
                break
            below = yield mm.find_get_page(page.mapping, page.index - 1)
            if below is None:
                yield from write_locked(mm, page)
                break
            if (yield mm.trylock_page(below)):
                yield from write_locked(mm, below)
                yield from write_locked(mm, page)
                yield mm.unlock_page(below)
                yield mm.put_page(below)
                break
            yield mm.put_page(below)
            yield mm.unlock_page(page)  # back off
        yield mm.cond_resched()
    yield mm.unlock_page(page)
    yield mm.put_page(page)


def write_locked(mm, page):
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
