"""What can be set on the machine of the flusher lab, and the numbers that cannot."""

from __future__ import annotations

from typing import NamedTuple

from wbviz.sim.ranges import within

TICK = 0.5
"""Seconds from one picture to the next."""

MIB = 256
"""Pages in a MiB."""

STEP = 64
"""Pages that a task writes at once, before it looks whether it has to pause: 256 KiB."""

LARGEST = 128
"""Pages in the largest request: 512 KiB."""

DEPTH = 32
"""Requests that may wait for the disk (Linux: 128, by default)."""

TASKS = 4
FILES = "ABCDEFGHIJKL"
FILE_PAGES = 64 * MIB
"""Pages of a file that is written at random places."""


class Pattern(NamedTuple):
    """How tasks write: so many neighbouring pages at a time, at the end of a file or anywhere in it."""

    text: str
    unit: int
    in_order: bool


PATTERNS = {
    "append": Pattern("at the end of files", STEP, in_order=True),
    "pieces": Pattern("64 KiB at random places", 16, in_order=False),
    "pages": Pattern("single pages at random places", 1, in_order=False),
}


class Settings(NamedTuple):
    """A machine and its load.

    `memory`: MiB of memory that could be dirty. `rate`: MiB that the tasks want to write per second, all together.
    `pattern`: a key of `PATTERNS`. `background` and `dirty`: vm.dirty_background_ratio and vm.dirty_ratio, in percent.
    `interval` and `expire`: vm.dirty_writeback_centisecs and vm.dirty_expire_centisecs; an interval of 0 means no
    periodic work. `sync`: seconds from one call of sync to the next, 0 for none. `seconds`: simulated.
    """

    memory: int = 512
    rate: int = 20
    pattern: str = "append"
    background: int = 10
    dirty: int = 20
    interval: int = 500
    expire: int = 3000
    sync: int = 0
    seconds: float = 45.0


RANGES = {
    "memory": (16, 4096),
    "rate": (1, 1000),
    "background": (1, 100),
    "dirty": (1, 100),
    "interval": (0, 100_000),
    "expire": (1, 100_000),
    "sync": (0, 1000),
    "seconds": (0, 300),
}
"""The least and the most of each setting that is a number."""


def usable(settings: Settings) -> Settings:
    """The same, or UsageError for a machine that cannot be."""
    return within("flusher", settings, RANGES, {"pattern": PATTERNS})
