"""What can be set on the machine of the reclaim lab, and the numbers that cannot."""

from __future__ import annotations

from typing import NamedTuple

from wbviz.sim.ranges import within

TICK = 0.0625
"""Seconds from one picture to the next."""

BATCH = 16
"""Pages that reclaim takes off a list at once. Linux takes 32 (SWAP_CLUSTER_MAX); this machine is small."""

DEPTH = 16
"""Requests that may wait for the disk (Linux: 128, by default)."""

EXTENT = 8
"""A task that writes fills its file so many pages at a time, in random order unless `sequential`."""

LARGEST = 128
"""Pages in the largest request: 512 KiB."""

TASKS = 4

WHO = {
    "3.1": "3.1: kswapd and direct reclaim",
    "3.2": "3.2: kswapd when in trouble",
    "6.19": "6.19: only the flusher",
}
"""Who may write dirty pages of files, beside the flusher, by version of Linux: 3.1 stands for all before it as well."""


class Settings(NamedTuple):
    """A machine and its load.

    `memory`: pages of 4 KiB, all of them for the page cache. `rate`: new pages that the tasks ask for per second, all
    together. `share`: percent of these that they write, the rest they read. `background` and `dirty`:
    vm.dirty_background_ratio and vm.dirty_ratio, in percent. `who`: a key of `WHO`. `sequential`: whether each task
    fills its file from the beginning to the end. `seconds`: simulated.
    """

    memory: int = 512
    rate: int = 800
    share: int = 50
    background: int = 10
    dirty: int = 20
    who: str = "3.1"
    sequential: bool = False
    seconds: float = 2.25


RANGES = {
    "memory": (64, 4096),
    "rate": (1, 20_000),
    "share": (0, 100),
    "background": (1, 100),
    "dirty": (1, 100),
    "seconds": (0, 60),
}
"""The least and the most of each setting that is a number."""


def usable(settings: Settings) -> Settings:
    """The same, or UsageError for a machine that cannot be."""
    return within("reclaim", settings, RANGES, {"who": WHO})
