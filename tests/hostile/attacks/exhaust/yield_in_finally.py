# Yield again whenever one is let go.
# none: incomplete or livelock
# sandboxed: incomplete or livelock
def enqueue(mm, page):
    while True:
        try:
            yield mm.cond_resched()
        finally:
            yield mm.cond_resched()


def execute(mm, work):
    yield mm.cond_resched()
