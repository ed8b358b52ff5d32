"""What is kept of a run: where each page was and how it fared, tick by tick; counts, words, what it all came to."""

from __future__ import annotations

from typing import Any, NamedTuple

from wbviz.sim.dirty import DirtyLimits
from wbviz.sim.moments import Moments
from wbviz.sim.reclaim.memory import Page
from wbviz.sim.reclaim.settings import Settings
from wbviz.sim.spindle import Served

#: How a page came to its place within a tick.
STAYED, TO_HEAD, TO_TAIL = 0, 1, 2
FREED = 18
_QUIET = 0.3  # seconds before the same thing is told again


def code(page: Page, moved: int) -> int:
    """A page at the end of a tick, as a number below `FREED`: list, letter, and how it came to its place."""
    return (3 * page.active + "CDW".index(page.letter)) * 3 + moved


class Metrics(NamedTuple):
    """What a run came to. Seconds are simulated; `request_kib` is the mean size of a request, None without one.

    `allocated` pages; `direct` times somebody stood in direct reclaim, for `stalled` seconds in all and `longest` at
    most; `paused`: seconds that writers were throttled, in all. `written` pages in `requests`, of which `by_reclaim`
    were made by kswapd or direct reclaim; the head moved `seeks` times. `refaults`: pages of the working set that had
    to be read again.
    """

    allocated: int
    direct: int
    stalled: float
    longest: float
    paused: float
    requests: int
    written: int
    request_kib: float | None
    by_reclaim: int
    seeks: int
    refaults: int


class ZoneFacts(NamedTuple):
    """A zone and its watermarks, in pages."""

    name: str
    size: int
    min: int
    low: int
    high: int


class Run(NamedTuple):
    """A finished run.

    `lives`: for each page ever used, by number: its zone, then (tick, code) whenever something had changed by the end
    of a tick, see `code`; the last may be `FREED`. `series`: counts of pages for each tick, "free", "dirty",
    "writeback". `actors`: for each task, kswapd and the flusher a letter a tick. `moments`: (tick, sentence).
    """

    settings: Settings
    seed: int
    ticks: int
    zones: tuple[ZoneFacts, ...]
    limits: DirtyLimits
    lives: tuple[tuple[int, tuple[tuple[int, int], ...]], ...]
    series: dict[str, list[int]]
    actors: dict[str, str]
    moments: tuple[tuple[int, str], ...]
    served: tuple[Served, ...]
    metrics: Metrics


class Recorder:
    """Collects a run while it goes on; `tick` is called at the end of each tick."""

    def __init__(self) -> None:
        self.lives: list[tuple[int, list[tuple[int, int]]]] = []
        self.series: dict[str, list[int]] = {"free": [], "dirty": [], "writeback": []}
        self.actors: dict[str, list[str]] = {}
        self.moments = Moments(_QUIET)
        self.ticks = 0
        self._changed: dict[Page, int] = {}

    def born(self, page: Page, zone: int) -> None:
        """A page comes into use, at the head of a list."""
        self.lives.append((zone, []))
        self._changed[page] = TO_HEAD

    def changed(self, page: Page, moved: int = STAYED) -> None:
        """Something about a page is different; `moved` if it has a new place."""
        self._changed[page] = moved or self._changed.get(page, STAYED)

    def freed(self, page: Page) -> None:
        """A page is out of use. One that came and went within a tick is never seen."""
        self._changed.pop(page, None)
        life = self.lives[page.number][1]
        if life:
            life.append((self.ticks, FREED))

    def say(self, now: float, key: str, sentence: str) -> None:
        """Tell what happens now."""
        self.moments.say(now, self.ticks, key, sentence)

    def tick(self, counts: dict[str, int], actors: dict[str, str]) -> None:
        """The end of a tick: what changed is written down."""
        for page, moved in self._changed.items():
            self.lives[page.number][1].append((self.ticks, code(page, moved)))
        self._changed.clear()
        for name, count in counts.items():
            self.series[name].append(count)
        for name, letter in actors.items():
            self.actors.setdefault(name, []).append(letter)
        self.ticks += 1

    def finished(self) -> dict[str, Any]:
        """The parts of a `Run` that are collected here."""
        return {
            "ticks": self.ticks,
            "lives": tuple((zone, tuple(life)) for zone, life in self.lives),
            "series": self.series,
            "actors": {name: "".join(letters) for name, letters in self.actors.items()},
            "moments": tuple(self.moments.told),
        }
