"""Write-around as the thread settled it three days later: wait only for the wanted page, trylock the others.

A task that never waits while holding a lock closes no cycle. But that cures only what the policy itself does: a
filesystem that waits for the pages it adds to a request meets the lock that is held here.
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
    if inode is not None:
        index = page.index
        yield from write_neighbour(mm, inode, index - 1)
        yield from write_locked(mm, page)
        yield from write_neighbour(mm, inode, index + 1)
    yield mm.unlock_page(page)
    yield mm.put_page(page)


def write_neighbour(mm, inode, index):
    neighbour = yield mm.find_get_page(inode, index)
    if neighbour is not None:
        if (yield mm.trylock_page(neighbour)):  # busy? then somebody else is at it: let it be
            yield from write_locked(mm, neighbour)
            yield mm.unlock_page(neighbour)
        yield mm.put_page(neighbour)


def write_locked(mm, page):
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
