# A regular expression that never ends.
# none: unjudged
# sandboxed: unjudged
import re


def enqueue(mm, page):
    re.match("(a+)+$", "a" * 60 + "b")
    yield mm.cond_resched()


def execute(mm, work):
    yield mm.cond_resched()
