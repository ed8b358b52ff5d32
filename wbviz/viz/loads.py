"""A recorded load beside the simulator's run of the same settings: two pictures over time, and what each came to.

Shapes are to be compared, not seconds: one is an emulated machine, the other a model of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, NamedTuple

from IPython.core.display import HTML

from wbviz.errors import UsageError
from wbviz.sim.flusher import Settings as FlusherSettings
from wbviz.sim.flusher import simulate_flusher
from wbviz.sim.flusher.settings import MIB, TICK
from wbviz.sim.reclaim import Settings as ReclaimSettings
from wbviz.sim.reclaim import simulate_reclaim
from wbviz.sim.reclaim.settings import TICK as RECLAIM_TICK
from wbviz.viz.assets import palette_style
from wbviz.viz.lesson import Table
from wbviz.viz.recorded import recording

WIDTH, HIGH, LEFT, RIGHT, TOP, BOTTOM = 420.0, 210.0, 46.0, 8.0, 26.0, 34.0

RATE, SYNC = 4, 4
"""MiB a second that the slow writer of the recordings comes to; seconds from one sync of theirs to the next."""

LOOKS = (("dirty", "dirty-line", ""), ("under writeback", "writeback-line", "2 3"))
MARKS = (("background threshold", "soft", "7 4"), ("dirty limit", "cycle", "9 3 2 3"))


class Run(NamedTuple):
    """One picture and its numbers. `times` in seconds; `series` and `marks` in `unit`, in the order of the looks."""

    title: str
    unit: str
    times: Sequence[float]
    series: tuple[Sequence[float], ...]
    marks: tuple[float, ...]
    numbers: dict[str, str]


class Beside:
    """Two runs: pictures, then a table. In a terminal, the table."""

    def __init__(self, machine: Run, model: Run) -> None:
        self.machine, self.model = machine, model

    def table(self) -> Table:
        """What each came to, a row for each that both have a word for."""
        names = [name for name in self.machine.numbers if name in self.model.numbers]
        head = ("", "the machine", "the simulator")
        return Table([head, *((name, self.machine.numbers[name], self.model.numbers[name]) for name in names)])

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return (
            f'{palette_style()}<style>{_STYLE}</style><div class="wbviz wb-beside">'
            f"{_picture(self.machine)}{_picture(self.model)}{_key()}</div>{self.table()._repr_html_()}"
        )


def load(name: str) -> Beside:
    """A recorded load by its name, beside the simulator. Raises UsageError where there is no such load."""
    recorded = recording(name)
    if "samples" not in recorded:
        raise UsageError(f"{name} is no load", expected="one that was traced", fix='load("throttled")')
    return Beside(_machine(recorded), _reclaim(recorded) if name == "pressure" else _flusher(recorded, name))


def excerpt(name: str, *events: str) -> HTML:
    """Lines of a recorded trace: those of some events, or all that were kept."""
    kept = [line for line in recording(name)["excerpt"] if not events or any(f" {event}: " in line for event in events)]
    return HTML(f"<pre>{escape(chr(10).join(kept))}</pre>")  # type: ignore[no-untyped-call]


def _machine(one: dict[str, Any]) -> Run:
    samples, trace = one["samples"], one["trace"]
    columns = list(zip(*samples, strict=True))
    works = {reason: work["begun"] for reason, work in trace["works"].items() if work["begun"]}
    pauses, reclaims, requests = trace["pauses"], trace["reclaims"], trace["requests"]
    return Run(
        f"The machine ({one['memory']} MiB, its disk takes {one['speed']} MiB/s)",
        "MiB",
        columns[0],
        tuple([pages / MIB for pages in column] for column in columns[1:3]),
        (columns[4][-1] / MIB, columns[3][-1] / MIB),
        {
            "works begun": _works(works),
            "mean request": f"{requests['total'] / requests['count']:,.0f} KiB" if requests["count"] else "none",
            "writers made to pause": _times(pauses["count"], pauses["total"] / 1000),
            "direct reclaim": _times(reclaims["count"], reclaims["total"] / 1000),
        },
    )


def _flusher(one: dict[str, Any], name: str) -> Run:
    full = name == "throttled"
    run = simulate_flusher(
        FlusherSettings(
            memory=one["available"],
            rate=150 if full else RATE,
            background=one["background"],
            dirty=one["dirty"],
            sync=SYNC if name == "sync" else 0,
            seconds=min(60.0, one["samples"][-1][0]),
        ),
        seed=1,
    )
    metrics = run.metrics
    return Run(
        f"The simulator ({one['available']} MiB that could be dirty)",
        "MiB",
        [tick * TICK for tick in range(len(run.frames))],
        (run.series["dirty"], run.series["writeback"]),
        (run.limits.background / MIB, run.limits.dirty / MIB),
        {
            "works begun": _works({kind: count for kind, count in metrics.works.items() if count}),
            "mean request": "none" if metrics.request_kib is None else f"{metrics.request_kib:,.0f} KiB",
            "writers made to pause": f"{metrics.paused:.1f} s in all" if metrics.paused else "never",
        },
    )


def _reclaim(one: dict[str, Any]) -> Run:
    run = simulate_reclaim(
        ReclaimSettings(
            rate=6000, share=100, background=one["background"], dirty=one["dirty"], who="6.19", sequential=True
        ),
        seed=1,
    )
    metrics = run.metrics
    return Run(
        f"The simulator ({run.settings.memory} pages of memory, as 6.19 reclaims)",
        "pages",
        [tick * RECLAIM_TICK for tick in range(run.ticks)],
        (run.series["dirty"], run.series["writeback"]),
        (run.limits[0], run.limits[2]),
        {
            "mean request": "none" if metrics.request_kib is None else f"{metrics.request_kib:,.0f} KiB",
            "writers made to pause": f"{metrics.paused:.1f} s in all" if metrics.paused else "never",
            "direct reclaim": _times(metrics.direct, metrics.stalled),
        },
    )


def _works(begun: dict[str, int]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in begun.items()) or "none"


def _times(count: int, seconds: float) -> str:
    return f"{count:,} times, {seconds:.1f} s in all" if count else "never"


_STYLE = """
.wbviz.wb-beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr));
  gap: 0.5rem 1rem; max-width: 60rem; margin: 0 auto 0.75rem; padding: 0.75rem; background: var(--wb-paper);
  color: var(--wb-ink); border: 1px solid var(--wb-edge); border-radius: 12px; }
.wb-beside figure { margin: 0; }
.wb-beside svg { display: block; width: 100%; height: auto; font-family: var(--wb-font); }
.wb-beside figcaption { margin: 0 !important; text-align: start; font-size: 0.85rem; font-weight: 600 !important;
  color: var(--wb-ink) !important; }
.wb-beside ul { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; margin: 0; padding: 0;
  list-style: none; font-size: 0.85rem; }
.wb-beside li { margin: 0; display: flex; align-items: center; gap: 0.4rem; }
.wb-beside li svg { width: 2.2rem; }
"""


def _picture(run: Run) -> str:
    most = max(*run.marks, *(max(values) for values in run.series)) * 1.05
    last = run.times[-1]

    def at(time: float, value: float) -> str:
        x = LEFT + time / last * (WIDTH - LEFT - RIGHT)
        return f"{x:.1f},{HIGH - BOTTOM - value / most * (HIGH - TOP - BOTTOM):.1f}"

    parts = [f'<path d="M{LEFT} {TOP}V{HIGH - BOTTOM}H{WIDTH - RIGHT}" style="fill:none;stroke:var(--wb-edge)"/>']
    for (_, role, dash), value in zip(MARKS, run.marks, strict=True):
        parts.append(_line(f"{at(0, value)} {at(last, value)}", role, dash, 1.25))
    for (_, role, dash), values in zip(LOOKS, run.series, strict=True):
        points = " ".join(at(time, value) for time, value in zip(run.times, values, strict=False))
        parts.append(_line(points, role, dash, 2.25))
    levels = ((value, float(at(0, value).split(",")[1]) + 4) for value in (0.0, most / 2, most))
    parts += [_text(LEFT - 6, y, "end", f"{value:,.0f}") for value, y in levels]
    parts.append(_text(LEFT, TOP - 10, "start", run.unit))
    for time in (0.0, last / 2, last):
        anchor = "start" if not time else "end" if time == last else "middle"
        parts.append(_text(float(at(time, 0).split(",")[0]), HIGH - BOTTOM + 18, anchor, f"{time:.0f} s"))
    peak, written = max(run.series[0]), max(run.series[1])
    said = escape(
        f"{run.title}: dirty at most {peak:,.0f} {run.unit}, under writeback at most {written:,.0f}; background "
        f"threshold {run.marks[0]:,.0f}, dirty limit {run.marks[1]:,.0f}; {last:.0f} seconds"
    )
    return (
        f'<figure><figcaption>{escape(run.title)}</figcaption><svg viewBox="0 0 {WIDTH:g} {HIGH:g}" role="img" '
        f'aria-label="{said}" font-size="12">{"".join(parts)}</svg></figure>'
    )


def _key() -> str:
    rows = "".join(
        f'<li><svg viewBox="0 0 36 8" aria-hidden="true">{_line("0,4 36,4", role, dash, 2.25)}</svg>{escape(name)}</li>'
        for name, role, dash in (*LOOKS, *MARKS)
    )
    return f"<ul>{rows}</ul>"


def _line(points: str, role: str, dash: str, width: float) -> str:
    return (
        f'<polyline points="{points}" style="fill:none;stroke:var(--wb-{role});stroke-width:{width};'
        f'stroke-dasharray:{dash or "none"}"/>'
    )


def _text(x: float, y: float, anchor: str, words: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" style="fill:var(--wb-soft)">{escape(words)}</text>'
