# Swallow what is to end a loop.
# none: misbehaved or policy-error
# sandboxed: misbehaved or policy-error
def enqueue(mm, page):
    while True:
        try:
            while True:
                pass
        except:  # noqa: E722
            pass
    yield


def execute(mm, work):
    yield mm.cond_resched()
