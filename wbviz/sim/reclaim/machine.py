"""A machine that runs short of memory, in simulated time: tasks that want pages, kswapd, a flusher, a disk.

After Linux 3.3, mm/vmscan.c and mm/page_alloc.c, much simplified; book/design/labs.md lists what is left out. `who`
changes one thing only: who may write a dirty page that reclaim meets at the end of a list.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from functools import partial
from random import Random
from typing import Any

import simpy

from wbviz.sim.costs import Costs, Disk
from wbviz.sim.dirty import dirty_limits, pause_seconds
from wbviz.sim.reclaim.memory import Page, Zone
from wbviz.sim.reclaim.record import Metrics, Recorder, Run, ZoneFacts
from wbviz.sim.reclaim.settings import BATCH, DEPTH, EXTENT, TASKS, TICK, Settings, usable
from wbviz.sim.reclaim.state import Memory, place, requests
from wbviz.sim.spindle import Spindle, Wait

PRIORITIES = range(12, -1, -1)
"""DEF_PRIORITY is 12: one 4096th of a list a pass, then twice that, and so on."""

TROUBLE = 10
"""In Linux 3.2 kswapd writes at lower priorities only (DEF_PRIORITY - 2)."""

CONGESTION = 0.1
"""Seconds that reclaim waits at most for some write to end (HZ/10)."""

_RUNS, _PAUSED, _STALLED, _SLEEPS, _WAITS = "rpszw"
Watch = Callable[["Machine"], None]


def simulate_reclaim(settings: Settings | None = None, seed: int = 1, disk: Disk | None = None) -> Run:
    """One run; the same settings, seed and disk give the same. Raises UsageError for unusable settings."""
    return Machine(usable(settings or Settings()), seed, disk=disk).run()


class Machine:
    def __init__(self, settings: Settings, seed: int, watch: Watch | None = None, disk: Disk | None = None) -> None:
        self.settings = settings
        self.seed = seed
        self.random = Random(seed)
        self.env = simpy.Environment()
        self.costs = Costs()
        self.disk = Spindle(self.env, disk or Disk(), DEPTH)
        self.limits = dirty_limits(settings.memory, settings.background, settings.dirty)
        self.record = Recorder()
        self.memory = Memory(settings.memory, self.record)
        self.watch = watch
        self.asked = 0  # pages that reclaim has asked the flusher to write
        self.actors = {f"task {task + 1}": _RUNS for task in range(TASKS)} | {"kswapd": _SLEEPS, "flusher": _SLEEPS}
        self.kswapd_wanted = self.env.event()
        self.flusher_wanted = self.env.event()
        self.stalling: dict[str, float] = {}  # since when a task is in direct reclaim
        self.stalls: list[float] = []
        self.paused = 0.0
        self.refaults = 0

    def run(self) -> Run:
        self.memory.fill()
        started = self.memory.pages
        rate, share = self.settings.rate, self.settings.share
        wish = f"Four tasks together want {rate} new pages a second, to write into {share} % of them."
        self.record.say(0.0, "start", f"A quarter of memory is free. {wish}")
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
            allocated=self.memory.pages - started,
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
        facts = tuple(ZoneFacts(zone.name, zone.size, zone.min, zone.low, zone.high) for zone in self.memory.zones)
        return Run(
            settings=self.settings,
            seed=self.seed,
            zones=facts,
            limits=self.limits,
            served=served,
            metrics=metrics,
            **self.record.finished(),
        )

    def _clock(self) -> Wait:
        while True:
            self._tick()
            yield self.env.timeout(TICK)

    def _tick(self) -> None:
        if self.watch is not None:
            self.watch(self)
        self.record.tick(self.memory.counts, self.actors)

    # What the tasks do

    def _task(self, task: int) -> Wait:
        name = f"task {task + 1}"
        settings, random, memory = self.settings, self.random, self.memory
        gap = TASKS / settings.rate
        todo: list[int] = []
        extents = 0
        while True:
            yield self.env.timeout(gap * (0.5 + random.random()))
            hot = random.randrange(len(memory.hot))
            resident = memory.hot[hot]
            if resident is not None:
                memory.accessed(resident)
                hot_wanted = None
            else:
                self.refaults += 1
                hot_wanted = hot
            writes = hot_wanted is None and random.random() * 100 < settings.share
            zone = memory.zone_above("low")
            if zone is None:
                self._wake(self.kswapd_wanted)
                zone = memory.zone_above("min")
            if zone is None:
                zone = yield from self._direct_reclaim(name)
            page = memory.new_page(zone, hot_wanted)
            if writes:
                if not todo:
                    todo = list(range(extents * EXTENT, (extents + 1) * EXTENT))[::-1]
                    extents += 1
                    if not settings.sequential:
                        random.shuffle(todo)
                memory.make_dirty(page, task, todo.pop())
                if memory.counts["dirty"] > self.limits.background:
                    self._wake(self.flusher_wanted)
                yield from self._balance_dirty_pages(name)

    def _balance_dirty_pages(self, name: str) -> Wait:
        """Somebody who has dirtied a page sleeps while there is too much dirty or under writeback."""
        while True:
            dirty = self.memory.counts["dirty"] + self.memory.counts["writeback"]
            pause = pause_seconds(self.limits, dirty, 1, self.disk.pages_per_second / TASKS)
            if not pause:
                break
            self._wake(self.flusher_wanted)
            self.actors[name] = _PAUSED
            self.record.say(self.env.now, "pause", f"{dirty} pages are dirty or being written: {name} has to pause.")
            yield self.env.timeout(pause)
            self.paused += pause
            if self.memory.counts["dirty"] + self.memory.counts["writeback"] < self.limits.dirty:
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
                got, seen = yield from self._shrink(self.memory.zones, priority, name)
                freed, scanned = freed + got, scanned + seen
                if freed >= BATCH:
                    break
                if self.settings.who != "6.19" and scanned > BATCH + BATCH // 2:
                    self._ask_flusher(scanned, name)
                if priority < TROUBLE and not got:
                    yield self._relief()
            zone = self.memory.zone_above("min")
        self.stalls.append(self.env.now - self.stalling.pop(name))
        self.actors[name] = _RUNS
        return zone

    def _kswapd(self) -> Wait:
        while True:
            self.actors["kswapd"] = _SLEEPS
            if all(zone.free >= zone.low for zone in self.memory.zones):
                self.kswapd_wanted = self.env.event()
                yield self.kswapd_wanted
            self.record.say(self.env.now, "kswapd", "A zone is down to its low mark: kswapd wakes and reclaims.")
            while below := [zone for zone in self.memory.zones if zone.free < zone.high]:
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
                self.memory.deactivate(zone, BATCH)
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
            active = False
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
                self.memory.free(page)
                freed += 1
                continue
            self.memory.put(page, active)
        if self.settings.who == "6.19" and batch and unqueued == len(batch):
            self._ask_flusher(self.memory.counts["dirty"], name)
        return freed, to_write

    def _relief(self) -> simpy.Event:
        """What reclaim waits for when it gets nowhere: that the disk's queue has room, or that something is written."""
        return (self.disk.relieved if self.disk.congested else self.disk.written) | self.env.timeout(CONGESTION)

    def _may_write(self, priority: int, name: str) -> bool:
        if self.settings.who == "3.1":
            return True
        return self.settings.who == "3.2" and name == "kswapd" and priority < TROUBLE

    def _ask_flusher(self, pages: int, name: str) -> None:
        self.asked = max(self.asked, pages)
        if self.memory.dirty:
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
            file = next(iter(self.memory.dirty))
            pages = [page for _, page in sorted(self.memory.dirty[file].items())]
            dirty = self.memory.counts["dirty"]
            said = f"{dirty} pages are dirty. The flusher writes file {'ABCD'[file]}: {len(pages)} pages."
            self.record.say(self.env.now, "flusher", said)
            self.asked -= len(pages)
            yield from self._write(pages, "flusher")

    def _flusher_has_cause(self) -> bool:
        return bool(self.memory.dirty) and (self.memory.counts["dirty"] > self.limits.background or self.asked > 0)

    def _write(self, pages: Sequence[Page], by: str) -> Wait:
        """Write dirty pages. Those that somebody else has begun to write meanwhile are left out."""
        if by != "flusher" and pages:
            self.record.say(self.env.now, "pageout", f"{by} meets dirty pages at the end of a list, and writes them.")
        left = list(pages)
        while parts := requests([page for page in left if page.dirty]):
            part = parts[0]
            left = [page for page in left if page not in part]
            self.memory.begin_writeback(part)
            yield from self.disk.submit(place(part[0]), len(part), by, partial(self.memory.end_writeback, part))

    def _wake(self, event: simpy.Event) -> None:
        if not event.triggered:
            event.succeed()
