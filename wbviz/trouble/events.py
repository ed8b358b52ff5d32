"""The writeback, vmscan and block events of a trace, summed up while it streams by.

As ftrace (`trace`, `trace_pipe`), trace-cmd and perf script print them. Fields are found by their names; an event whose
fields are not as expected is counted and no more. Memory does not grow with the trace.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from wbviz.trouble.lines import bare

K = TypeVar("K")
V = TypeVar("V")

MOST_OPEN, MOST_NAMES, BUCKETS = 4096, 64, 48
"""Beginnings that wait for their ends, different names that are kept apart, columns of a chart over time."""

_EVENT = re.compile(
    r"^\s*(?P<task>\S.{0,40}?)[-\s]\s*(?P<pid>\d{1,9})\s+(?:\(\s*[\d-]{1,9}\)\s+)?\[\d{3,5}\]\s+"
    r"(?:[\w.#+*!@$-]{3,12}\s+)?(?P<time>\d{1,9}\.\d{3,9}):\s+(?:\w{1,20}:)?(?P<event>\w{1,60}):\s*(?P<rest>.*)$"
)
_WORDS = ("writeback_", "mm_vmscan_", "block_rq_", "balance_dirty_pages")
_FIELD = re.compile(r"\b(\w{1,30})=(-?\w{1,30})")
_REQUEST = re.compile(r"^(\d{1,6},\d{1,9}) (\w{1,8}) .{0,80}?(\d{1,20}) \+ (\d{1,9}) ")


@dataclass
class Over:
    """An amount over time, in at most `BUCKETS` columns: their width in seconds doubles as the trace goes on."""

    start: float | None = None
    width: float = 0.001
    columns: list[float] = field(default_factory=list)

    def add(self, time: float, amount: float) -> None:
        """Count an amount at a time; one before the start counts at the start."""
        start = self.start = time if self.start is None else self.start
        while (at := max(0, int((time - start) / self.width))) >= BUCKETS:
            pairs = [*self.columns, 0.0]
            self.columns = [pairs[i] + pairs[i + 1] for i in range(0, len(pairs) - 1, 2)]
            self.width *= 2
        self.columns += [0.0] * (at + 1 - len(self.columns))
        self.columns[at] += amount


@dataclass
class Spread:
    """Sizes or times: how many, their sum, the largest with who it was, and how many up to each power of two."""

    count: int = 0
    total: float = 0.0
    most: float = 0.0
    who: str = ""
    powers: dict[int, int] = field(default_factory=dict)

    def add(self, value: float, who: str = "") -> None:
        """Count a value, 0 or more."""
        self.count += 1
        self.total += value
        if value > self.most or not self.who:
            self.most, self.who = value, who
        power = max(0, int(value) - 1).bit_length()
        self.powers[power] = self.powers.get(power, 0) + 1


@dataclass
class Works:
    """The works of one reason: queued, begun, and what their slices wrote (pages)."""

    queued: int = 0
    begun: int = 0
    slices: Spread = field(default_factory=Spread)


@dataclass
class Trace:
    """What was seen of a trace. Times in seconds, but `pauses` in milliseconds; `requests` in KiB; `waits`, `slices`
    and `reclaims` in milliseconds; `inodes` for each slice, `written` pages for each inode."""

    events: int = 0
    odd: int = 0
    first: float | None = None
    last: float = 0.0
    works: dict[str, Works] = field(default_factory=dict)
    inodes: Spread = field(default_factory=Spread)
    written: Spread = field(default_factory=Spread)
    slices: Spread = field(default_factory=Spread)
    requests: Spread = field(default_factory=Spread)
    reads: int = 0
    waits: Spread = field(default_factory=Spread)
    reclaims: Spread = field(default_factory=Spread)
    pauses: Spread = field(default_factory=Spread)
    kswapd: int = 0
    pages_over: Over = field(default_factory=Over)
    sent_over: Over = field(default_factory=Over)
    unfinished: tuple[str, ...] = ()


def watched(text: Iterable[str], reader: Reader) -> Iterator[str]:
    """The same lines, while the reader takes the events among them."""
    for line in text:
        reader.feed(line)
        yield line


class Reader:
    """Takes lines one by one; `trace()` is what they told."""

    def __init__(self) -> None:
        self._seen = Trace()
        self._slices: dict[str, tuple[float, int, int]] = {}  # who -> since, pages wanted, inodes so far
        self._reclaims: dict[str, float] = {}
        self._requests: dict[tuple[str, str], tuple[float, str]] = {}

    def feed(self, line: str) -> None:
        """One line; most are no events."""
        if not any(word in line for word in _WORDS):
            return
        found = _EVENT.match(line) or _EVENT.match(bare(line))
        if found is None:
            return
        event, time = found["event"], float(found["time"])
        who = f"{found['task'].strip()}:{found['pid']}"
        if not event.startswith(_WORDS):
            return
        seen = self._seen
        seen.events += 1
        if seen.first is None:  # all charts begin with the trace
            seen.first = seen.pages_over.start = seen.sent_over.start = time
        seen.first = min(seen.first, time)
        seen.last = max(seen.last, time)
        try:
            self._event(event, time, who, found["rest"])
        except (KeyError, ValueError):  # a field is missing, or is no number: another kernel's, or a damaged line
            seen.odd += 1

    def _event(self, event: str, time: float, who: str, rest: str) -> None:
        seen = self._seen
        if event.startswith("block_rq_"):
            self._request(event, time, who, rest)
        elif event in ("writeback_queue", "writeback_exec", "writeback_start", "writeback_written"):
            self._work(event, time, who, dict(_FIELD.findall(rest)))
        elif event == "writeback_single_inode":
            wrote = _amount(dict(_FIELD.findall(rest))["wrote"])
            seen.written.add(wrote, who)
            seen.pages_over.add(time, wrote)
            if who in self._slices:
                since, wanted, inodes = self._slices[who]
                self._slices[who] = (since, wanted, inodes + 1)
        elif event == "balance_dirty_pages":
            pause = dict(_FIELD.findall(rest))["pause"]
            if not pause.startswith("-") and (length := _amount(pause)):
                seen.pauses.add(length, who)
        elif event == "mm_vmscan_kswapd_wake":
            seen.kswapd += 1
        elif event == "mm_vmscan_direct_reclaim_begin":
            _keep(self._reclaims, who, time)
        elif event == "mm_vmscan_direct_reclaim_end" and who in self._reclaims:
            seen.reclaims.add(max(0.0, time - self._reclaims.pop(who)) * 1000, who)

    def _work(self, event: str, time: float, who: str, fields: dict[str, str]) -> None:
        reason, pages = fields["reason"], int(fields["nr_pages"])
        works = self._seen.works
        name = reason if reason in works or len(works) < MOST_NAMES else "others"
        work = works.setdefault(name, Works())
        if event == "writeback_queue":
            work.queued += 1
        elif event == "writeback_exec":
            work.begun += 1
        elif event == "writeback_start":
            _keep(self._slices, who, (time, pages, 0))
        elif who in self._slices:
            since, wanted, inodes = self._slices.pop(who)
            work.slices.add(_amount(str(wanted - pages)), who)
            self._seen.inodes.add(inodes, who)
            self._seen.slices.add(max(0.0, time - since) * 1000, who)

    def _request(self, event: str, time: float, who: str, rest: str) -> None:
        found = _REQUEST.match(rest)
        if found is None or event not in ("block_rq_issue", "block_rq_complete"):
            return
        device, kind, sector, sectors = found.groups()
        if event == "block_rq_complete":
            if (device, sector) in self._requests:
                since, asked = self._requests.pop((device, sector))
                self._seen.waits.add(max(0.0, time - since) * 1000, asked)
        elif "W" in kind:
            size = int(sectors) / 2
            self._seen.requests.add(size, who)
            self._seen.sent_over.add(time, size)
            _keep(self._requests, (device, sector), (time, who))
        elif "R" in kind:
            self._seen.reads += 1

    def trace(self) -> Trace:
        """What was seen. Slices that began and did not end are named, the oldest first."""
        self._seen.unfinished = tuple(sorted(self._slices, key=lambda who: self._slices[who][0])[:8])
        return self._seen


def _amount(text: str) -> int:
    """A number that can be one of pages or milliseconds; ValueError for others, as -1 printed without its sign."""
    number = int(text)
    if not 0 <= number < 1 << 40:
        raise ValueError(text)
    return number


def _keep(open_: dict[K, V], key: K, value: V) -> None:
    """Remember a beginning; of too many the oldest is forgotten, since its end was most likely lost."""
    open_.pop(key, None)
    if len(open_) >= MOST_OPEN:
        del open_[next(iter(open_))]
    open_[key] = value
