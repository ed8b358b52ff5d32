"""Wrong policies that no row of the table names: the default sizes of the catalogue see each of them."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.machine.driving import CLEAN, PIN_AND_QUEUE, policy
from wbviz.check.check import check_scenario
from wbviz.policy.load import Policy
from wbviz.scenarios.catalogue import build

WRITES_ALL = """
for page in work.pages:
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
"""
QUEUES_ONE = """
if not (yield mm.queue_work(page=page, pages=(page,))):
    yield mm.put_page(page)
    return False
return True
"""
BESIDE = "any(other.mapping is page.mapping and abs(other.index - page.index) == 1 for other in work.pages)"


def joins(extends: str, beside: str = BESIDE) -> Policy:
    """A page joins the first work that is found for it, in the way given."""
    search = f"yield mm.get_page(page)\nfor work in mm.works:\n    if work.kind == 'pageout' and {beside}:\n"
    return policy(search + "\n".join(f"        {line}" for line in extends.splitlines()) + QUEUES_ONE, WRITES_ALL)


WIDER = "yield mm.extend_work(work, pages=(*work.pages, page))"
DEAF = {
    "extends a work, and does not listen": joins(f"{WIDER}\nreturn True"),
    "listens, and drops its own pin alone": joins(
        f"if not ({WIDER}):\n    yield mm.put_page(page)\nreturn True",
    ),
    "extends whatever work of the file is the last": joins(
        f"{WIDER}\nreturn True", "work == mm.works[-1] and page not in work.pages"
    ),
}
TOGETHER = {
    "joins a neighbour, and overwrites who joined meanwhile": joins(f"if ({WIDER}):\n    return True\nbreak"),
    "the same for any page of the file": joins(
        f"if ({WIDER}):\n    return True\nbreak", "work.pages[0].mapping is page.mapping"
    ),
    "has room for one more page, and gives it twice": joins(
        "if (yield mm.extend_work(work, pages=(work.pages[0], page))):\n    return True\nbreak",
        "len(work.pages) == 1 and work.pages[0] != page",
    ),
}
PLAIN = dedent(PIN_AND_QUEUE)
REFUSED = "    yield mm.put_page(page)\n    return False\nreturn True\n"
FULL = {
    "accepts what was refused": policy(PLAIN.replace(REFUSED, "    yield mm.put_page(page)\nreturn True\n")),
    "says nothing where it was refused": policy(PLAIN.replace("    return False\n", "    return None\n")),
    "tries twice, then accepts": policy(
        "yield mm.get_page(page)\nfor _ in range(2):\n    if (yield mm.queue_work(page=page)):\n        return True\n"
        "    yield mm.cond_resched()\nyield mm.put_page(page)\n"
    ),
    "takes any work that waits for its own": policy(
        PIN_AND_QUEUE.replace("    return False\n", "    return any(work.kind == 'pageout' for work in mm.works)\n")
    ),
}


@pytest.mark.parametrize("wrong", [*DEAF.items(), *TOGETHER.items()], ids=lambda one: one[0])
def test_who_joins_a_work_carelessly_loses_a_page(wrong: tuple[str, Policy]) -> None:
    assert "lost-work" in {one.kind for one in check_scenario(wrong[1], build("neighbours")).verdicts}


@pytest.mark.parametrize("wrong", FULL.items(), ids=lambda one: one[0])
def test_who_accepts_without_room_loses_a_page(wrong: tuple[str, Policy]) -> None:
    assert check_scenario(wrong[1], build("little-room")).verdict == "lost-work"


def test_who_listens_and_is_alone_with_the_work_is_safe() -> None:
    """What these scenarios ask for can be had: a page that comes too late makes a work of its own."""
    only = "work.pages[0] == page"
    careful = joins("return True", only)
    assert check_scenario(careful, build("neighbours")).verdict == "safe"
    assert check_scenario(policy(PIN_AND_QUEUE, CLEAN), build("little-room")).verdict == "safe"
