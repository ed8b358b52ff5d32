# Swallow what is to end a loop.
# none: unjudged or policy-error
# sandboxed: unjudged or policy-error
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
