"""What was taken must be given back on every path: here the pin of a refused page is forgotten.

The queue is seldom full, so this goes well for long. Then each refusal costs a page that can never be freed again.
"""


def enqueue(mm, page):
    yield mm.get_page(page)
    return (yield mm.queue_work(page=page))  # refused: and the pin?


def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
