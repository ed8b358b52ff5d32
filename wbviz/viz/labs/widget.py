"""The widget of a lab: controls, a run that plays, and, with a kernel, a new run whenever a control is changed."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import traitlets
from ipywidgets import widget_serialization

from wbviz.viz.labs.charts import bars_figure, lines_figure
from wbviz.viz.labs.known import LABS, find_lab
from wbviz.viz.labs.pack import pack
from wbviz.viz.labs.shown import BINS, SEED, Control, Option, Shown, grid
from wbviz.viz.labs.still import picture
from wbviz.viz.stage.shapes import SHAPES
from wbviz.viz.widgets import Shown as Widget

PREPARE = "WBVIZ_PREPARE_RUNS"
"""Set in the environment by the book's build: then a lab carries the runs for a page without a kernel."""


class Lab(Widget):
    """A simulated machine with controls.

    `runs`: packed runs; `index`: for the values of the controls, in their order and joined by commas, which of them.
    `fields`: what Python in the page may be asked for, beside what the first run has of it.
    With a kernel the front end sets `wanted`, and gets the one run that `runs` then holds.
    """

    title = traitlets.Unicode().tag(sync=True)
    controls: traitlets.List[Any] = traitlets.List().tag(sync=True)
    fields: traitlets.List[Any] = traitlets.List().tag(sync=True)
    chosen = traitlets.Dict().tag(sync=True)
    wanted = traitlets.Dict().tag(sync=True)
    runs = traitlets.Unicode().tag(sync=True)
    index = traitlets.Dict().tag(sync=True)
    bins = traitlets.List(list(BINS)).tag(sync=True)
    glyphs = traitlets.Dict().tag(sync=True)
    lines = traitlets.Instance("bqplot.Figure").tag(sync=True, **widget_serialization)
    bars = traitlets.Instance("bqplot.Figure").tag(sync=True, **widget_serialization)

    def __init__(self, name: str, seed: int, settings: dict[str, Any]) -> None:
        kind = LABS[name]
        self._seed = seed
        self._fixed = {key: value for key, value in settings.items() if key not in kind.START}
        self._simulate: Callable[[dict[str, Any], int], Shown] = kind.simulate
        chosen = {**kind.START, **settings}
        controls = [_offering(control, chosen[control.name]) for control in kind.CONTROLS]
        first = kind.simulate({**chosen}, seed)
        self.first = first
        prepared = grid(kind.CONTROLS) if os.environ.get(PREPARE) and not settings else []
        runs, index = _prepared(prepared, lambda one: kind.simulate(one, seed)) if prepared else ([first], {})
        super().__init__(
            kind=f"{name}-lab",
            title=kind.TITLE,
            controls=[_plain(control) for control in controls],
            fields=[
                {**field._asdict(), "options": [list(option) for option in field.options], "value": value}
                for field in (*kind.FIELDS, SEED)
                for value in [seed if field is SEED else first.settings[field.name]]
            ],
            chosen={control.name: chosen[control.name] for control in controls},
            runs=pack([run.to_json() for run in runs]),
            index=index,
            glyphs={glyph: SHAPES[glyph] for glyph, _ in first.letters.values()},
            lines=lines_figure(first),
            bars=bars_figure(),
            still=f"wb-lab-{name}-{seed}" + "".join(f"-{value}" for value in settings.values()).replace(".", "-"),
        )
        self.observe(self._run, "wanted")

    def _run(self, change: Any) -> None:
        """The reader has changed a control, and there is a kernel."""
        run = self._simulate({**self._fixed, **change["new"]}, self._seed)
        with self.hold_sync():
            self.chosen = dict(change["new"])
            self.runs = pack([run.to_json()])

    def picture(self) -> str:
        """The lines of the first run, and what it came to."""
        return picture(self.first, self.title, self.still)


def _prepared(
    all_settings: list[dict[str, Any]], simulate: Callable[[dict[str, Any]], Shown]
) -> tuple[list[Shown], dict[str, int]]:
    """The runs of a grid, those that go alike only once, and which run belongs to which settings."""
    runs: list[Shown] = []
    index: dict[str, int] = {}
    for settings in all_settings:
        run = simulate(settings)
        same = next((i for i, other in enumerate(runs) if _same(run, other)), len(runs))
        if same == len(runs):
            runs.append(run)
        index[",".join(str(value) for value in settings.values())] = same
    return runs, index


def _same(run: Shown, other: Shown) -> bool:
    return run._replace(settings={}) == other._replace(settings={})


def _offering(control: Control, value: Any) -> Control:
    """The control with this value among its options."""
    if any(option.value == value for option in control.options):
        return control
    return control._replace(options=(*control.options, Option(value, str(value))))


def _plain(control: Control) -> dict[str, Any]:
    return {"name": control.name, "label": control.label, "options": [list(option) for option in control.options]}


def lab(name: str, seed: int = 1, **settings: Any) -> Lab:
    """A lab: "reclaim" or "flusher".

    settings: other values than the lab begins with, also such as it has no control for: fields of
    `wbviz.sim.reclaim.Settings` or `wbviz.sim.flusher.Settings`. Raises UsageError for a lab or a setting that
    does not exist.
    """
    find_lab(name, settings)
    return Lab(name, seed, settings)
