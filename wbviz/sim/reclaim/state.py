"""What happens to pages, in no time: they come into use, become dirty, are written, are freed.

Who does it, and when, is the machine's business.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from itertools import pairwise

from wbviz.sim.reclaim.memory import Page, Zone, zones
from wbviz.sim.reclaim.record import STAYED, TO_HEAD, TO_TAIL, Recorder
from wbviz.sim.reclaim.settings import LARGEST

_FAR = 1 << 20  # pages between the beginnings of two files on the disk


class Memory:
    """All pages of the machine.

    `counts` of pages: "free", "dirty", "writeback". `dirty`: the dirty ones by file and index, the file that has waited
    longest first. `hot`: the pages of the working set, None for those that are not in memory. `pages` were ever used.
    """

    def __init__(self, size: int, record: Recorder) -> None:
        self.zones = zones(size)
        self.counts = {"free": size, "dirty": 0, "writeback": 0}
        self.dirty: dict[int, OrderedDict[int, Page]] = {}
        self.hot: list[Page | None] = [None] * (size // 8)
        self.pages = 0
        self._record = record

    def fill(self) -> None:
        """At first a quarter of each zone is free; in the rest is the working set, and clean pages read long ago."""
        hot = iter(range(len(self.hot)))
        for zone in self.zones:
            for number in range(zone.size - zone.size // 4):
                self.new_page(zone, next(hot, None) if number < zone.size // 8 else None, active=True)

    def zone_above(self, mark: str) -> Zone | None:
        """The first zone that has more free pages than this watermark."""
        return next((zone for zone in self.zones if zone.free > getattr(zone, mark)), None)

    def new_page(self, zone: Zone, hot: int | None = None, active: bool = False) -> Page:
        """A page comes into use, at the head of the inactive list. hot: its number in the working set."""
        page = Page(self.pages, zone)
        self.pages += 1
        zone.free -= 1
        self.counts["free"] -= 1
        page.hot = hot
        if hot is not None:
            self.hot[hot] = page
        zone.add(page, active=active and hot is not None)
        self._record.born(page, self.zones.index(zone))
        return page

    def accessed(self, page: Page) -> None:
        """mark_page_accessed: the first time it is noted, the second time the page moves to the active list."""
        if page.active or not page.referenced:
            page.referenced = True
        elif page in page.zone.inactive:  # not while reclaim has it in hand
            page.referenced = False
            page.zone.remove(page)
            self.put(page, active=True)

    def put(self, page: Page, active: bool = False) -> None:
        """Put a page that is on no list on one, at its head."""
        page.zone.add(page, active=active)
        self._record.changed(page, TO_HEAD)

    def deactivate(self, zone: Zone, count: int) -> None:
        """Move pages from the tail of the active list to the head of the inactive one."""
        for page in zone.isolate(count, active=True):
            page.referenced = False
            self.put(page)

    def make_dirty(self, page: Page, file: int, index: int) -> None:
        """Somebody writes into a new page."""
        page.file, page.index, page.dirty = file, index, True
        self.dirty.setdefault(file, OrderedDict())[index] = page
        self.counts["dirty"] += 1
        self._record.changed(page)

    def free(self, page: Page) -> None:
        """A page that was taken off its list goes out of use."""
        page.zone.free += 1
        self.counts["free"] += 1
        if page.hot is not None:
            self.hot[page.hot] = None
        self._record.freed(page)

    def begin_writeback(self, pages: Sequence[Page]) -> None:
        """Dirty pages are handed to the disk."""
        for page in pages:
            assert page.file is not None
            page.dirty, page.writeback = False, True
            self.dirty[page.file].pop(page.index)
            if not self.dirty[page.file]:
                del self.dirty[page.file]
            self._record.changed(page)
        self.counts["dirty"] -= len(pages)
        self.counts["writeback"] += len(pages)

    def end_writeback(self, pages: Sequence[Page]) -> None:
        """The disk is done. What reclaim waits for goes to the tail of the inactive list, to be freed next."""
        self.counts["writeback"] -= len(pages)
        for page in pages:
            page.writeback = False
            if page.rotate:
                page.rotate = False
                page.zone.remove(page)
                page.zone.add(page, tail=True)
                self._record.changed(page, TO_TAIL)
            else:
                self._record.changed(page, STAYED)


def place(page: Page) -> int:
    """Where a page of a file lies on the disk. Files lie in one piece, far from each other."""
    assert page.file is not None
    return (page.file + 1) * _FAR + page.index


def requests(pages: Sequence[Page]) -> list[list[Page]]:
    """Pages as requests, as a plug would have them: sorted, neighbours together, none larger than `LARGEST`."""
    ordered = sorted(pages, key=place)
    cuts = [i for i, (a, b) in enumerate(pairwise(ordered), 1) if place(b) != place(a) + 1]
    runs = [ordered[a:b] for a, b in pairwise([0, *cuts, len(ordered)])] if ordered else []
    return [run[i : i + LARGEST] for run in runs for i in range(0, len(run), LARGEST)]
