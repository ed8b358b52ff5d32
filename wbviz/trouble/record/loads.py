"""Loads that are recorded under trace points: the shell of each, and what is kept of what it gives: text to values.

Four tasks write as those of the labs do, in machines set as the labs' are, so that a run of the simulator with the same
settings can stand beside each (`wbviz.viz.cells.beside`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from wbviz.trouble.events import Reader
from wbviz.trouble.events_words import to_json
from wbviz.trouble.record.machine import Boot

TASKS, FILES = 4, 3
"""Who writes, and into how many files of its own each task."""

TICK = 0.5
"""Seconds from one sample to the next."""


class Load(NamedTuple):
    """A machine and its load, in the words of the labs. `memory`: MiB of the machine; `speed`: MiB a second that its
    disk takes; `background`, `dirty`: percent; `rate`: MiB a second that the tasks want, all together; `share`: percent
    of these that they write, the rest they read; `sync`: seconds from one call to the next, 0 for none."""

    lab: str
    memory: int
    speed: int
    background: int
    dirty: int
    rate: int
    share: int = 100
    sync: int = 0
    seconds: int = 45


LOADS = {
    "background": Load("flusher", 192, 2, 10, 20, rate=1),
    "sync": Load("flusher", 192, 2, 10, 20, rate=1, sync=10),
    "throttled": Load("flusher", 192, 2, 10, 20, rate=4),
    "throttled-40": Load("flusher", 192, 2, 10, 40, rate=4),
    "pressure": Load("reclaim", 160, 2, 10, 20, rate=12, share=50),
    "pressure-90": Load("reclaim", 160, 2, 60, 90, rate=12, share=50),
}

EVENTS = (
    *("writeback/writeback_" + event for event in ("queue", "exec", "start", "written", "single_inode")),
    "writeback/balance_dirty_pages",
    *("vmscan/mm_vmscan_" + event for event in ("kswapd_wake", "kswapd_sleep")),
    *("vmscan/mm_vmscan_direct_reclaim_" + event for event in ("begin", "end")),
    *("block/block_rq_" + event for event in ("issue", "complete")),
)
"""The trace points that are turned on."""

SAMPLED = ("nr_free_pages", "nr_dirty", "nr_writeback", "nr_dirty_threshold", "nr_dirty_background_threshold")
"""Lines of /proc/vmstat that are noted every `TICK`, in pages."""

_FILL = """\
dd if=/mnt/hole of=/dev/null bs=256k count=$(awk '/MemFree/ { print int($2 * 3 / 4 / 256) }' /proc/meminfo) 2>/dev/null
"""
"""As in the lab, a quarter of memory is free when a load begins that is to run short of it."""

_WROTE = ("nr_dirtied", "nr_written")


def traced(load: Load) -> Boot:
    """A load under trace points. What is read is a hole in a file: that fills memory, and asks nothing of the disk."""
    on = "\n".join(f"echo 1 > $T/events/{event}/enable" for event in EVENTS)
    gap = TASKS * 1_000_000 // load.rate
    often = 100 // load.share
    fill = _FILL if load.lab == "reclaim" else ""
    syncs = 'syncs & going="$going $!"' if load.sync else ""
    script = f"""\
T=/sys/kernel/tracing
echo {load.dirty} > /proc/sys/vm/dirty_ratio
echo {load.background} > /proc/sys/vm/dirty_background_ratio
truncate -s 8G /mnt/hole
task() {{
  i=0
  usleep $(({gap} * $1 / {TASKS}))
  while :; do
    usleep {gap}
    i=$((i+1))
    if [ $((i % {often})) = 0 ]; then
      dd if=/dev/zero bs=256k count=4 2>/dev/null >> /mnt/$1.$((i % {FILES}))
    else
      dd if=/mnt/hole of=/dev/null bs=256k count=4 skip=$((($1 * 2000 + i) * 4)) 2>/dev/null
    fi
  done
}}
syncs() {{
  while :; do
    sleep {load.sync}
    read begun rest < /proc/uptime
    sync
    read done rest < /proc/uptime
    echo "$begun $done" >> /out/syncs
  done
}}
count() {{ grep -E '^({"|".join(_WROTE)}) ' /proc/vmstat; }}
{fill}sync
cat /proc/zoneinfo > /out/zoneinfo
echo mono > $T/trace_clock # as /proc/uptime has it
echo 8192 > $T/buffer_size_kb
{on}
count > /out/before
going=
for one in $(seq {TASKS}); do task $one & going="$going $!"; done
{syncs}
read began rest < /proc/uptime
up=$began
while [ $((${{up%.*}} - ${{began%.*}})) -lt {load.seconds} ]; do
  read up rest < /proc/uptime
  echo "$up" $(grep -E '^({"|".join(SAMPLED)}) ' /proc/vmstat)
  usleep {int(TICK * 1_000_000)}
done > /out/vmstat
count > /out/after
echo 0 > $T/tracing_on
kill $going
cat $T/trace > /out/trace
tar cf - -C /out . | dd of=/dev/vdb bs=64k conv=fsync 2>/dev/null
"""
    return Boot(script, 300, memory=load.memory, speed=load.speed << 20)


def summed(load: Load, files: dict[str, str]) -> dict[str, Any]:
    """A load as the book shows it: its settings, the trace's sums, curves, who was busy when, and some lines."""
    reader = Reader()
    events = [line for line in files["trace"].splitlines() if not line.startswith("#")]
    for line in events:
        reader.feed(line)
    rows = samples(files["vmstat"])
    began = float(files["vmstat"].split(maxsplit=1)[0])
    before, after = (_numbers(files[name]) for name in ("before", "after"))
    return {
        **load._asdict(),
        "marks": watermarks(files["zoneinfo"]),
        "pages": {name: after[name] - before[name] for name in _WROTE},
        "syncs": [round(done - begun, 2) for begun, done in _pairs(files.get("syncs", ""))],
        "trace": {name: value for name, value in to_json(reader.trace()).items() if not name.endswith("_over")},
        "samples": rows,
        "busy": {
            name: shares(spans, began, len(rows), TASKS if name in EACH else 1)
            for name, spans in sorted(intervals(events).items())
        },
        "excerpt": excerpt(events),
    }


def samples(text: str) -> list[list[int]]:
    """The pages of `SAMPLED`, a row for each tick: of a sample that came late, the ticks before it have it too."""
    rows: list[list[int]] = []
    began = None
    for line in text.splitlines():
        words = line.split()
        pages = dict(zip(words[1::2], words[2::2], strict=False))
        if len(words) != 1 + 2 * len(SAMPLED):
            continue
        now = float(words[0])
        began = now if began is None else began
        row = [int(pages[name]) for name in SAMPLED]
        rows += [row] * (round((now - began) / TICK) + 1 - len(rows))
    return rows


EACH = ("paused", "direct reclaim")
"""What each of the tasks may be."""

_EVENT = re.compile(r"^\s*(.+?)-(\d+)\s+\[\d+\].*?(\d+\.\d+): (\w+): (.*)$")
_SPANS = {
    "writeback_start": "writeback_written",
    "mm_vmscan_kswapd_wake": "mm_vmscan_kswapd_sleep",
    "mm_vmscan_direct_reclaim_begin": "mm_vmscan_direct_reclaim_end",
}
_ENDS = set(_SPANS.values())


def intervals(events: Iterable[str]) -> dict[str, list[tuple[float, float]]]:
    """Since when and until when: works by their reason, "kswapd", "direct reclaim", and "paused" writers."""
    found: dict[str, list[tuple[float, float]]] = {}
    begun: dict[tuple[str, str], tuple[float, str]] = {}
    for line in events:
        told = _EVENT.match(line)
        if told is None:
            continue
        pid, time, event, rest = told[2], float(told[3]), told[4], told[5]
        fields = dict(re.findall(r"(\w+)=(\S+)", rest))
        if event in _SPANS:
            begun.setdefault((pid, _SPANS[event]), (time, _named(event, fields)))
        elif event in _ENDS and (pid, event) in begun:
            since, name = begun.pop((pid, event))
            found.setdefault(name, []).append((since, time))
        elif event == "balance_dirty_pages" and int(fields["pause"]) > 0:
            found.setdefault("paused", []).append((time, time + int(fields["pause"]) / 1000))
    return found


def _named(event: str, fields: dict[str, str]) -> str:
    if event == "writeback_start":
        return fields["reason"]
    return "kswapd" if "kswapd" in event else "direct reclaim"


def shares(spans: Iterable[tuple[float, float]], began: float, ticks: int, tasks: int = 1) -> str:
    """How much of each tick some spans fill, of so many tasks' time, a digit a tick: 9 is all of it, more is 9 too."""
    filled = [0.0] * ticks
    for since, until in spans:
        for tick, length in _cut(since - began, until - began):
            if 0 <= tick < ticks:
                filled[tick] += length
    return "".join(str(min(9, -int(-9 * length // (TICK * tasks)))) for length in filled)


def _cut(since: float, until: float) -> Iterator[tuple[int, float]]:
    tick = int(since // TICK)
    while tick * TICK < until:
        yield tick, min(until, (tick + 1) * TICK) - max(since, tick * TICK)
        tick += 1


def watermarks(zoneinfo: str) -> dict[str, int]:
    """Pages of min, low and high of all zones together, and how many there are."""
    marks = {"min": 0, "low": 0, "high": 0, "managed": 0}
    for name, pages in re.findall(r"^\s+(min|low|high|managed)\s+(\d+)$", zoneinfo, re.MULTILINE):
        marks[name] += int(pages)
    return marks


def excerpt(events: list[str]) -> list[str]:
    """At most three lines of each event, in their order: what a trace looks like."""
    seen: dict[str, int] = {}
    kept = []
    for line in events:
        found = re.search(r": (\w+):", line)
        if found and seen.setdefault(found[1], 0) < 3:
            seen[found[1]] += 1
            kept.append(line.strip())
    return kept


def _numbers(text: str) -> dict[str, int]:
    return {name: int(number) for name, number in (line.split() for line in text.splitlines())}


def _pairs(text: str) -> list[tuple[float, float]]:
    return [(float(begun), float(done)) for begun, done in (line.split() for line in text.splitlines())]
