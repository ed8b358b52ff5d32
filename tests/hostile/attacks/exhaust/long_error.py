# Raise an error of ten million letters.
# none: misbehaved or policy-error
# sandboxed: misbehaved or policy-error
def enqueue(mm, page):
    raise ValueError("x" * 10_000_000)
    yield


def execute(mm, work):
    yield mm.cond_resched()
