# Return an integer that lies about its value.
# none: lost-work
# sandboxed: lost-work
class Liar(int):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    def __bool__(self):
        return False

    def __int__(self):
        return 2


def enqueue(mm, page):
    yield mm.cond_resched()
    return Liar(1)


def execute(mm, work):
    yield mm.cond_resched()
