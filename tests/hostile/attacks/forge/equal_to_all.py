# Return what is equal to everything.
# none: policy-error
# sandboxed: policy-error
class Equal:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


def enqueue(mm, page):
    yield mm.cond_resched()
    return Equal()


def execute(mm, work):
    yield mm.cond_resched()
