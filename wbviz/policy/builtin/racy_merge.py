"""Two reclaimers want the same page, so the second joins the first one's work. But the flusher may just have taken it.

extend_work says False when it comes too late. Who does not listen has taken a pin that nobody will ever drop.
"""


def enqueue(mm, page):
    for work in mm.works:
        if work.page == page:
            pins = work.pins + 1
            yield mm.get_page(page)
            yield mm.extend_work(work, pins=pins)  # and if the flusher was faster?
            return True
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page, pins=1)):
        yield mm.put_page(page)
        return False
    return True


def execute(mm, work):
    page = work.page
    pins = work.pins
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    for _ in range(pins):
        yield mm.put_page(page)
