# Turn an operation into one of the kernel's own.
# none: misbehaved
# sandboxed: misbehaved
def enqueue(mm, page):
    operation = mm.cond_resched()
    operation.name = "end_writeback"
    yield operation
    return True


def execute(mm, work):
    yield mm.cond_resched()
