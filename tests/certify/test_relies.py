"""Policies that count on one thing too many: what they do not know, what others may undo, what is no longer theirs."""

import pytest

from tests.grade import policies as p
from tests.grade.policies import builtin, edit, plain
from wbviz.certify.certify import certify
from wbviz.certify.findings import Kind
from wbviz.policy.load import policy_from_text

IGRAB = builtin("igrab_at_enqueue")
LAST = "    yield mm.iput(inode)  # perhaps the last one\n"
GRABS = "    grabbed = inode is not None and (yield mm.igrab(inode))\n"
ACCEPTS = "        return False\n    return True\n"


def failures(text: str) -> set[tuple[Kind, str]]:
    """What fails, each with its line."""
    lines = text.splitlines()
    return {(finding.kind, lines[finding.line - 1].strip()) for finding in certify(policy_from_text(text)).findings}


@pytest.mark.parametrize(
    "seen",
    [
        *("page.locked", "not page.locked", "page.dirty", "not page.dirty", "page.writeback", "not page.writeback"),
        *("page.mapping is None", "page.mapping is not None", "not page.locked and not page.locked"),
    ],
)
@pytest.mark.parametrize("locked", [False, True])
def test_whatever_may_be_seen_is_looked_at(seen: str, locked: bool) -> None:
    """Who sees it leaves with the pin."""
    look = f"    if {seen}:\n        return\n"
    text = plain((p.LOCKS, p.LOCKS + look if locked else look + p.LOCKS))
    never = {"not page.locked", "not page.locked and not page.locked"} if locked else set()
    assert (Kind.PIN_LEFT in {kind for kind, _ in failures(text)}) == (seen not in never)


@pytest.mark.parametrize("seen", ["inode.linked", "not inode.linked"])
def test_a_file_may_have_lost_its_name_or_not(seen: str) -> None:
    text = edit(IGRAB, (LAST, f"    if {seen}:\n        return\n{LAST}"))
    assert Kind.REFERENCE_LEFT in {kind for kind, _ in failures(text)}


@pytest.mark.parametrize(
    ("change", "kind", "at"),
    [
        # twice under one lock: the first write may not have come to its end
        ((p.CHECKS, p.CHECKS + p.CHECKS), Kind.WRITES_TWICE, "yield mm.writepage(page)"),
        # seen dirty, and left so
        ((p.CHECKS, "    if page.dirty:\n        page.index\n"), Kind.NOT_WRITTEN, "yield mm.put_page(page)"),
        # what was seen at one moment is not so at the next
        (
            (p.LOCKS, "    if page.locked:\n        yield mm.cond_resched()\n        if not page.locked:\n"
             "            return\n" + p.LOCKS),
            Kind.PIN_LEFT,
            "yield mm.cond_resched()",
        ),
        # no pin goes with this work, and nothing keeps its page any more
        (
            (p.PUTS, p.PUTS + "    yield mm.queue_work(page=page)\n"),
            Kind.PAGE_MAY_BE_FREED,
            "yield mm.queue_work(page=page)",
        ),
        # a reference of the file that nobody brought
        ((p.PUTS, p.PUTS + "    yield mm.iput(work.inode)\n"), Kind.NOT_REFERENCED, "yield mm.iput(work.inode)"),
    ],
)  # fmt: skip
def test_a_work_that_counts_on_too_much(change: tuple[str, str], kind: Kind, at: str) -> None:
    text = p.PIN + edit(p.LOCK, change)
    if "iput" in at:
        text = edit(text, ("queue_work(page=page)", "queue_work(page=page, inode=page.mapping)"))
    assert (kind, at) in failures(text)


@pytest.mark.parametrize(
    ("change", "kind", "at"),
    [
        # the pin went with the work
        ((ACCEPTS, ACCEPTS.replace("    return True", "    yield mm.put_page(page)\n    return True")),
         Kind.NOT_PINNED, "yield mm.put_page(page)"),
        # a work that does not name the page
        (("queue_work(page=page)", "queue_work(other=1)"), Kind.NOT_QUEUED, "if not (yield mm.queue_work(other=1)):"),
        # the file of a page that may have left it
        (
            (p.QUEUES, "    inode = page.mapping\n    yield mm.cond_resched()\n"
             + p.QUEUES.replace("page=page", "page=page, inode=inode")),
            Kind.INODE_MAY_BE_GONE,
            "if not (yield mm.queue_work(page=page, inode=inode)):",
        ),
    ],
)  # fmt: skip
def test_a_call_that_counts_on_too_much(change: tuple[str, str], kind: Kind, at: str) -> None:
    assert (kind, at) in failures(edit(p.PIN, change) + p.LOCK)


@pytest.mark.parametrize(
    ("change", "kind", "at"),
    [
        ((LAST, LAST + LAST), Kind.NOT_REFERENCED, LAST.strip()),
        # the reference went with the work
        ((ACCEPTS, ACCEPTS.replace("    return True", "    yield mm.iput(inode)\n    return True")),
         Kind.NOT_REFERENCED, "yield mm.iput(inode)"),
        # the file is on its way out, and the pin stays
        ((GRABS, GRABS + "    if inode is not None and not grabbed:\n        yield mm.get_page(page)\n"),
         Kind.PIN_LEFT, "yield mm.unlock_page(page)"),
    ],
)  # fmt: skip
def test_a_reference_that_counts_on_too_much(change: tuple[str, str], kind: Kind, at: str) -> None:
    assert (kind, at) in failures(edit(IGRAB, change))


AROUND = """def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    around = ()
    if page.mapping is not None:
        middle = yield mm.find_get_page(page.mapping, page.index + 1)
        above = yield mm.find_get_page(page.mapping, page.index + 2)
        if middle is not None and above is not None:
            yield mm.lock_page(above)
            yield mm.lock_page(middle)
            yield mm.unlock_page(middle)
            yield mm.unlock_page(above)
        around = tuple(one for one in (middle, above) if one is not None)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    for one in around:
        yield mm.put_page(one)
    yield mm.put_page(page)
"""


def test_a_lock_between_two_that_are_held_is_downwards() -> None:
    assert failures(p.PIN + AROUND) == {(Kind.SLEEPS_DOWNWARDS, "yield mm.lock_page(middle)")}


def test_a_work_in_the_queue_keeps_its_page_by_the_pin_it_carries() -> None:
    looks = "    if any(work.page is not None and work.page.writeback for work in mm.works):\n        return False\n"
    at = (Kind.PAGE_MAY_BE_FREED, looks.splitlines()[0].strip())
    assert at not in failures(plain((p.GET, looks + p.GET)))
    unpinned = plain((p.GET, looks), (p.REFUSED, "        return False\n"), (p.PUTS, ""))
    assert at in failures(unpinned)
