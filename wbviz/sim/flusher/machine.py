"""One flusher at work, in simulated time: tasks write files, works come and go, inodes move from list to list.

After Linux 3.3, fs/fs-writeback.c and mm/page-writeback.c, simplified; book/design/labs.md lists what is left out.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from functools import partial
from random import Random

import simpy

from wbviz.sim.costs import Disk
from wbviz.sim.dirty import dirty_limits, pause_seconds
from wbviz.sim.flusher.inodes import Inode, Lists, runs
from wbviz.sim.flusher.record import Frame, Metrics, Run
from wbviz.sim.flusher.settings import (
    DEPTH,
    FILE_PAGES,
    FILES,
    LARGEST,
    MIB,
    PATTERNS,
    STEP,
    TASKS,
    TICK,
    Settings,
    usable,
)
from wbviz.sim.moments import Moments
from wbviz.sim.spindle import Spindle, Wait

BACKGROUND, PERIODIC, SYNC = "background", "periodic", "sync"
SLICE = 0.1
"""Seconds after which the flusher looks up from the inodes, if it has written anything (Linux 3.3: HZ/10)."""

LEAST = 4 * MIB
"""Pages that an inode may have written at one go, at least (MIN_WRITEBACK_PAGES)."""

_QUIET = 3.0  # seconds before the same thing is told again
_RUNS, _PAUSED, _SLEEPS, _WAITS = "rpzw"
Watch = Callable[["Machine"], None]


class Work:
    """What the flusher is asked to do. `done` happens when it is done."""

    def __init__(self, kind: str, began: float, done: simpy.Event | None = None) -> None:
        self.kind = kind
        self.began = began
        self.done = done


def simulate_flusher(settings: Settings | None = None, seed: int = 1, disk: Disk | None = None) -> Run:
    """One run; the same settings, seed and disk give the same. Raises UsageError for unusable settings."""
    return Machine(usable(settings or Settings()), seed, disk=disk).run()


class Machine:
    """Runs once."""

    def __init__(self, settings: Settings, seed: int, watch: Watch | None = None, disk: Disk | None = None) -> None:
        self.settings = settings
        self.seed = seed
        self.watch = watch
        self.pattern = PATTERNS[settings.pattern]
        self.random = Random(seed)
        self.env = simpy.Environment()
        self.disk = Spindle(self.env, disk or Disk(), DEPTH)
        self.limits = dirty_limits(settings.memory * MIB, settings.background, settings.dirty)
        self.inodes = [Inode(name, number) for number, name in enumerate(FILES)]
        self.lists = Lists()
        self.works: deque[Work] = deque()
        self.work: Work | None = None
        self.writing: Inode | None = None
        self.dirty = self.writeback = self.wrote = self.writeback_begun = 0  # pages; the last two ever
        self.wanted = self.env.event()
        self.last_periodic = 0.0
        self.actors = {f"task {task + 1}": _RUNS for task in range(TASKS)} | {"flusher": _SLEEPS}
        self.frames: list[Frame] = []
        self.series: dict[str, list[float]] = {"dirty": [], "writeback": []}
        self.letters: dict[str, list[str]] = {name: [] for name in self.actors}
        self.moments = Moments(_QUIET)
        self.begun: Counter[str] = Counter({BACKGROUND: 0, PERIODIC: 0, SYNC: 0})
        self.sync_seconds: list[float] = []
        self.paused = 0.0

    def run(self) -> Run:
        self._say(
            "start", f"At first nothing is dirty. Four tasks together want to write {self.settings.rate} MiB a second."
        )
        for task in range(TASKS):
            self.env.process(self._task(task))
        self.env.process(self._flusher())
        if self.settings.sync:
            self.actors["sync"] = _SLEEPS
            self.letters["sync"] = []
            self.env.process(self._syncs())
        self.env.process(self._clock())
        self.env.run(until=self.settings.seconds)
        self._tick()
        served = tuple(self.disk.served)
        cleaned = sum(one.pages for one in served)
        metrics = Metrics(
            wrote=self.wrote / MIB,
            cleaned=cleaned / MIB,
            requests=len(served),
            request_kib=4 * cleaned / len(served) if served else None,
            seeks=sum(one.seeks for one in served),
            paused=self.paused,
            works=dict(self.begun),
            syncs=len(self.sync_seconds),
            sync_longest=max(self.sync_seconds, default=0.0),
        )
        return Run(
            settings=self.settings,
            seed=self.seed,
            limits=self.limits,
            frames=tuple(self.frames),
            series=self.series,
            actors={name: "".join(letters) for name, letters in self.letters.items()},
            moments=tuple(self.moments.told),
            served=served,
            metrics=metrics,
        )

    def _clock(self) -> Wait:
        while True:
            self._tick()
            yield self.env.timeout(TICK)

    def _tick(self) -> None:
        if self.watch is not None:
            self.watch(self)
        lists = self.lists
        self.frames.append(
            Frame(
                b_dirty=_names(lists.b_dirty),
                b_io=_names(lists.b_io),
                b_more_io=_names(lists.b_more_io),
                writing=self.writing.name if self.writing else "",
                work=self.work.kind if self.work else "",
                waiting=tuple(work.kind for work in self.works),
                sizes=tuple(len(inode.dirty) * self.pattern.unit / MIB for inode in self.inodes),
            )
        )
        self.series["dirty"].append(self.dirty / MIB)
        self.series["writeback"].append(self.writeback / MIB)
        for name, letter in self.actors.items():
            self.letters[name].append(letter)

    def _say(self, key: str, sentence: str) -> None:
        self.moments.say(self.env.now, len(self.frames), key, sentence)

    # Who makes dirty pages

    def _task(self, task: int) -> Wait:
        """Write into one of the task's files, and sleep if there is too much dirty."""
        name = f"task {task + 1}"
        mine = self.inodes[task::TASKS]
        gap = STEP * TASKS / (self.settings.rate * MIB)
        while True:
            yield self.env.timeout(gap * (0.5 + self.random.random()))
            inode = self.random.choice(mine)
            before = len(inode.dirty)
            for _ in range(STEP // self.pattern.unit):
                inode.dirty.add(self._place(inode))
            pages = (len(inode.dirty) - before) * self.pattern.unit
            self.wrote += STEP
            self.dirty += pages
            if inode is not self.writing:
                self.lists.dirtied(inode, self.env.now)
            if self.dirty > self.limits.background:
                self._wake()
            yield from self._balance_dirty_pages(name, pages)

    def _place(self, inode: Inode) -> int:
        if not self.pattern.in_order:
            return self.random.randrange(FILE_PAGES // self.pattern.unit)
        inode.written += 1
        return inode.written - 1

    def _balance_dirty_pages(self, name: str, pages: int) -> Wait:
        while True:
            share = self.disk.pages_per_second / TASKS
            pause = pause_seconds(self.limits, self.dirty + self.writeback, pages, share)
            if not pause:
                break
            self._wake()
            busy = (self.dirty + self.writeback) // MIB
            self._say("pause", f"{busy} MiB are dirty or being written: writers have to pause.")
            self.actors[name] = _PAUSED
            yield self.env.timeout(pause)
            self.paused += pause
            if self.dirty + self.writeback < self.limits.dirty:
                break
        self.actors[name] = _RUNS

    def _syncs(self) -> Wait:
        """Somebody calls sync now and then, and waits until it is done."""
        while True:
            yield self.env.timeout(self.settings.sync)
            work = Work(SYNC, self.env.now, self.env.event())
            self.works.append(work)
            self.actors["sync"] = _WAITS
            busy = f" The flusher is busy with {self.work.kind} work, which makes way." if self.work else ""
            self._say("sync", f"Somebody calls sync: a work is queued.{busy}")
            self._wake()
            assert work.done is not None
            yield work.done
            self.actors["sync"] = _SLEEPS
            self.sync_seconds.append(self.env.now - work.began)
            self._say("synced", f"The sync is done, after {self.sync_seconds[-1]:.1f} s.")

    # The flusher

    def _wake(self) -> None:
        if not self.wanted.triggered:
            self.wanted.succeed()

    def _flusher(self) -> Wait:
        """Queued works first, one after another; then periodic work if it is time; then background work if need be."""
        interval = self.settings.interval / 100
        while True:
            if self.works:
                yield from self._wb_writeback(self.works.popleft())
            elif interval and self.env.now >= self.last_periodic + interval:
                self.last_periodic = self.env.now
                yield from self._wb_writeback(Work(PERIODIC, self.env.now))
            elif self.dirty > self.limits.background:
                yield from self._wb_writeback(Work(BACKGROUND, self.env.now))
            else:
                self.actors["flusher"] = _SLEEPS
                self.wanted = self.env.event()
                rest = self.last_periodic + interval - self.env.now
                yield (self.wanted | self.env.timeout(rest)) if interval else self.wanted

    def _wb_writeback(self, work: Work) -> Wait:
        self.work = work
        self.actors["flusher"] = _RUNS
        told = False
        while not self._makes_way(work):
            if not self.lists.b_io:
                self.lists.queue_io(self._dirtied_before(work))
            if self.lists.b_io and not told:
                told = True
                self.begun[work.kind] += 1
                self._say(work.kind, self._told(work))
            before = self.writeback_begun
            yield from self._writeback_inodes(work)
            if self.writeback_begun == before and not self.lists.b_more_io:
                break
        if work.done is not None:
            while self.writeback:
                yield self.disk.written
            work.done.succeed()
        self.work = None

    def _makes_way(self, work: Work) -> bool:
        """Background and periodic work end as soon as anything is queued; background work also below its threshold."""
        if work.kind != SYNC and self.works:
            return True
        return work.kind == BACKGROUND and self.dirty <= self.limits.background

    def _dirtied_before(self, work: Work) -> float:
        if work.kind == PERIODIC:
            return self.env.now - self.settings.expire / 100
        return work.began if work.kind == SYNC else self.env.now

    def _told(self, work: Work) -> str:
        dirty = self.dirty // MIB
        if work.kind == BACKGROUND:
            return f"{dirty} MiB are dirty, more than the background threshold: background work begins."
        if work.kind == PERIODIC:
            return f"Periodic work begins: {len(self.lists.b_io)} inodes stand on b_io, old ones or left over."
        return f"The sync work begins: all {dirty} MiB that are dirty now."

    def _chunk(self, work: Work) -> int:
        """Pages that an inode may have written at one go: half a second's worth, an eighth of the limit at most."""
        if work.kind == SYNC:
            return 1 << 40
        pages = min(int(self.disk.pages_per_second / 2), self.limits.dirty // 8)
        return max(LEAST, pages // LEAST * LEAST)

    def _writeback_inodes(self, work: Work) -> Wait:
        """Write inodes from b_io until it is empty, or until it is time to look up."""
        began, before = self.env.now, self.writeback_begun
        while self.lists.b_io:
            inode = self.lists.b_io.popleft()
            self.writing = inode
            chunk = self._chunk(work)
            wrote = yield from self._write(inode, chunk)
            self.writing = None
            self.lists.put_back(inode, wrote >= chunk, self.env.now)
            if self.writeback_begun > before and self.env.now - began > SLICE:
                return

    def _write(self, inode: Inode, chunk: int) -> simpy.events.ProcessGenerator:
        """Hand dirty pages of an inode to the disk, from the beginning of the file; gives how many."""
        unit = self.pattern.unit
        units = sorted(inode.dirty)[: max(1, chunk // unit)]
        for place, pages in runs(units, unit, LARGEST):
            inode.dirty.difference_update(range(place // unit, (place + pages) // unit))
            self.dirty -= pages
            self.writeback += pages
            self.writeback_begun += pages
            start = (inode.number + 1) * 2 * FILE_PAGES + place
            yield from self.disk.submit(start, pages, self.work.kind if self.work else "", partial(self._end, pages))
        return len(units) * unit

    def _end(self, pages: int) -> None:
        self.writeback -= pages


def _names(inodes: Iterable[Inode]) -> str:
    return "".join(inode.name for inode in inodes)
