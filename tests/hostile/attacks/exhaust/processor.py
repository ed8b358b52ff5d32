# Spin where lines are not counted.
# none: unjudged
# sandboxed: unjudged
def enqueue(mm, page):
    sum(range(10**15))
    yield mm.cond_resched()


def execute(mm, work):
    yield mm.cond_resched()
