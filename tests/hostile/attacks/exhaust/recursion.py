# Recurse without end.
# none: policy-error
# sandboxed: policy-error
def deeper(number):
    return deeper(number + 1)


def enqueue(mm, page):
    deeper(0)
    yield mm.cond_resched()


def execute(mm, work):
    yield mm.cond_resched()
