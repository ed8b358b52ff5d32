"""The appendix "How far a proof reaches": what `make bench` measured, as curves and tables.

The numbers are those of book/data/reach.json in this checkout. A part that was not measured says so.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bqplot import Axis, Figure, LinearScale, Lines, LogScale
from IPython.core.display import HTML, Markdown
from IPython.core.display_functions import display

from wbviz.scenarios.two_flushers import CHANGED
from wbviz.viz.assets import palette
from wbviz.viz.lesson import Table
from wbviz.viz.plots import STYLE

FILE = Path(__file__).parents[2] / "book" / "data" / "reach.json"
NOT_YET = "*Not measured yet: `make bench` writes these numbers.*"
LOOKS = (("circle", "solid"), ("square", "dashed"), ("triangle-up", "dotted"), ("diamond", "dash_dotted"))
"""Marker and line of each curve: told apart without colour."""
WHAT = {"states": "states", "seconds": "seconds, whole process", "mib": "MiB at the peak"}


def part(name: str) -> dict[str, Any] | None:
    """What one benchmark wrote; None if it has not been run."""
    if not FILE.is_file():
        return None
    data: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return data.get(name)


class Growth:
    """Curves of states and seconds against each size; the numbers are a table as well."""

    def __init__(self, measured: dict[str, Any]) -> None:
        self.curves: dict[str, list[dict[str, Any]]] = measured["curves"]
        self.start: dict[str, int] = measured["start"]
        self.longest: float = measured["longest"]
        self.figures = [_figure(self.curves, what) for what in ("states", "seconds")]

    def table(self) -> Table:
        """A row a point."""
        rows = [("what grows", "to", "states", "seconds", "MiB")]
        for size, points in self.curves.items():
            rows += [
                (
                    size,
                    str(point["value"]),
                    f"{point['states']:,}",
                    f"{point['seconds']:.2f}",
                    f"{point['mib']:.0f}",
                )
                for point in points
            ]
        return Table(rows)

    def __repr__(self) -> str:
        return repr(self.table())

    def _ipython_display_(self, **_: Any) -> None:
        display(HTML(f"<style>{palette()}{STYLE}</style>"))  # type: ignore[no-untyped-call]
        for figure in self.figures:
            display(figure)  # type: ignore[no-untyped-call]
        display(self.table())  # type: ignore[no-untyped-call]


def growth() -> Any:
    """How cost grows."""
    measured = part("reach")
    return _not_yet() if measured is None else Growth(measured)


def peers() -> Any:
    """The checker beside Spin and Harmony: seconds and memory, a row for each size, the tools side by side."""
    measured = part("peers")
    if measured is None:
        return _not_yet()
    names = list(dict.fromkeys(name for row in measured["rows"] for name in row["tools"]))
    rows = [("pages, kswapd, works, writers", *names)]
    for row in measured["rows"]:
        cells = []
        for name in names:
            answer = row["tools"].get(name)
            cells.append(
                f"{answer['seconds']:.2f} s, {answer['mib']:.0f} MiB, {answer['states']:,} states"
                if answer
                else "not done in time"
            )
        rows.append((", ".join(map(str, row["sizes"].values())), *cells))
    return Table(rows)


def browser() -> Any:
    """The same checks here and in Pyodide."""
    measured = part("pyodide")
    if measured is None:
        return _not_yet()
    rows = [("", "here", "in Pyodide", "times as long")]
    rows += [
        (row["what"], f"{row['native']:.3f} s", f"{row['pyodide']:.3f} s", f"{row['ratio']:.2f}")
        for row in measured["rows"]
    ]
    return Table(rows)


def machines() -> Any:
    """Which machine and which versions the numbers are of, a line for each benchmark."""
    lines = []
    for name, title in (("reach", "growth"), ("peers", "Spin and Harmony"), ("pyodide", "Pyodide")):
        measured = part(name)
        if measured is None:
            continue
        versions = list(measured.get("versions", []))
        if "pyodide" in measured:
            versions = [f"Pyodide {measured['pyodide']} (Python {measured['python']}), Node {measured['node']}"]
        rounds = [f"medians of {measured['rounds']}"] if "rounds" in measured else []
        lines.append(f"- {title}: {'; '.join([measured['machine'], *versions, *rounds])}")
    return Markdown("\n".join(lines)) if lines else _not_yet()  # type: ignore[no-untyped-call]


def abba() -> Any:
    """How long the smallest question takes, as a sentence."""
    measured = part("peers")
    if measured is None:
        return _not_yet()
    return Markdown(  # type: ignore[no-untyped-call]
        f"`python -m wbviz check pin_then_lock --scenario abba` takes {measured['abba']:.2f} s from the shell to the "
        "shell, with the start of Python in it."
    )


def second_flusher() -> Table:
    """What a second flusher changes in the table of verdicts, and why."""
    rows = [("scenario", "policy", "one flusher", "two", "because")]
    rows += [(f"`{scene}`", f"`{policy}`", "deadlock", "safe", why) for (scene, policy), why in CHANGED.items()]
    return Table(rows)


def _not_yet() -> Markdown:
    return Markdown(NOT_YET)  # type: ignore[no-untyped-call]


def _figure(curves: dict[str, list[dict[str, Any]]], what: str) -> Figure:
    sizes, costs = LinearScale(), LogScale()
    marks = [
        Lines(
            x=[point["value"] for point in points],
            y=[point[what] for point in points],
            scales={"x": sizes, "y": costs},
            colors=[f"var(--wb-t{number})"],
            marker=marker,
            line_style=style,
            stroke_width=2,
            labels=[size],
            display_legend=True,
        )
        for number, ((size, points), (marker, style)) in enumerate(zip(curves.items(), LOOKS, strict=True))
    ]
    top = max(point["value"] for points in curves.values() for point in points)
    axes = [
        Axis(
            scale=sizes,
            label="of what grows",
            label_offset="34px",
            grid_lines="none",
            tick_values=list(range(1, top + 1)),
            tick_format="d",
        ),
        Axis(
            scale=costs,
            side="left",
            label=WHAT[what],
            label_offset="52px",
            grid_lines="none",
            num_ticks=5,
            tick_format="~s",
        ),
    ]
    figure = Figure(
        marks=marks,
        axes=axes,
        legend_location="top-left",
        fig_margin={"top": 16, "bottom": 56, "left": 80, "right": 24},
        layout={"height": "320px", "width": "100%"},
        min_aspect_ratio=0.1,
        max_aspect_ratio=10.0,
        animation_duration=0,
        display_toolbar=False,
    )
    figure.add_class("wbviz").add_class("wb-plot")
    return figure
