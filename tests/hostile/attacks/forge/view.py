# Turn a page into one that the policy was never told of.
# none: misbehaved
# sandboxed: misbehaved
def enqueue(mm, page):
    object.__setattr__(page, "_number", 7)
    yield mm.get_page(page)
    return True


def execute(mm, work):
    yield mm.cond_resched()
