"""Plots of what the simulator measured. The numbers are a table as well, for readers without scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from statistics import fmean
from typing import Any, NamedTuple

from bqplot import Axis, Bars, Figure, LinearScale, Mark, OrdinalScale
from IPython.core.display import HTML
from IPython.core.display_functions import display

from wbviz.errors import UsageError
from wbviz.sim.run import Row
from wbviz.viz.assets import palette_style
from wbviz.viz.cells.charts import bar_chart, show

# bqplot draws its axes in a theme of its own, which does not follow the page.
STYLE = """
.wbviz.wb-plot { background: var(--wb-paper); color: var(--wb-ink); border: 1px solid var(--wb-edge);
  border-radius: 12px; margin: 0 auto 0.75rem; max-width: 60rem; overflow: hidden; padding: 0; }
.wb-plot.bqplot > svg { background: none !important; font-family: var(--wb-font); }
.wb-plot.bqplot .plotarea_background { fill: none !important; }
.wb-plot.bqplot .axis text, .wb-plot.bqplot text.axislabel { fill: var(--wb-ink) !important; stroke: none !important; }
.wb-plot.bqplot .axis path, .wb-plot.bqplot .axis line { stroke: var(--wb-edge) !important; }
.wb-plot.bqplot .bargroup rect { fill: var(--wb-accent) !important; stroke: none !important; opacity: 1 !important; }
.wb-plot.bqplot .axis text { font-size: 0.85rem !important; }
.wb-numbers { display: table; border-collapse: collapse; margin: 0.75rem auto; font-size: 0.85rem;
  font-variant-numeric: tabular-nums; }
.wb-numbers :is(th, td) { padding: 0.2rem 0.45rem; text-align: end; border-block-end: 1px solid #8886; }
.wb-numbers th { font-weight: 600; }
.wb-numbers :is(th, td):first-child { text-align: start; }
.wb-numbers caption { caption-side: bottom; padding-block-start: 0.4rem; text-align: start; color: inherit; }
@media (min-width: 40rem) { .wb-numbers :is(th, td) { padding-inline: 0.9rem; } }
"""


class Bar(NamedTuple):
    """What one policy came to: means over its runs, the disk's time in milliseconds."""

    policy: str
    request_kib: float
    requests: float
    pages: float
    disk_ms: float


class RequestSizes:
    """The mean size of a request, policy by policy, as bars and as a table: `bars` are the numbers."""

    def __init__(self, bars: tuple[Bar, ...], runs: int) -> None:
        self.bars = bars
        self.runs = runs
        self.figure = _figure(bars)

    def __repr__(self) -> str:
        return "\n".join(f"{bar.policy:<16} {bar.request_kib:6.1f} KiB a request" for bar in self.bars)

    def _ipython_display_(self, **_: Any) -> None:
        show(self.figure, bar_chart({bar.policy: bar.request_kib for bar in self.bars}, "KiB a request"))
        display(HTML(self.table()))  # type: ignore[no-untyped-call]

    def table(self) -> str:
        """The numbers as HTML."""
        heads = ("policy", "requests", "KiB a request", "pages", "disk, ms")
        head = "".join(f'<th scope="col">{name}</th>' for name in heads)
        body = "".join(
            f'<tr><th scope="row">{escape(bar.policy)}</th><td>{bar.requests:.0f}</td><td>{bar.request_kib:.1f}</td>'
            f"<td>{bar.pages:.0f}</td><td>{bar.disk_ms:.0f}</td></tr>"
            for bar in self.bars
        )
        runs = "One run" if self.runs == 1 else f"Means of {self.runs} runs"
        counts = sorted({round(bar.requests) for bar in self.bars})
        requests = f"{counts[0]} requests each" if len(counts) == 1 else f"{counts[0]} to {counts[-1]} requests"
        return (
            f'{palette_style()}<style>{STYLE}</style><table class="wb-numbers">'
            f"<caption>{runs} in simulated time; {requests}.</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )


def request_sizes(rows: Iterable[Row]) -> RequestSizes:
    """Bars of the mean request size, one for each policy, from the rows of `wbviz.sim.compare`.

    Raises UsageError where there is nothing to draw: no rows, or a run that wrote nothing.
    """
    groups = [(name, [row.metrics for row in group]) for name, group in groupby(rows, key=lambda row: row.policy)]
    if not groups or any(metrics.mean_request_kib is None for _, group in groups for metrics in group):
        raise UsageError(
            "there is nothing to draw",
            came="no runs" if not groups else "a run that wrote nothing",
            expected="the rows of wbviz.sim.compare, each of a run that wrote something",
            cause="no seeds or no policies were given, or nothing was dirty",
            fix='request_sizes(compare([load_policy("write_ahead")], build("scattered"), range(5)))',
        )
    bars = tuple(
        Bar(
            policy=name,
            request_kib=fmean(metrics.mean_request_kib or 0 for metrics in group),
            requests=fmean(metrics.requests for metrics in group),
            pages=fmean(metrics.pages for metrics in group),
            disk_ms=1e3 * fmean(metrics.disk_busy_seconds for metrics in group),
        )
        for name, group in groups
    )
    return RequestSizes(bars, runs=len(groups[0][1]))


def _figure(bars: tuple[Bar, ...]) -> Figure:
    """Horizontal bars, the first on top. Names stand beside them, so that they can be read on a narrow screen."""
    upwards = bars[::-1]
    names, sizes = OrdinalScale(), LinearScale(min=0)
    marks = Bars(
        x=[bar.policy for bar in upwards],
        y=[round(bar.request_kib, 2) for bar in upwards],
        scales={"x": names, "y": sizes},
        orientation="horizontal",
        padding=0.35,
    )
    axes = [
        Axis(scale=names, side="left", grid_lines="none"),
        Axis(scale=sizes, label="KiB a request", label_offset="34px", grid_lines="none", num_ticks=5, tick_format="d"),
    ]
    return plot([marks], axes, 260, {"top": 12, "bottom": 56, "left": 130, "right": 28})


def plot(marks: Sequence[Mark], axes: Sequence[Axis], height: int, margins: dict[str, int], **more: Any) -> Figure:
    """A figure as wide as the page, `height` pixels high, with these margins, in the book's colours."""
    figure = Figure(
        marks=list(marks),
        axes=list(axes),
        fig_margin=margins,
        layout={"height": f"{height}px", "width": "100%"},
        min_aspect_ratio=0.1,
        max_aspect_ratio=10.0,
        animation_duration=0,
        display_toolbar=False,
        **more,
    )
    figure.add_class("wbviz").add_class("wb-plot")
    return figure
