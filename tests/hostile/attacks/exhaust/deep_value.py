# Put tuples in tuples in tuples into a work.
# none: misbehaved or policy-error
# sandboxed: misbehaved or policy-error
def enqueue(mm, page):
    info = ()
    for _ in range(500):
        info = (info,)
    return (yield mm.queue_work(page=page, info=info))


def execute(mm, work):
    yield mm.cond_resched()
