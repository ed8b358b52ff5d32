"""What is kept of a run of the flusher's machine."""

from __future__ import annotations

from typing import NamedTuple

from wbviz.sim.dirty import DirtyLimits
from wbviz.sim.flusher.settings import Settings
from wbviz.sim.spindle import Served


class Metrics(NamedTuple):
    """What a run came to. Sizes in MiB, seconds simulated; `request_kib` is None where nothing was written.

    `wrote`: what the tasks wrote into memory; `cleaned`: what came to the disk, in `requests`, with `seeks`. `paused`:
    seconds that the tasks were throttled, all together. `works`: how many of each kind were begun. `syncs` were
    finished, the longest after `sync_longest` seconds.
    """

    wrote: float
    cleaned: float
    requests: int
    request_kib: float | None
    seeks: int
    paused: float
    works: dict[str, int]
    syncs: int
    sync_longest: float


class Frame(NamedTuple):
    """The lists at the end of a tick, as names of inodes in the order in which they will be taken; the inode that is
    being written; the running work's kind and the kinds that wait; dirty MiB of each inode."""

    b_dirty: str
    b_io: str
    b_more_io: str
    writing: str
    work: str
    waiting: tuple[str, ...]
    sizes: tuple[float, ...]


class Run(NamedTuple):
    """A finished run. `series`: MiB for each tick, "dirty" and "writeback". `actors`: a letter a tick."""

    settings: Settings
    seed: int
    limits: DirtyLimits
    frames: tuple[Frame, ...]
    series: dict[str, list[float]]
    actors: dict[str, str]
    moments: tuple[tuple[int, str], ...]
    served: tuple[Served, ...]
    metrics: Metrics
