# Put a text of a million letters into a work.
# none: misbehaved
# sandboxed: misbehaved
def enqueue(mm, page):
    return (yield mm.queue_work(page=page, text="x" * 1_000_000))


def execute(mm, work):
    yield mm.cond_resched()
