"""The appendix "How far a proof reaches": what `make bench` measured, as curves and tables.

The numbers are those of book/data/reach.json in this checkout. A part that was not measured says so.
"""

from __future__ import annotations

import json
from math import ceil, floor, log10
from pathlib import Path
from typing import Any

from bqplot import Axis, Figure, LinearScale, Lines, LogScale
from IPython.core.display import HTML, Markdown
from IPython.core.display_functions import display

from wbviz.scenarios.two_flushers import CHANGED
from wbviz.viz.assets import palette_style
from wbviz.viz.cells.chapter import Table
from wbviz.viz.cells.charts import Curve, log_chart, show
from wbviz.viz.cells.plots import STYLE, plot

FILE = Path(__file__).parents[3] / "book" / "data" / "reach.json"
NOT_YET = "*Not measured yet: `make bench` writes these numbers.*"
LOOKS = (("circle", "solid"), ("square", "dashed"), ("triangle-up", "dotted"), ("diamond", "dash_dotted"))
"""Marker and line of each curve: told apart without colour."""
US, PLAIN = "wbviz", ", plain"
WHAT = {"states": "states", "seconds": "seconds, whole process"}


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
        self.figures = [_figure(self.curves, what) for what in WHAT]

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
        for figure, what in zip(self.figures, WHAT, strict=True):
            show(figure, _picture(self.curves, what))
        display(HTML(f"{palette_style()}<style>{STYLE}</style>{self.table()._repr_html_()}"))  # type: ignore[no-untyped-call]


def growth() -> Any:
    """How cost grows."""
    measured = part("reach")
    return _not_yet() if measured is None else Growth(measured)


def peers(what: str) -> Any:
    """The checker beside Spin and Harmony, a row for each tool, a column for each size.

    what: "seconds", "MiB", "states", or "times": how many times as fast as the faster of their plain forms ours are.
    """
    measured = part("peers")
    if measured is None:
        return _not_yet()
    rows = measured["rows"]
    head = ("", *["{pages},{kswapd}, {works},{writers}".format(**row["sizes"]) for row in rows])  # breaks in its middle
    tools = [row["tools"] for row in rows]
    names = sorted({name for found in tools for name in found}, key=_order)
    if what == "times":
        ours = [name for name in names if name.startswith(US)]
        return Table([head, *[(name, *[_times(found, name) for found in tools]) for name in ours]])
    show = {"seconds": lambda answer: f"{answer['seconds']:.2f}", "MiB": _memory, "states": _states}[what]
    return Table([head, *[(name, *[show(found[name]) if name in found else "–" for found in tools]) for name in names]])


def _order(name: str) -> tuple[bool, bool, str]:
    return not name.startswith(US), not name.endswith(PLAIN), name


def _times(found: dict[str, Any], name: str) -> str:
    rivals = [answer["seconds"] for other, answer in found.items() if other.endswith(PLAIN)]
    return f"{min(rivals) / found[name]['seconds']:.1f}" if rivals and name in found else "–"


def _states(answer: dict[str, Any]) -> str:
    """As few digits as tell the tools apart."""
    states = answer["states"]
    if states < 10_000:
        return f"{states:,}"
    return f"{states / 1e3:.0f}k" if states < 1e6 else f"{states / 1e6:.1f}M"


def _memory(answer: dict[str, Any]) -> str:
    """The peak of all that a tool runs; in brackets that of the search, where a compiler needed more."""
    whole, search = f"{answer['mib']:.0f}", f"{answer['search']:.0f}"
    return whole if search == whole else f"{whole} ({search})"


def farthest() -> Any:
    """The largest `storm` that each tool proves, and the certificate: a row a tool, a column for the growing size."""
    measured = part("farthest")
    if measured is None:
        return _not_yet()
    tools: dict[str, dict[str, dict[str, Any]]] = measured["tools"]
    sizes = list(next(iter(tools.values())))
    rows = [("", *sizes)]
    rows += [(name, *[_largest(found[size]) for size in sizes]) for name, found in tools.items()]
    rows.append(("certificate", *[f"every size ({measured['certificate']:.2f}\u00a0s)"] * len(sizes)))
    return Table(rows)


def _largest(found: dict[str, Any]) -> str:
    """A size, with the states and the seconds of its proof; with a plus sign where only the model ends."""
    if not found["value"]:
        return "none"
    more = "+" if found.get("ends") == "model" else ""
    return f"{found['value']}{more} ({_states(found)} states, {found['cpu']:.1f}\u00a0s)"


def browser() -> Any:
    """The same checks here and in Pyodide."""
    measured = part("pyodide")
    if measured is None:
        return _not_yet()
    rows = [("", "here", "in Pyodide", "times as long")]
    rows += [
        (row["what"], f"{row['native']:.3f}\u00a0s", f"{row['pyodide']:.3f}\u00a0s", f"{row['ratio']:.2f}")
        for row in measured["rows"]
    ]
    return Table(rows)


def machines() -> Any:
    """Which machine and which versions the numbers are of, a line for each benchmark."""
    lines = []
    for name, title in (
        ("reach", "growth"),
        ("farthest", "the largest proofs"),
        ("peers", "Spin and Harmony"),
        ("pyodide", "Pyodide"),
    ):
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


def second_flusher() -> Markdown:
    """What a second flusher changes in the table of verdicts, and why."""
    rows = [
        f"- `{scene}`, `{policy}`: deadlock with one, safe with two. {why[:1].upper()}{why[1:]}."
        for (scene, policy), why in CHANGED.items()
    ]
    return Markdown("\n".join(rows))  # type: ignore[no-untyped-call]


def _not_yet() -> Markdown:
    return Markdown(NOT_YET)  # type: ignore[no-untyped-call]


def _decades(values: list[float]) -> list[float]:
    """Powers of ten, from one below all values to one above them."""
    return [10.0**power for power in range(floor(log10(min(values))), ceil(log10(max(values))) + 1)]


def _picture(curves: dict[str, list[dict[str, Any]]], what: str) -> str:
    lines = [Curve(size, tuple((p["value"], p[what]) for p in points)) for size, points in curves.items() if points]
    return log_chart(lines, "size", WHAT[what], _decades([y for line in lines for _, y in line.points]))


def _figure(curves: dict[str, list[dict[str, Any]]], what: str) -> Figure:
    decades = _decades([point[what] for points in curves.values() for point in points])
    sizes, costs = LinearScale(), LogScale(min=decades[0], max=decades[-1])
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
        if points
    ]
    top = max(point["value"] for points in curves.values() for point in points)
    axes = [
        Axis(
            scale=sizes,
            label="size",
            label_offset="34px",
            grid_lines="none",
            tick_values=list(range(1, top + 1)),
            tick_format="d",
        ),
        Axis(
            scale=costs,
            side="left",
            label=WHAT[what],
            label_offset="64px",
            grid_lines="none",
            tick_values=decades,
            tick_format=",",
        ),
    ]
    margins = {"top": 16, "bottom": 56, "left": 92, "right": 24}
    return plot(marks, axes, 320, margins, legend_location="bottom-right")
