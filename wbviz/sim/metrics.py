"""What is measured while a run goes on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil
from statistics import fmean, median
from typing import Any, NamedTuple

from wbviz.kernel.pages import holder_name
from wbviz.kernel.state import UNLOCKED, Page, World
from wbviz.sim.disk import Request, Service

KIB = 1024
WRITES = ("writepage", "submit")


class LockHold(NamedTuple):
    """A page that stayed locked for so many seconds; `holders` had the lock, one after another, without a gap."""

    page: str
    holders: tuple[str, ...]
    seconds: float


class Metrics(NamedTuple):
    """What a run came to. Times are in simulated seconds.

    `requests` went to the disk, with `pages` pages in all; `mean_request_pages` and `mean_request_kib` are
    None without one. `seeks` and `disk_busy_seconds` count what the disk has begun, up to the end of the run.
    `calls` of `enqueue` were made; `clean_*` are the times from the start of a call until its page was on
    the disk (written since then) or gone from its file: median, 95th percentile (nearest rank), maximum;
    None where no page got there. `never_clean` calls did not see that. `longest_lock` is the longest time a
    page stayed locked. `wasted` pages were written though they were clean.
    """

    seconds: float
    steps: int
    requests: int
    pages: int
    mean_request_pages: float | None
    mean_request_kib: float | None
    seeks: int
    disk_busy_seconds: float
    calls: int
    never_clean: int
    clean_median_seconds: float | None
    clean_p95_seconds: float | None
    clean_max_seconds: float | None
    longest_lock: LockHold | None
    wasted: int

    def to_json(self) -> dict[str, Any]:
        """The same as JSON-able data."""
        data = self._asdict()
        if self.longest_lock:
            data["longest_lock"] = {**self.longest_lock._asdict(), "holders": list(self.longest_lock.holders)}
        return data


class _Call:
    """An `enqueue` whose page is not clean yet; `written`: it has been handed to the disk since the call began."""

    __slots__ = ("began", "page", "written")

    def __init__(self, page: int, began: float) -> None:
        self.page = page
        self.began = began
        self.written = False


class Meter:
    """Watches the pages from step to step."""

    def __init__(self, world: World, page_size: int) -> None:
        self._world = world
        self._page_size = page_size
        self._sizes: list[int] = []
        self._services: list[tuple[float, Service]] = []
        self._calls: list[_Call] = []
        self._made = 0
        self._latencies: list[float] = []
        self._locked: dict[int, tuple[float, list[str]]] = {}
        self._longest: LockHold | None = None
        self._wasted = 0

    def call(self, now: float, page: int) -> None:
        """Reclaim calls `enqueue` for a page."""
        self._made += 1
        self._calls.append(_Call(page, now))

    def pages(self, now: float, before: Sequence[Page], after: Sequence[Page]) -> tuple[int, ...]:
        """A step changed pages: the numbers of those that it put under writeback."""
        written = []
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            if new is old:
                continue
            if new.holder != old.holder:
                self._holder(now, number, new.holder)
            if new.writeback and not old.writeback:
                written.append(number)
                for call in self._calls:
                    call.written |= call.page == number
            elif old.writeback and not new.writeback:
                self._clean(now, [call for call in self._calls if call.page == number and call.written])
            if old.attached and not new.attached:
                self._clean(now, [call for call in self._calls if call.page == number])
        return tuple(written)

    def wrote(self, before: Sequence[Page], args: Iterable[int]) -> None:
        """Pages were handed to the block layer: those that were clean were so in vain."""
        self._wasted += sum(not before[number].dirty for number in args)

    def issued(self, requests: Iterable[Request]) -> None:
        """Requests have gone to the disk."""
        self._sizes += [len(request.pages) for request in requests]

    def served(self, now: float, service: Service) -> None:
        """The disk begins a request."""
        self._services.append((now, service))

    def finish(self, now: float, steps: int) -> Metrics:
        """The run is over."""
        for number in tuple(self._locked):
            self._holder(now, number, UNLOCKED)
        mean = fmean(self._sizes) if self._sizes else None
        latencies = sorted(self._latencies)
        return Metrics(
            seconds=now,
            steps=steps,
            requests=len(self._sizes),
            pages=sum(self._sizes),
            mean_request_pages=mean,
            mean_request_kib=None if mean is None else mean * self._page_size / KIB,
            seeks=sum(service.seeks for _, service in self._services),
            disk_busy_seconds=sum(min(service.seconds, now - began) for began, service in self._services),
            calls=self._made,
            never_clean=len(self._calls),
            clean_median_seconds=median(latencies) if latencies else None,
            clean_p95_seconds=nearest_rank(latencies, 95) if latencies else None,
            clean_max_seconds=latencies[-1] if latencies else None,
            longest_lock=self._longest,
            wasted=self._wasted,
        )

    def _clean(self, now: float, calls: list[_Call]) -> None:
        for call in calls:
            self._calls.remove(call)
            self._latencies.append(now - call.began)

    def _holder(self, now: float, number: int, holder: int) -> None:
        if holder != UNLOCKED:
            self._locked.setdefault(number, (now, []))[1].append(holder_name(self._world, holder))
            return
        since, holders = self._locked.pop(number)
        if self._longest is None or now - since > self._longest.seconds:
            self._longest = LockHold(self._world.page_name(number), tuple(holders), now - since)


def nearest_rank(ordered: Sequence[float], percent: int) -> float:
    """The smallest of the ordered values that at least so many percent of them do not exceed."""
    return ordered[max(ceil(percent * len(ordered) / 100), 1) - 1]
