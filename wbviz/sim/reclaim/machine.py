"""A machine that runs short of memory, in simulated time: tasks that want pages, kswapd, a flusher, a disk.

After Linux 3.3, mm/vmscan.c and mm/page_alloc.c, much simplified; book/design/labs.md lists what is left out. `who`
changes one thing only: who may write a dirty page that reclaim meets at the end of a list.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Generator, Sequence
from functools import partial
from itertools import pairwise
from random import Random
from typing import Any

import simpy

from wbviz.sim.costs import Costs, Disk
from wbviz.sim.dirty import dirty_limits, pause_seconds
from wbviz.sim.reclaim.memory import Page, Zone, zones
from wbviz.sim.reclaim.record import TO_HEAD, TO_TAIL, Metrics, Recorder, Run, ZoneFacts
from wbviz.sim.reclaim.settings import BATCH, DEPTH, EXTENT, LARGEST, TASKS, TICK, Settings, usable
from wbviz.sim.spindle import Spindle, Wait

PRIORITIES = range(12, -1, -1)
"""DEF_PRIORITY is 12: one 4096th of a list a pass, then twice that, and so on."""

TROUBLE = 10
"""In Linux 3.2 kswapd writes at lower priorities only (DEF_PRIORITY - 2)."""

CONGESTION = 0.1
"""Seconds that reclaim waits at most for some write to end (HZ/10)."""

_FAR = 1 << 20  # pages between the beginnings of two files on the disk
_RUNS, _PAUSED, _STALLED, _SLEEPS, _WAITS = "rpszw"


def simulate_reclaim(settings: Settings | None = None, seed: int = 1) -> Run:
    """One run of the machine; the same settings and seed give the same run. Raises UsageError for unusable settings."""
    machine = Machine(usable(settings or Settings()), seed)
    return machine.run()


class Machine:
    def __init__(self, settings: Settings, seed: int, watch: Callable[[Machine], None] | None = None) -> None:
        self.settings = settings
        self.seed = seed
        self.random = Random(seed)
        self.env = simpy.Environment()
        self.costs = Costs()
        self.disk = Spindle(self.env, Disk(), DEPTH)
        self.zones = zones(settings.memory)
        self.limits = dirty_limits(settings.memory, settings.background, settings.dirty)
        self.record = Recorder()
        self.watch = watch
        self.dirty: dict[int, OrderedDict[int, Page]] = {}  # by file and index; the file that has waited longest first
        self.counts = {"free": settings.memory, "dirty": 0, "writeback": 0}
        self.hot: list[Page | None] = [None] * (settings.memory // 8)
        self.pages = 0
        self.asked = 0  # pages that reclaim has asked the flusher to write
        self.actors = {f"task {task + 1}": _RUNS for task in range(TASKS)} | {"kswapd": _SLEEPS, "flusher": _SLEEPS}
        self.kswapd_wanted = self.env.event()
        self.flusher_wanted = self.env.event()
        self.stalling: dict[str, float] = {}  # since when a task is in direct reclaim
        self.stalls: list[float] = []
        self.paused = 0.0
        self.refaults = 0

    def run(self) -> Run:
        self._fill()
        started = self.pages
        for task in range(TASKS):
            self.env.process(self._task(task))
        self.env.process(self._kswapd())
        self.env.process(self._flusher())
        self.env.process(self._clock())
        self.env.run(until=self.settings.seconds)
        self._tick()
        self.stalls += [self.env.now - began for began in self.stalling.values()]
        served = tuple(self.disk.served)
        written = sum(one.pages for one in served)
        metrics = Metrics(
            allocated=self.pages - started,
            direct=len(self.stalls),
            stalled=sum(self.stalls),
            longest=max(self.stalls, default=0.0),
            paused=self.paused,
            requests=len(served),
            written=written,
            request_kib=4 * written / len(served) if served else None,
            by_reclaim=sum(one.by != "flusher" for one in served),
            seeks=sum(one.seeks for one in served),
            refaults=self.refaults,
        )
        facts = tuple(ZoneFacts(zone.name, zone.size, zone.min, zone.low, zone.high) for zone in self.zones)
        return Run(
            settings=self.settings,
            seed=self.seed,
            zones=facts,
            limits=self.limits,
            served=served,
            metrics=metrics,
            **self.record.finished(),
        )

    def _fill(self) -> None:
        """At first a quarter of each zone is free; in the rest is the working set, and clean pages read long ago."""
        hot = iter(range(len(self.hot)))
        for zone in self.zones:
            for number in range(zone.size - zone.size // 4):
                self._new_page(zone, next(hot, None) if number < zone.size // 8 else None, active=True)

    def _clock(self) -> Wait:
        while True:
            self._tick()
            yield self.env.timeout(TICK)

    def _tick(self) -> None:
        if self.watch is not None:
            self.watch(self)
        self.record.tick(self.counts, self.actors)

    # What the tasks do

    def _task(self, task: int) -> Wait:
        name = f"task {task + 1}"
        settings, random = self.settings, self.random
        gap = TASKS / settings.rate
        todo: list[int] = []
        extents = 0
        while True:
            yield self.env.timeout(gap * (0.5 + random.random()))
            hot = random.randrange(len(self.hot))
            resident = self.hot[hot]
            if resident is not None:
                self._accessed(resident)
                hot_wanted = None
            else:
                self.refaults += 1
                hot_wanted = hot
            writes = hot_wanted is None and random.random() * 100 < settings.share
            zone = self._zone_above("low")
            if zone is None:
                self._wake(self.kswapd_wanted)
                zone = self._zone_above("min")
            if zone is None:
                zone = yield from self._direct_reclaim(name)
            page = self._new_page(zone, hot_wanted)
            if writes:
                if not todo:
                    todo = list(range(extents * EXTENT, (extents + 1) * EXTENT))[::-1]
                    extents += 1
                    if not settings.sequential:
                        random.shuffle(todo)
                self._dirty(page, task, todo.pop())
                yield from self._balance_dirty_pages(name)

    def _zone_above(self, mark: str) -> Zone | None:
        """The first zone that has more free pages than this watermark."""
        return next((zone for zone in self.zones if zone.free > getattr(zone, mark)), None)

    def _new_page(self, zone: Zone, hot: int | None = None, active: bool = False) -> Page:
        page = Page(self.pages, zone)
        self.pages += 1
        zone.free -= 1
        self.counts["free"] -= 1
        page.hot = hot
        if hot is not None:
            self.hot[hot] = page
        zone.add(page, active=active and hot is not None)
        self.record.born(page, self.zones.index(zone))
        return page

    def _accessed(self, page: Page) -> None:
        """mark_page_accessed: the first time it is noted, the second time the page moves to the active list."""
        if page.active or not page.referenced:
            page.referenced = True
        elif page in page.zone.inactive:  # not while reclaim has it in hand
            page.referenced = False
            page.zone.remove(page)
            page.zone.add(page, active=True)
            self.record.changed(page, TO_HEAD)

    def _dirty(self, page: Page, file: int, index: int) -> None:
        page.file, page.index, page.dirty = file, index, True
        self.dirty.setdefault(file, OrderedDict())[index] = page
        self.counts["dirty"] += 1
        self.record.changed(page)
        if self.counts["dirty"] > self.limits.background:
            self._wake(self.flusher_wanted)

    def _balance_dirty_pages(self, name: str) -> Wait:
        """Somebody who has dirtied a page sleeps while there is too much dirty or under writeback."""
        while True:
            dirty = self.counts["dirty"] + self.counts["writeback"]
            pause = pause_seconds(self.limits, dirty, 1, self.disk.pages_per_second / TASKS)
            if not pause:
                break
            self._wake(self.flusher_wanted)
            self.actors[name] = _PAUSED
            self.record.say(self.env.now, "pause", f"{dirty} pages are dirty or being written: {name} has to pause.")
            yield self.env.timeout(pause)
            self.paused += pause
            if self.counts["dirty"] + self.counts["writeback"] < self.limits.dirty:
                break
        self.actors[name] = _RUNS

    # Reclaim

    def _direct_reclaim(self, name: str) -> Generator[simpy.Event, Any, Zone]:
        self.stalling[name] = self.env.now
        self.actors[name] = _STALLED
        self.record.say(self.env.now, "direct", f"No zone has more than its min free: {name} must reclaim itself.")
        zone = None
        while zone is None:
            freed = scanned = 0
            for priority in PRIORITIES:
                got, seen = yield from self._shrink(self.zones, priority, name)
                freed, scanned = freed + got, scanned + seen
                if freed >= BATCH:
                    break
                if self.settings.who != "6.19" and scanned > BATCH + BATCH // 2:
                    self._ask_flusher(scanned, name)
                if priority < TROUBLE and not got:
                    yield self._relief()
            zone = self._zone_above("min")
        self.stalls.append(self.env.now - self.stalling.pop(name))
        self.actors[name] = _RUNS
        return zone

    def _kswapd(self) -> Wait:
        while True:
            self.actors["kswapd"] = _SLEEPS
            if all(zone.free >= zone.low for zone in self.zones):
                self.kswapd_wanted = self.env.event()
                yield self.kswapd_wanted
            self.record.say(self.env.now, "kswapd", "A zone is down to its low mark: kswapd wakes and reclaims.")
            while below := [zone for zone in self.zones if zone.free < zone.high]:
                yield from self._kswapd_round(below)
            self.record.say(self.env.now, "kswapd sleeps", "All zones are above their high mark: kswapd sleeps.")

    def _kswapd_round(self, below: Sequence[Zone]) -> Wait:
        freed = 0
        for priority in PRIORITIES:
            self.actors["kswapd"] = _RUNS
            got, _ = yield from self._shrink(below, priority, "kswapd")
            freed += got
            if freed >= BATCH or all(zone.free >= zone.high for zone in below):
                return
            if priority < TROUBLE and not got:
                self.actors["kswapd"] = _WAITS
                yield self._relief()

    def _shrink(self, some: Sequence[Zone], priority: int, name: str) -> Generator[simpy.Event, Any, tuple[int, int]]:
        """One pass over the inactive lists of some zones: pages freed, pages looked at."""
        freed = seen = 0
        for zone in some:
            if len(zone.active) > len(zone.inactive):
                for page in zone.isolate(BATCH, active=True):
                    page.referenced = False
                    zone.add(page)
                    self.record.changed(page, TO_HEAD)
            count = max(BATCH, len(zone.inactive) >> priority)
            batch = zone.isolate(count)
            freed_here, to_write = self._shrink_page_list(batch, priority, name)
            freed, seen = freed + freed_here, seen + len(batch)
            yield self.env.timeout(self.costs.search * (1 + len(batch)))
            yield from self._write(to_write, name)
        return freed, seen

    def _shrink_page_list(self, batch: Sequence[Page], priority: int, name: str) -> tuple[int, list[Page]]:
        """What becomes of pages from the end of a list: freed, put back, or to be written. In no time."""
        freed, to_write, unqueued = 0, [], 0
        may_write = self._may_write(priority, name)
        for page in batch:
            zone, active = page.zone, False
            if page.writeback:
                page.rotate = True
            elif page.referenced:
                page.referenced, active = False, page.hot is not None
            elif page.dirty:
                unqueued += 1
                if may_write:
                    to_write.append(page)
                page.rotate = True
                active = self.settings.who == "6.19"
            else:
                self._free(page)
                freed += 1
                continue
            zone.add(page, active=active)
            self.record.changed(page, TO_HEAD)
        if self.settings.who == "6.19" and batch and unqueued == len(batch):
            self._ask_flusher(self.counts["dirty"], name)
        return freed, to_write

    def _relief(self) -> simpy.Event:
        """What reclaim waits for when it gets nowhere: that the disk's queue has room, or that something is written."""
        return (self.disk.relieved if self.disk.congested else self.disk.written) | self.env.timeout(CONGESTION)

    def _may_write(self, priority: int, name: str) -> bool:
        if self.settings.who == "3.1":
            return True
        return self.settings.who == "3.2" and name == "kswapd" and priority < TROUBLE

    def _free(self, page: Page) -> None:
        page.zone.free += 1
        self.counts["free"] += 1
        if page.hot is not None:
            self.hot[page.hot] = None
        self.record.freed(page)

    def _ask_flusher(self, pages: int, name: str) -> None:
        self.asked = max(self.asked, pages)
        if self.dirty:
            self.record.say(self.env.now, "asks", f"{name} meets dirty pages it may not free, and wakes the flusher.")
        self._wake(self.flusher_wanted)

    # Writing

    def _flusher(self) -> Wait:
        while True:
            self.actors["flusher"] = _SLEEPS
            while not self._flusher_has_cause():
                self.asked = 0
                self.flusher_wanted = self.env.event()
                yield self.flusher_wanted
            self.actors["flusher"] = _RUNS
            file = next(iter(self.dirty))
            pages = [page for _, page in sorted(self.dirty[file].items())]
            dirty = self.counts["dirty"]
            said = f"{dirty} pages are dirty. The flusher writes file {'ABCD'[file]}: {len(pages)} pages."
            self.record.say(self.env.now, "flusher", said)
            self.asked -= len(pages)
            yield from self._write(pages, "flusher")

    def _flusher_has_cause(self) -> bool:
        return bool(self.dirty) and (self.counts["dirty"] > self.limits.background or self.asked > 0)

    def _write(self, pages: Sequence[Page], by: str) -> Wait:
        """Write dirty pages. Those that somebody else has begun to write meanwhile are left out."""
        if by != "flusher" and pages:
            self.record.say(self.env.now, "pageout", f"{by} meets dirty pages at the end of a list, and writes them.")
        left = list(pages)
        while parts := _requests([page for page in left if page.dirty]):
            part = parts[0]
            left = [page for page in left if page not in part]
            self._begin_writeback(part)
            yield from self.disk.submit(_place(part[0]), len(part), by, partial(self._end_writeback, part))

    def _begin_writeback(self, pages: Sequence[Page]) -> None:
        for page in pages:
            page.dirty, page.writeback = False, True
            assert page.file is not None
            self.dirty[page.file].pop(page.index)
            if not self.dirty[page.file]:
                del self.dirty[page.file]
            self.record.changed(page)
        self.counts["dirty"] -= len(pages)
        self.counts["writeback"] += len(pages)

    def _end_writeback(self, pages: Sequence[Page]) -> None:
        """The disk is done. What reclaim waits for goes to the tail of the inactive list, to be freed next."""
        self.counts["writeback"] -= len(pages)
        for page in pages:
            page.writeback = False
            if page.rotate:
                page.rotate = False
                page.zone.remove(page)
                page.zone.add(page, tail=True)
                self.record.changed(page, TO_TAIL)
            else:
                self.record.changed(page)

    def _wake(self, event: simpy.Event) -> None:
        if not event.triggered:
            event.succeed()


def _place(page: Page) -> int:
    assert page.file is not None
    return (page.file + 1) * _FAR + page.index


def _requests(pages: Sequence[Page]) -> list[list[Page]]:
    """Pages as requests, as a plug would have them: sorted, neighbours together, none larger than `LARGEST`."""
    ordered = sorted(pages, key=_place)
    cuts = [i for i, (a, b) in enumerate(pairwise(ordered), 1) if _place(b) != _place(a) + 1]
    runs = [ordered[a:b] for a, b in pairwise([0, *cuts, len(ordered)])] if ordered else []
    return [run[i : i + LARGEST] for run in runs for i in range(0, len(run), LARGEST)]
