"""Pages, LRU lists and zones: what reclaim works on. Times and tasks are elsewhere."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from itertools import chain

INACTIVE, ACTIVE = "I", "A"


class Page:
    """A page in use. `number` counts all there were; `file` is None for what was read; `hot`: of the working set."""

    __slots__ = ("active", "dirty", "file", "hot", "index", "number", "referenced", "rotate", "writeback", "zone")

    def __init__(self, number: int, zone: Zone) -> None:
        self.number = number
        self.zone = zone
        self.file: int | None = None
        self.index = 0
        self.hot: int | None = None
        self.dirty = False
        self.writeback = False
        self.referenced = False
        self.active = False
        self.rotate = False  # PG_reclaim: to be freed as soon as it is written

    @property
    def letter(self) -> str:
        """C, D or W: clean, dirty, under writeback."""
        return "W" if self.writeback else "D" if self.dirty else "C"


class Zone:
    """Some of the memory, with lists and watermarks of its own. Lists are in order: first the tail, last the head."""

    def __init__(self, name: str, size: int) -> None:
        self.name = name
        self.size = size
        self.free = size
        self.min = max(2, size * 4 // 100)
        self.low = 2 * self.min
        self.high = 3 * self.min
        self.lists: dict[str, OrderedDict[Page, None]] = {INACTIVE: OrderedDict(), ACTIVE: OrderedDict()}

    @property
    def inactive(self) -> OrderedDict[Page, None]:
        return self.lists[INACTIVE]

    @property
    def active(self) -> OrderedDict[Page, None]:
        return self.lists[ACTIVE]

    def add(self, page: Page, active: bool = False, tail: bool = False) -> None:
        """Put a page that is on no list on one, at its head or at its tail."""
        page.active = active
        target = self.active if active else self.inactive
        target[page] = None
        if tail:
            target.move_to_end(page, last=False)

    def remove(self, page: Page) -> None:
        """Take a page off its list."""
        del (self.active if page.active else self.inactive)[page]

    def isolate(self, count: int, active: bool = False) -> list[Page]:
        """Take up to so many pages off a list, from its tail."""
        source = self.active if active else self.inactive
        return [source.popitem(last=False)[0] for _ in range(min(count, len(source)))]


def zones(memory: int) -> tuple[Zone, Zone]:
    """Normal and DMA32, in the order in which they are asked for a page. In reality hardware draws the border."""
    small = memory // 4
    return Zone("Normal", memory - small), Zone("DMA32", small)


def listed(all_zones: Iterable[Zone]) -> Iterable[Page]:
    """Every page on a list."""
    return chain.from_iterable(pages for zone in all_zones for pages in zone.lists.values())
