"""A recorded load of a real machine beside the simulator's run of the same settings: curves, who was busy, numbers.

What is compared is shapes. The machine is emulated, its disk slowed down; the simulator gets that disk, without seeks,
and the memory that the kernel reckons with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

from IPython.core.display import HTML

from wbviz.sim import flusher, reclaim
from wbviz.sim.costs import Disk
from wbviz.sim.flusher.settings import MIB
from wbviz.sim.flusher.settings import TICK as FLUSHER_TICK
from wbviz.sim.reclaim.settings import TICK as RECLAIM_TICK
from wbviz.viz.assets import palette_style
from wbviz.viz.cells.curves import STYLE, Drawing, curves, key
from wbviz.viz.cells.recorded import recording
from wbviz.viz.labs.shown import Line, seconds

PAGES = 4096
"""Of the simulated machine that runs short of memory, the largest there is; rates and the disk are scaled with it."""


class Side(NamedTuple):
    """One of the two: what is drawn, and what it came to."""

    drawing: Drawing
    numbers: Mapping[str, str]


def beside(name: str) -> HTML:
    """A recorded load and the simulator's run as one figure."""
    data = recording(name)
    machine, simulated = sides(name)
    rows = list(dict.fromkeys((*machine.drawing.busy, *simulated.drawing.busy)))
    drawings = [
        side.drawing._replace(busy={row: side.drawing.busy.get(row, "") for row in rows})
        for side in (machine, simulated)
    ]
    top = max(drawing.highest for drawing in drawings)
    pictures = "".join(
        f"<div><p>{escape(title)}</p>{curves(drawing, top, title)}</div>"
        for title, drawing in zip(("The machine", "The simulator"), drawings, strict=True)
    )
    body = "".join(
        f'<tr><th scope="row">{escape(what)}</th><td>{escape(machine.numbers[what])}</td>'
        f"<td>{escape(simulated.numbers[what])}</td></tr>"
        for what in machine.numbers
    )
    made = data["recorded"]
    return HTML(  # type: ignore[no-untyped-call]
        f'{palette_style()}<style>{STYLE}</style><figure class="wbviz wb-beside"><figcaption>{escape(_set_to(data))} '
        f"Linux {made['release']}, recorded on {made['date']}.</figcaption>"
        f'<div class="wb-two">{pictures}</div>{key(drawings[0])}<table><thead><tr><td></td>'
        f'<th scope="col">machine</th><th scope="col">simulator</th></tr></thead><tbody>{body}</tbody></table></figure>'
    )


def sides(name: str) -> tuple[Side, Side]:
    """The machine as it was recorded, and the simulator, run now."""
    data = recording(name)
    if data["lab"] == "flusher":
        return _wrote(data), _simulated_flusher(data)
    return _reclaimed(data), _simulated_reclaim(data)


def _set_to(data: Mapping[str, Any]) -> str:
    wish = f"Four tasks together want {data['rate']} MiB a second"
    share = "" if data["share"] == 100 else f", {data['share']} % of it to write and the rest to read"
    sync = f" Somebody calls sync, and again {data['sync']} seconds after it is done." if data["sync"] else ""
    return (
        f"dirty_background_ratio {data['background']}, dirty_ratio {data['dirty']}. {wish}{share}; the disk takes "
        f"{data['speed']}.{sync}"
    )


# The flusher


def _wrote(data: Mapping[str, Any]) -> Side:
    _, dirty, writeback, limit, background = (list(column) for column in zip(*data["samples"], strict=True))
    trace, pages = data["trace"], data["pages"]
    requests = trace["requests"]
    drawing = _flusher_drawing(
        [value / MIB for value in dirty],
        [value / MIB for value in writeback],
        (_middle(background) / MIB, _middle(limit) / MIB),
        {name: busy for name, busy in data["busy"].items() if name not in ("kswapd", "direct reclaim")},
    )
    return Side(
        drawing,
        {
            "written into memory": f"{pages['nr_dirtied'] / MIB:.0f} MiB",
            "written to the disk": f"{pages['nr_written'] / MIB:.0f} MiB in {trace['waits']['count']:,} requests",
            "a request, on average": f"{requests['total'] / requests['count']:.0f} KiB",
            "writers paused": seconds(trace["pauses"]["total"] / 1000) if trace["pauses"]["count"] else "never",
            **({"a sync took": _times(data["syncs"])} if data["sync"] else {}),
        },
    )


def _simulated_flusher(data: Mapping[str, Any]) -> Side:
    settings = flusher.Settings(
        memory=round(_memory(data) / MIB),
        rate=data["rate"],
        background=data["background"],
        dirty=data["dirty"],
        sync=data["sync"],
        seconds=float(data["seconds"]),
    )
    run = flusher.simulate_flusher(settings, disk=Disk(seek=0.0, rate=data["speed"] * 2**20))
    kinds = list(dict.fromkeys(frame.work for frame in run.frames if frame.work))
    busy = {kind: "".join("09"[frame.work == kind] for frame in run.frames) for kind in kinds}
    drawing = _flusher_drawing(
        run.series["dirty"],
        run.series["writeback"],
        (run.limits.background / MIB, run.limits.dirty / MIB),
        {**busy, "paused": _of_tasks(run.actors, "p")},
    )
    metrics = run.metrics
    return Side(
        drawing,
        {
            "written into memory": f"{metrics.wrote:.0f} MiB",
            "written to the disk": f"{metrics.cleaned:.0f} MiB in {metrics.requests:,} requests",
            "a request, on average": f"{metrics.request_kib or 0:.0f} KiB",
            "writers paused": seconds(metrics.paused) if metrics.paused else "never",
            "a sync took": _times([metrics.sync_longest], "at most ") if metrics.syncs else "",
        },
    )


def _flusher_drawing(
    dirty: Sequence[float], writeback: Sequence[float], limits: tuple[float, float], busy: Mapping[str, str]
) -> Drawing:
    return Drawing(
        lines=(
            Line("dirty", "dirty-line", "dashed", dirty),
            Line("under writeback", "writeback-line", "dotted", writeback),
        ),
        marks=(("background", limits[0]), ("limit", limits[1])),
        busy=busy,
        tick=FLUSHER_TICK,
        unit="MiB",
    )


# Reclaim


def _reclaimed(data: Mapping[str, Any]) -> Side:
    free, dirty, writeback, limit, _ = (list(column) for column in zip(*data["samples"], strict=True))
    marks, trace, busy, memory = data["marks"], data["trace"], data["busy"], _memory(data)
    works = [letters for name, letters in busy.items() if name not in ("kswapd", "direct reclaim", "paused")]
    drawing = _reclaim_drawing(
        [[100 * value / memory for value in series] for series in (free, dirty, writeback)],
        (100 * marks["low"] / memory, 100 * _middle(limit) / memory),
        {
            "flusher": "".join(max(tick) for tick in zip(*works, strict=True)),
            **{name: busy.get(name, "") for name in ("kswapd", "direct reclaim", "paused")},
        },
    )
    stalls, requests = trace["reclaims"], trace["requests"]
    return Side(
        drawing,
        {
            "direct reclaim": _stalls(stalls["count"], stalls["total"] / 1000, stalls["most"] / 1000),
            "writers paused": seconds(trace["pauses"]["total"] / 1000) if trace["pauses"]["count"] else "never",
            "a request, on average": f"{requests['total'] / requests['count']:.0f} KiB",
        },
    )


def _simulated_reclaim(data: Mapping[str, Any]) -> Side:
    scale = PAGES / _memory(data)
    settings = reclaim.Settings(
        memory=PAGES,
        rate=round(data["rate"] * MIB * scale),
        share=data["share"],
        background=data["background"],
        dirty=data["dirty"],
        who="6.19",
        seconds=float(data["seconds"]),
    )
    run = reclaim.simulate_reclaim(settings, disk=Disk(seek=0.0, rate=data["speed"] * 2**20 * scale))
    every = round(FLUSHER_TICK / RECLAIM_TICK)
    actors = {name: letters[::every] for name, letters in run.actors.items()}
    drawing = _reclaim_drawing(
        [[100 * value / PAGES for value in run.series[name][::every]] for name in ("free", "dirty", "writeback")],
        (100 * sum(zone.low for zone in run.zones) / PAGES, 100 * run.limits.dirty / PAGES),
        {
            "flusher": "".join("09"[letter == "r"] for letter in actors["flusher"]),
            "kswapd": "".join("90"[letter == "z"] for letter in actors["kswapd"]),
            "direct reclaim": _of_tasks(actors, "s"),
            "paused": _of_tasks(actors, "p"),
        },
    )
    metrics = run.metrics
    return Side(
        drawing,
        {
            "direct reclaim": _stalls(metrics.direct, metrics.stalled, metrics.longest),
            "writers paused": seconds(metrics.paused) if metrics.paused else "never",
            "a request, on average": f"{metrics.request_kib or 0:.0f} KiB",
        },
    )


def _reclaim_drawing(series: Sequence[Sequence[float]], marks: tuple[float, float], busy: Mapping[str, str]) -> Drawing:
    free, dirty, writeback = series
    return Drawing(
        lines=(
            Line("free", "accent", "solid", free),
            Line("dirty", "dirty-line", "dashed", dirty),
            Line("under writeback", "writeback-line", "dotted", writeback),
        ),
        marks=(("low", marks[0]), ("limit", marks[1])),
        busy=busy,
        tick=FLUSHER_TICK,
        unit="% of memory",
    )


def _memory(data: Mapping[str, Any]) -> float:
    """Pages that could be dirty, as the kernel reckons: its limit says so."""
    return float(_middle([row[3] for row in data["samples"]]) * 100 / data["dirty"])


def _of_tasks(actors: Mapping[str, str], letter: str) -> str:
    """How many of the tasks have a letter, a digit a tick: 9 is all of them."""
    tasks = [letters for name, letters in actors.items() if name.startswith("task")]
    return "".join(str(-(-9 * tick.count(letter) // len(tasks))) for tick in zip(*tasks, strict=True))


def _stalls(count: int, total: float, longest: float) -> str:
    return f"{count:,} times, {seconds(total)} in all, {seconds(longest)} at most" if count else "never"


def _times(took: Sequence[float], words: str = "") -> str:
    return words + ", ".join(f"{one:.1f}" for one in took) + " s"


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]
