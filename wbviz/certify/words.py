"""Obligations, findings and reasons in words: the only place where they are turned into sentences."""

from __future__ import annotations

from typing import NamedTuple

from wbviz.certify.box import Reason
from wbviz.certify.facts import PageFacts
from wbviz.certify.findings import Finding, Kind, Obligation
from wbviz.certify.result import Stop

OBLIGATIONS = {
    Obligation.TOUCH: "nothing is used that may be freed",
    Obligation.ORDER: "it sleeps only for pages above all that it holds",
    Obligation.QUEUE: "no lock waits in the queue, and the flusher waits for no work",
    Obligation.WRITE: "a page is written locked, in its file, and not under writeback",
    Obligation.BALANCE: "what it takes it gives back, on every path",
    Obligation.DUTY: "an accepted page is written, or seen clean or gone; refusing has a reason",
    Obligation.PROGRESS: "every loop ends, and no work comes back for ever",
}
"""What each obligation asks of a program."""

CHAPTERS = {
    "pages": "Pages and the page cache",
    "lock-ordering": "Lock ordering",
    "pageout-work": "The pageout work",
    "lifetimes": "References and lifetimes",
    "progress": "Progress",
    "write-your-own": "Write your own policy",
}
"""The chapters that explain the obligations, by their files."""


class Lesson(NamedTuple):
    """What a kind of finding says (`{page}` and `{other}` are pages, `{program}` the program), what to write instead,
    and the chapter that explains it."""

    what: str
    fix: str
    chapter: str


_LOOK = """\
if page.mapping is not None and page.dirty:      # under its lock
    yield mm.writepage(page)"""
_PIN = """\
yield mm.get_page(page)                          # in enqueue, before queue_work
...
yield mm.put_page(page)                          # in execute, at the end"""
_UPWARDS = """\
yield mm.unlock_page(page)                       # let go, then from the lowest page up
for member in pages:
    yield mm.lock_page(member)"""

LESSONS: dict[Kind, Lesson] = {
    Kind.PAGE_MAY_BE_FREED: Lesson("{page} is used, and nothing keeps it: it may have been freed", _PIN, "lifetimes"),
    Kind.INODE_MAY_BE_GONE: Lesson(
        "the file is used, and nothing keeps it: no page is locked and known to be in it, and no reference is held",
        "yield mm.lock_page(page)\nif page.mapping is not None:                     # as long as the lock is held\n"
        "    following = yield mm.find_get_page(page.mapping, page.index + 1)",
        "lifetimes",
    ),
    Kind.WORK_MAY_HAVE_ENDED: Lesson(
        "a work is looked at after others may have run: it may have ended",
        "for work in mm.works:                            # read what you need before the next yield\n"
        "    page, pins = work.page, work.pins",
        "pageout-work",
    ),
    Kind.LOCKED_AND_UNKEPT: Lesson(
        "the last pin of {page} goes while its lock is held, and it may have left its file: it is freed locked",
        "yield mm.unlock_page(page)\nyield mm.put_page(page)                          # after the lock",
        "lifetimes",
    ),
    Kind.SLEEPS_DOWNWARDS: Lesson(
        "it sleeps for {page} while it holds {other}: a writer that locks upwards does the opposite",
        _UPWARDS,
        "lock-ordering",
    ),
    Kind.LOCKS_TWICE: Lesson(
        "it sleeps for {page}, whose lock it holds itself",
        "yield mm.lock_page(page)                         # once\n...\nyield mm.unlock_page(page)",
        "lock-ordering",
    ),
    Kind.ADDED_PAGES: Lesson(
        "{page} is written while {other} is held: a filesystem that clusters sleeps for pages above the one it writes",
        "yield mm.unlock_page(above)                      # hold nothing above what is written\n"
        "yield mm.writepage(page)",
        "lock-ordering",
    ),
    Kind.EVICTS_LOCKED: Lesson(
        "a last iput takes the file apart, and sleeps for each of its pages: {other} is held",
        "yield mm.unlock_page(page)\nyield mm.iput(inode)                             # holding nothing",
        "lifetimes",
    ),
    Kind.LOCK_IN_QUEUE: Lesson(
        "the lock of {page} waits in the queue with the work: whoever stands ahead and wants it waits for ever",
        "yield mm.unlock_page(page)                       # a pin may wait in a queue, a lock may not\n"
        "yield mm.queue_work(page=page)",
        "pageout-work",
    ),
    Kind.FLUSHER_EVICTS: Lesson(
        "the flusher may drop the last reference of an unlinked file here: its eviction can wait for the flusher's own "
        "queue",
        "yield mm.get_page(page)                          # pin the page, and leave the inode alone\n"
        "yield mm.queue_work(page=page)",
        "lifetimes",
    ),
    Kind.BUSY: Lesson(
        "a reference of the inode is held while others run: umount finds it busy",
        "yield mm.get_page(page)                          # a pin of the page keeps no file busy",
        "lifetimes",
    ),
    Kind.WAITS_LOCKED: Lesson(
        "it waits for a work while it holds {other}: the flusher may want that lock before it comes to the work",
        "yield mm.unlock_page(page)                       # holding nothing",
        "pageout-work",
    ),
    Kind.TAKEN_OUT_UNLOCKED: Lesson(
        "{page} is taken out of its file without its lock",
        "yield mm.lock_page(page)                         # before it is taken out",
        "lifetimes",
    ),
    Kind.WRITES_UNLOCKED: Lesson(
        "{page} is written without its lock",
        "yield mm.lock_page(page)\n" + _LOOK + "\nyield mm.unlock_page(page)",
        "pages",
    ),
    Kind.WRITES_GONE: Lesson("{page} may have been truncated when it is written", _LOOK, "lifetimes"),
    Kind.WRITES_TWICE: Lesson(
        "{page} may be under writeback when it is written",
        "yield mm.lock_page(page)\nyield mm.wait_on_page_writeback(page)            # under the lock\n" + _LOOK,
        "pages",
    ),
    Kind.NOT_LOCKED: Lesson(
        "{page} is unlocked, and its lock may not be its own",
        "yield mm.unlock_page(page)                       # once for each lock",
        "pages",
    ),
    Kind.NOT_PINNED: Lesson(
        "a pin of {page} is dropped that is not its own",
        "yield mm.put_page(page)                          # once for each get_page",
        "lifetimes",
    ),
    Kind.NOT_REFERENCED: Lesson(
        "a reference of the inode is dropped that is not its own",
        "yield mm.iput(inode)                             # once for each igrab",
        "lifetimes",
    ),
    Kind.LOCK_LEFT: Lesson(
        "{program} may end with {page} locked",
        "yield mm.unlock_page(page)                       # on every path to the end",
        "lifetimes",
    ),
    Kind.PIN_LEFT: Lesson(
        "{program} may end with a pin of {page} left",
        "yield mm.put_page(page)                          # on every path to the end",
        "lifetimes",
    ),
    Kind.REFERENCE_LEFT: Lesson(
        "{program} may end with a reference of the inode left",
        "yield mm.iput(inode)                             # on every path to the end",
        "lifetimes",
    ),
    Kind.NO_REASON: Lesson(
        "{program} may refuse {page} though nothing was refused to it, and the page is dirty",
        "return True                                      # False only after a refused queue_work or trylock_page",
        "pageout-work",
    ),
    Kind.NOT_QUEUED: Lesson(
        "{program} may accept {page} and leave it to nobody: not queued, and not seen clean or gone",
        "if not (yield mm.queue_work(page=page)):\n    yield mm.put_page(page)\n    return False",
        "pageout-work",
    ),
    Kind.NOT_WRITTEN: Lesson(
        "{program} may end with {page} neither written, nor seen clean or gone, nor queued again",
        "yield mm.lock_page(page)                         # wait for what was promised\n" + _LOOK,
        "progress",
    ),
    Kind.LOOP: Lesson(
        "it may go round here for ever: nothing that others must do in the end lets it out",
        "yield mm.lock_page(page)                         # wait in line, instead of trying again",
        "progress",
    ),
    Kind.COMES_BACK: Lesson(
        "a work puts itself back into the queue, as often as it likes",
        "yield mm.lock_page(page)                         # wait in line, at the latest after some tries",
        "progress",
    ),
}

REASONS = {
    Reason.WORKS: "it looks at mm.works for more than one work to rest on, and any number may be queued",
    Reason.EXTENDS: "it extends works that others may extend as well",
    Reason.WORK_ID: "it reads the number of a work",
    Reason.NAME: "it reads the name of a file",
    Reason.MANY: "it has too many local states to look at them all",
    Reason.POSITION: "what it does depends on the index itself, and not only on how pages lie to each other and to the "
    "ends of the file",
    Reason.TEXT: "its text does not show that indexes are only moved and compared",
    Reason.CHANGES: "it does one thing, and when it is asked again, another",
}

VOID = (
    "a task that is not on this list",
    "a writer that locks its pages other than upwards",
    "an umount beside tasks that hold inodes by nature: unlink, or a flusher that takes references (igrab)",
    "a flusher that takes references, on a journalled filesystem, beside an unlink",
)
"""What voids a certificate: the built-in tasks fail there by themselves, or were not looked at."""


def what(finding: Finding) -> str:
    """A finding in one sentence without a full stop."""
    return LESSONS[finding.kind].what.format(
        page=page_words(finding.page), other=page_words(finding.other), program=finding.function
    )


def where(finding: Finding) -> str:
    """The line, or how near one can get to it."""
    return f"line {finding.line}" if finding.line else finding.function


def page_words(offset: int | None) -> str:
    """A page by its offset from the wanted one."""
    if not offset:
        return "the wanted page"
    side = "after" if offset > 0 else "before"
    return f"the page {side} the wanted one" if abs(offset) == 1 else f"the page {abs(offset)} {side} the wanted one"


def known_words(finding: Finding) -> str:
    """What was known at that moment of the page that a finding is about; "" where it is about none."""
    if finding.page is None:
        return ""
    return facts_words(finding.known.page(finding.wanted + finding.page))


def facts_words(facts: PageFacts) -> str:
    """What is known of a page, and what is not."""
    known = [
        "pinned" if facts.pins else "not pinned",
        "locked" if facts.locked else "not locked",
    ]
    open_: list[str] = []
    for fact, yes, no, question in (
        (facts.attached, "in its file", "gone from its file", "in its file"),
        (facts.dirty, "dirty", "clean", "dirty"),
        (facts.writeback, "under writeback", "not under writeback", "under writeback"),
    ):
        if fact is None:
            open_.append(question)
        else:
            known.append(yes if fact else no)
    unknown = f"; not known: whether it is {_listed(open_, 'or')}" if open_ else ""
    return ", ".join(known) + unknown


def reason(stop: Stop) -> str:
    """Why something could not be shown."""
    line = f"line {stop.line}: " if stop.line else ""
    return line + REASONS[stop.reason]


def listed(items: tuple[str, ...]) -> str:
    """Names with commas between, and an "and" before the last."""
    return _listed(list(items), "and")


def _listed(items: list[str], word: str) -> str:
    return f" {word} ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)
