"""Random tasks, in place of those that a scenario knows: they do what no task of the book does.

A task is a few statements about pages that it is given. Some of them forget a pin, or take one too many, if the task
sees something at that moment: whoever overlooks an order of steps overlooks that.
"""

from random import Random
from textwrap import indent
from typing import NamedTuple

PAGES = 3
SEEN = ("dirty", "writeback", "locked", "mapping is None")
FLAGS = ("writeback", "writeback", "locked")
"""What somebody ends in the end, for whoever goes round until then."""


ONE_PIN_MORE = """yield mm.get_page({page})
yield mm.cond_resched()
if {condition}:
    yield mm.get_page({page})
yield mm.put_page({page})
"""
QUEUES = """yield mm.get_page({page})
if not (yield mm.queue_work(None, None, target={page})):
    yield mm.put_page({page})
"""
WHEN = """if {condition}:
{inside}"""
FORMS = {
    "look": """yield mm.get_page({page})
yield mm.cond_resched()
if not ({condition}):
    yield mm.put_page({page})
""",
    "lock": """if (yield mm.lock_attached({page})):
{inside}    yield mm.unlock_page({page})
""",
    "clean": """if (yield mm.lock_attached({page})):
    yield mm.wait_on_page_writeback({page})
    if {page}.dirty:
        yield mm.submit({page})
    yield mm.unlock_page({page})
""",
    "step": "yield mm.cond_resched()\n",
    "twice": """yield mm.get_page({page})
seen = {page}.{attribute}
yield mm.cond_resched()
if seen == {page}.{attribute}:
    yield mm.put_page({page})
del seen
""",
    "try": """if (yield mm.trylock_attached({page})):
{inside}    yield mm.unlock_page({page})
""",
    "when": WHEN,
    "truncate": """if (yield mm.lock_attached({page})):
    yield mm.wait_on_page_writeback({page})
    yield mm.detach({page})
    yield mm.unlock_page({page})
""",
    "dirty": "yield mm.dirty_page({page})\n",
    "extend": """works = mm.works
if works:
    yield mm.extend_work(works[0], more=True)
del works
""",
    "works": """yield mm.get_page({page})
yield mm.cond_resched()
if not mm.works:
    yield mm.put_page({page})
""",
    "spin": """yield mm.get_page({page})
again = False
while {page}.{flag}:
    again = True
    yield mm.cond_resched()
if not again or {condition}:
    yield mm.put_page({page})
del again
""",
    "sync": """inode = {page}.mapping
if inode is not None:
    work = yield mm.queue_sync(inode, False)
    yield mm.wait_for(work)
    del work
del inode
""",
}
AGAIN = """if not hasattr(work, "more") and page.dirty:
    yield mm.get_page(page)
    if not (yield mm.queue_work(None, None, target=page, more=True)):
        yield mm.put_page(page)
"""
EXECUTE = """page = work.target
yield mm.lock_page(page)
yield mm.wait_on_page_writeback(page)
if page.mapping is not None and page.dirty:
    yield mm.writepage(page)
yield mm.unlock_page(page)
"""


class Beside(NamedTuple):
    """Tasks as the text of a module, `execute` of the policy, and the pages that are clean at the start."""

    tasks: str
    execute: str
    clean: tuple[str, ...]
    limit: int | None


def beside(random: Random) -> Beside:
    """Two or three tasks; what they queue is cleaned by a flusher that may look as well."""
    made = [_task(random, f"task{number}") for number in range(random.choice([1, 2, 2, 3]))]
    clean = tuple(f"A{page}" for page in range(PAGES) if random.random() < 0.3)
    return Beside("\n\n".join(made), _execute(random), clean, random.choice([None, None, None, 1]))


def _task(random: Random, name: str) -> str:
    pages = [f"page{number}" for number in range(PAGES)]
    lines = "".join(_statement(random, pages, 0) for _ in range(random.choice([1, 2, 2, 3, 3])))
    return f"def {name}(mm, {', '.join(pages)}):\n{indent(lines, '    ')}"


def _condition(random: Random, page: str) -> str:
    return random.choice(["", "not "]) + f"{page}.{random.choice(SEEN)}"


def _statement(random: Random, pages: list[str], depth: int) -> str:
    page, other = random.sample(pages, 2)
    kinds = {"look": 3.0, "lock": 3.0, "clean": 2.0, "queue": 3.0, "step": 1.0, "twice": 1.0, "try": 1.0, "when": 2.0}
    if not depth:
        kinds |= {"truncate": 1.0, "dirty": 0.5, "extend": 0.5, "works": 0.5, "spin": 1.0, "sync": 0.3}
    kind = random.choices(list(kinds), list(kinds.values()))[0]
    condition = _condition(random, random.choice([page, page, other]))
    attribute, flag = random.choice(SEEN), random.choice(FLAGS)
    if kind == "look" and random.random() < 0.5:
        return ONE_PIN_MORE.format(page=page, condition=condition)
    if kind == "queue":
        queues = QUEUES.format(page=page)
        return queues if random.random() < 0.6 else WHEN.format(condition=condition, inside=indent(queues, "    "))
    inside = indent(_inside(random, pages, depth), "    ")
    return FORMS[kind].format(page=page, condition=condition, attribute=attribute, flag=flag, inside=inside)


def _inside(random: Random, pages: list[str], depth: int) -> str:
    if depth > 1:
        return "yield mm.cond_resched()\n"
    return "".join(_statement(random, pages, depth + 1) for _ in range(random.choice([1, 1, 2])))


def _execute(random: Random) -> str:
    looks = f"yield mm.cond_resched()\nif {_condition(random, 'page')}:\n    return\n"
    more = random.choice(["", "", "", "yield mm.cond_resched()\n", AGAIN, looks])
    return f"{EXECUTE}{more}yield mm.put_page(page)\n"
