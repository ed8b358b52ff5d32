"""What a lab shows of a run, whatever the lab: lines, bars, actors, sentences, and the numbers it came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

from wbviz.viz.labs.pack import column

#: Sizes of requests that have a bar each, in pages; a request counts for the largest that it reaches.
BINS = (1, 2, 4, 8, 16, 32, 64, 128)


class Option(NamedTuple):
    """A value of a control, and what it is called."""

    value: Any
    text: str


class Control(NamedTuple):
    """A setting that the reader may change."""

    name: str
    label: str
    options: tuple[Option, ...]


class Field(NamedTuple):
    """What may be set where a simulator is at hand: a whole number from `least` to `most`, or one of the options."""

    name: str
    label: str
    least: int = 0
    most: int = 0
    options: tuple[Option, ...] = ()


SEED = Field("seed", "Seed of the random numbers", 0, 2**31)


def grid(controls: Sequence[Control]) -> list[dict[str, Any]]:
    """All that some controls can be set to: the settings of every run that a page without a kernel carries."""
    values = product(*([option.value for option in control.options] for control in controls))
    return [dict(zip((control.name for control in controls), chosen, strict=True)) for chosen in values]


class Line(NamedTuple):
    """A curve over time: its name, the role that colours it, its dash (as bqplot calls it), a value for each tick."""

    name: str
    role: str
    dash: str
    values: Sequence[float]


class Shown(NamedTuple):
    """A run, ready for the page. `tick` in seconds; `unit` of the lines; `marks`: (name, value) of level lines.

    `actors`: for each a letter a tick; `letters`: for each letter a glyph of `shapes` and a word. `sizes`: for each
    request the tick when it was written, and its pages. `table`: (what, how much) in words. `picture`: what the lab's
    own drawing needs.
    """

    settings: Mapping[str, Any]
    seed: int
    ticks: int
    tick: float
    unit: str
    lines: tuple[Line, ...]
    marks: tuple[tuple[str, float], ...]
    actors: Mapping[str, str]
    letters: Mapping[str, tuple[str, str]]
    moments: Sequence[tuple[int, str]]
    sizes: Sequence[tuple[int, int]]
    table: tuple[tuple[str, str], ...]
    picture: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """JSON-able data, compact."""
        data = self._asdict()
        data["lines"] = [[*line[:3], list(line.values)] for line in self.lines]
        data["sizes"] = column(histogram(self.sizes, self.ticks))
        return data


def histogram(sizes: Sequence[tuple[int, int]], ticks: int) -> list[int]:
    """For each tick and each of `BINS`, how many requests of this size were written in it."""
    counts = [0] * (ticks * len(BINS))
    for tick, pages in sizes:
        counts[min(tick, ticks - 1) * len(BINS) + sum(pages >= size for size in BINS) - 1] += 1
    return counts


def seconds(value: float) -> str:
    """A time in words."""
    return f"{value:.2f} s" if value >= 1 else f"{value * 1e3:.0f} ms"
