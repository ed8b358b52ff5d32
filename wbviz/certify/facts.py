"""What a program may know: of each page that it has met, and of the promises that it has to keep. Immutable.

A fact is True, False, or None where it is not known. `forget` says which facts survive a moment in which everybody
else may run: this is what a program may rely on.
"""

from __future__ import annotations

from typing import NamedTuple

from wbviz.kernel.state import Value

Fact = bool | None
Answer = tuple[Value, "Knowledge"]
"""What a read or an operation may answer, and what is known then."""


class PageFacts(NamedTuple):
    """One page: the program's own pins, whether the lock is its own, and what it saw."""

    pins: int = 0
    locked: bool = False
    attached: Fact = None
    dirty: Fact = None
    writeback: Fact = None


NOTHING = PageFacts()


class Knowledge(NamedTuple):
    """Everything that a program knows and owes, by the numbers of pages.

    `refs` are its own references of the file. `cleaned`: pages seen clean or gone, or written, since the call or the
    work began. `handed`: pages that a queued work will clean, or that go with their file. `refused`: a lock or room was
    refused. `seen`: what was read in this turn, all at one moment. `excused`: pages of which it was said already that
    nothing keeps them. `looked`: the queue was looked at.
    """

    pages: tuple[tuple[int, PageFacts], ...] = ()
    refs: int = 0
    cleaned: frozenset[int] = frozenset()
    handed: frozenset[int] = frozenset()
    refused: bool = False
    seen: tuple[tuple[Value, Value], ...] = ()
    excused: frozenset[int] = frozenset()
    looked: bool = False

    def page(self, number: int) -> PageFacts:
        """What is known of a page."""
        for at, facts in self.pages:
            if at == number:
                return facts
        return NOTHING

    def with_page(self, number: int, facts: PageFacts) -> Knowledge:
        """The same with one page replaced. A page seen clean or gone is one that has been cleaned."""
        rest = [(at, it) for at, it in self.pages if at != number]
        if facts != NOTHING:
            rest.append((number, facts))
            rest.sort()
        known = self._replace(pages=tuple(rest))
        if number not in self.cleaned and (facts.attached is False or facts.dirty is False):
            known = known._replace(cleaned=self.cleaned | {number})
        return known

    def held(self) -> tuple[int, ...]:
        """The pages whose locks are the program's own, ascending."""
        return tuple(number for number, facts in self.pages if facts.locked)

    def remembers(self, what: Value) -> Value:
        """What was read in this turn; raises KeyError if it was not."""
        for key, value in self.seen:
            if key == what:
                return value
        raise KeyError(what)


def forget(known: Knowledge) -> Knowledge:
    """What is still certain after everybody else may have run.

    A page that is gone stays gone. Under one's own lock a page stays in its file, stays dirty, and does not go under
    writeback; but it may be dirtied, and a writeback may end. Of any other page nothing is certain.
    """
    pages = []
    for number, facts in known.pages:
        if facts.locked:
            facts = facts._replace(dirty=facts.dirty or None, writeback=False if facts.writeback is False else None)
        else:
            facts = PageFacts(facts.pins, attached=False if facts.attached is False else None)
        if facts != NOTHING:
            pages.append((number, facts))
    return known._replace(pages=tuple(pages), seen=())


class Work(NamedTuple):
    """A work that a program queues: what it names, what goes with it, and the pages that it is to clean.

    `pins` and `refs` were the queueing program's own, and are those of the flusher that takes it. `lock` is what is
    known of the page whose lock travels with it, None where no lock does.
    """

    page: int | None
    inode: Value
    info: tuple[tuple[str, Value], ...]
    pins: tuple[tuple[int, int], ...]
    refs: int
    lock: PageFacts | None
    duties: frozenset[int]

    def begin(self) -> Knowledge:
        """What `execute` knows when it starts."""
        known = Knowledge(refs=self.refs)
        for number, pins in self.pins:
            known = known.with_page(number, PageFacts(pins))
        if self.lock is not None and self.page is not None:
            pins = known.page(self.page).pins
            known = known.with_page(self.page, self.lock._replace(pins=pins))
        return known
