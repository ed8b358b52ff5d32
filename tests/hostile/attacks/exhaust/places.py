# Be at another place for ever.
# none: incomplete
# sandboxed: incomplete
def enqueue(mm, page):
    number = 0
    while True:
        yield mm.cond_resched()
        number += 1


def execute(mm, work):
    yield mm.cond_resched()
