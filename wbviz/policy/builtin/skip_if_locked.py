"""Trylock is for what may be left out. The wanted page may not: if it is skipped because it is locked, it is lost.

A lock says that somebody is there, not that somebody writes. Reclaim was told that the page would be cleaned.
"""


def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False  # refused: reclaim will come back
    return True


def execute(mm, work):
    page = work.page
    if (yield mm.trylock_page(page)):  # else: surely somebody else writes it?
        yield mm.wait_on_page_writeback(page)
        if page.mapping is not None and page.dirty:
            yield mm.writepage(page)
        yield mm.unlock_page(page)
    yield mm.put_page(page)
