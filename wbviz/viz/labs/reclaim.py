"""The reclaim lab: its controls, the runs a page carries, and how a run is shown."""

from __future__ import annotations

from typing import Any

from wbviz.sim.reclaim import WHO, Run, Settings, simulate_reclaim
from wbviz.sim.reclaim.settings import RANGES, TICK
from wbviz.viz.labs.pack import column
from wbviz.viz.labs.shown import Control, Field, Line, Option, Shown, seconds

TITLE = "Reclaim lab"
SETTINGS = Settings

CONTROLS = (
    Control("who", "Who may write", tuple(Option(who, text) for who, text in WHO.items())),
    Control("memory", "Memory", (Option(512, "512 pages (2 MiB)"), Option(1024, "1024 pages (4 MiB)"))),
    Control("rate", "New pages wanted", (Option(600, "600 a second"), Option(1200, "1200 a second"))),
    Control("share", "Of these written", (Option(25, "25 %"), Option(75, "75 %"))),
    Control("background", "dirty_background_ratio", (Option(10, "10 %"), Option(60, "60 %"))),
    Control("dirty", "dirty_ratio", (Option(20, "20 %"), Option(90, "90 %"))),
)

FIELDS = (
    Field("who", "Who may write", options=CONTROLS[0].options),
    Field("memory", "Memory, in pages of 4 KiB", *RANGES["memory"]),
    Field("rate", "New pages wanted a second", *RANGES["rate"]),
    Field("share", "Of these written, in percent", *RANGES["share"]),
    Field("background", "dirty_background_ratio", *RANGES["background"]),
    Field("dirty", "dirty_ratio", *RANGES["dirty"]),
    Field("sequential", "Files are filled", options=(Option(False, "in random order"), Option(True, "in order"))),
)
"""All but the length of a run: with that two runs could not be compared."""

START: dict[str, Any] = {"who": "3.1", "memory": 512, "rate": 1200, "share": 75, "background": 60, "dirty": 90}

LETTERS = {
    "r": ("runs", "runs"),
    "p": ("waits", "made to pause"),
    "s": ("waits", "stalled in direct reclaim"),
    "z": ("idle", "sleeps"),
    "w": ("waits", "waits for a write"),
}


def simulate(settings: dict[str, Any], seed: int) -> Shown:
    """Run the machine and show it. settings: fields of `wbviz.sim.reclaim.Settings`, those left out as in `START`."""
    return show(simulate_reclaim(Settings(**{**START, **settings}), seed))


def show(run: Run) -> Shown:
    """A run as the page gets it."""
    metrics = run.metrics
    background, _, dirty = run.limits
    size = "none" if metrics.request_kib is None else f"{metrics.request_kib:.0f} KiB"
    return Shown(
        settings=run.settings._asdict(),
        seed=run.seed,
        ticks=run.ticks,
        tick=TICK,
        unit="pages",
        lines=(
            Line("free", "accent", "solid", run.series["free"]),
            Line("dirty", "dirty-line", "dashed", run.series["dirty"]),
            Line("under writeback", "writeback-line", "dotted", run.series["writeback"]),
        ),
        marks=(("background threshold", background), ("dirty limit", dirty)),
        actors=run.actors,
        letters=LETTERS,
        moments=run.moments,
        sizes=[(_tick(one.ended), one.pages) for one in run.served],
        table=(
            ("pages that the tasks got", f"{metrics.allocated:,}"),
            ("direct reclaim", f"{metrics.direct:,} times, {seconds(metrics.stalled)} in all"),
            ("longest stall", seconds(metrics.longest) if metrics.direct else "none"),
            ("writers made to pause", f"{seconds(metrics.paused)} in all" if metrics.paused else "never"),
            ("mean request", size),
            ("requests", f"{metrics.requests:,}, of these by reclaim {metrics.by_reclaim:,}"),
            ("pages written", f"{metrics.written:,}"),
        ),
        picture={
            "zones": [list(zone) for zone in run.zones],
            "lives": lives(run),
            "queue": _queue(run),
        },
    )


def lives(run: Run) -> list[str]:
    """The lives of all pages as columns: zone and number of changes; tick of birth after the one before; ticks from
    change to change; and the codes (`wbviz.sim.reclaim.record.code`)."""
    heads, births, steps, codes = [], [], [], []
    born = 0
    for zone, life in run.lives:
        if not life:
            continue  # came and went between two pictures
        heads.append(zone + 2 * len(life))
        births.append(life[0][0] - born)
        born = before = life[0][0]
        for tick, _ in life[1:]:
            steps.append(tick - before)
            before = tick
        codes += [code for _, code in life]
    return [column(heads), column(births), column(steps), column(codes)]


def _queue(run: Run) -> list[str]:
    """Requests in the order in which they were written: the tick of that after the one before, how many ticks they had
    waited by then, pages, and by whom: 0 the flusher, 1 kswapd, 2 direct reclaim."""
    ends = [_tick(one.ended) for one in run.served]
    return [
        column(end - before for before, end in zip([0, *ends], ends, strict=False)),
        column(end - _tick(one.submitted) for end, one in zip(ends, run.served, strict=True)),
        column(one.pages for one in run.served),
        column({"flusher": 0, "kswapd": 1}.get(one.by, 2) for one in run.served),
    ]


def _tick(now: float) -> int:
    """The first picture that shows what happened at this time."""
    return -int(-now // TICK)
