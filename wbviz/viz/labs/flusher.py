"""The flusher lab: its controls, the runs a page carries, and how a run is shown."""

from __future__ import annotations

from math import ceil
from typing import Any

from wbviz.sim.flusher import PATTERNS, Run, Settings, simulate_flusher
from wbviz.sim.flusher.settings import FILES, MIB, RANGES, TICK
from wbviz.viz.labs.pack import column
from wbviz.viz.labs.shown import Control, Field, Line, Option, Shown, seconds

TITLE = "Flusher lab"
SETTINGS = Settings

CONTROLS = (
    Control("pattern", "Tasks write", tuple(Option(name, pattern.text) for name, pattern in PATTERNS.items())),
    Control(
        "rate",
        "Wanted, all together",
        (Option(1, "1 MiB/s"), Option(20, "20 MiB/s"), Option(150, "150 MiB/s")),
    ),
    Control("background", "dirty_background_ratio", (Option(2, "2 %"), Option(10, "10 %"))),
    Control("dirty", "dirty_ratio", (Option(20, "20 %"), Option(40, "40 %"))),
    Control("sync", "Somebody calls sync", (Option(0, "never"), Option(10, "every 10 seconds"))),
)

FIELDS = (
    Field("pattern", "Tasks write", options=CONTROLS[0].options),
    Field("rate", "Wanted, all together, in MiB/s", *RANGES["rate"]),
    Field("memory", "Memory that could be dirty, in MiB", *RANGES["memory"]),
    Field("background", "dirty_background_ratio", *RANGES["background"]),
    Field("dirty", "dirty_ratio", *RANGES["dirty"]),
    Field("interval", "dirty_writeback_centisecs", *RANGES["interval"]),
    Field("expire", "dirty_expire_centisecs", *RANGES["expire"]),
    Field("sync", "Seconds from sync to sync, 0 for none", *RANGES["sync"]),
)
"""All but the length of a run: with that two runs could not be compared."""

START: dict[str, Any] = {"pattern": "append", "rate": 20, "background": 10, "dirty": 20, "sync": 0}

LETTERS = {
    "r": ("runs", "runs"),
    "p": ("waits", "made to pause"),
    "z": ("idle", "sleeps"),
    "w": ("waits", "waits for its sync"),
}
KINDS = "bps"
"""Works by their first letter: background, periodic, sync."""


def simulate(settings: dict[str, Any], seed: int) -> Shown:
    """Run the machine and show it. settings: fields of `wbviz.sim.flusher.Settings`, those left out as in `START`."""
    return show(simulate_flusher(Settings(**{**START, **settings}), seed))


def show(run: Run) -> Shown:
    """A run as the page gets it."""
    metrics, limits = run.metrics, run.limits
    works = ", ".join(f"{count} {kind}" for kind, count in metrics.works.items())
    longest = f", the longest {seconds(metrics.sync_longest)}" if metrics.syncs else ""
    return Shown(
        settings=run.settings._asdict(),
        seed=run.seed,
        ticks=len(run.frames),
        tick=TICK,
        unit="MiB",
        lines=(
            Line("dirty", "dirty-line", "dashed", [round(value, 1) for value in run.series["dirty"]]),
            Line("under writeback", "writeback-line", "dotted", [round(value, 1) for value in run.series["writeback"]]),
        ),
        marks=(
            ("background threshold", round(limits.background / MIB)),
            ("writers pause above", round(limits.freerun / MIB)),
            ("dirty limit", round(limits.dirty / MIB)),
        ),
        actors=run.actors,
        letters=LETTERS,
        moments=run.moments,
        sizes=[(-int(-one.ended // TICK), one.pages) for one in run.served],
        table=(
            ("written into memory", f"{metrics.wrote:,.0f} MiB"),
            ("written to the disk", f"{metrics.cleaned:,.0f} MiB in {metrics.requests:,} requests"),
            ("mean request", "none" if metrics.request_kib is None else f"{metrics.request_kib:.0f} KiB"),
            ("the disk's head moved", f"{metrics.seeks:,} times"),
            ("writers made to pause", f"{seconds(metrics.paused)} in all" if metrics.paused else "never"),
            ("works begun", works),
            ("syncs done", f"{metrics.syncs}{longest}"),
        ),
        picture={
            "names": FILES,
            "lists": [",".join((one.b_dirty, one.b_io, one.b_more_io, one.writing)) for one in run.frames],
            "works": ["".join(kind[0] for kind in (one.work, *one.waiting) if kind) for one in run.frames],
            "idle": "".join("10"[bool(one.work)] for one in run.frames),
            "sizes": column(ceil(2 * size) for one in run.frames for size in one.sizes),
        },
    )
