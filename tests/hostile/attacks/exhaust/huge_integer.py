# Put an integer of a million digits into a work.
# none: misbehaved or policy-error
# sandboxed: misbehaved or policy-error
def enqueue(mm, page):
    return (yield mm.queue_work(page=page, number=1 << 3_000_000))


def execute(mm, work):
    yield mm.cond_resched()
