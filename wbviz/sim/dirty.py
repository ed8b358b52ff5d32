"""How much dirty data a machine puts up with, and how fast somebody who makes more of it may go on.

After `global_dirty_limits`, `dirty_freerun_ceiling` and `bdi_position_ratio` of Linux 3.3, mm/page-writeback.c. Of the
last only the global part: with one device and a limit that stands still, the other factors are 1.
"""

from __future__ import annotations

from typing import NamedTuple

MAX_PAUSE = 0.2
"""Seconds of the longest single pause (Linux 3.3: MAX_PAUSE)."""


class DirtyLimits(NamedTuple):
    """In pages: above `background` the flusher writes, above `freerun` writers pause, `dirty` is the limit."""

    background: int
    freerun: int
    dirty: int


def dirty_limits(dirtyable: int, background_ratio: int, dirty_ratio: int) -> DirtyLimits:
    """The thresholds for so many pages of memory that could be dirty; ratios in percent.

    A background threshold that is not below the limit counts as half of it, as in Linux 3.3. Writers run freely up to
    midway between the two.
    """
    dirty = dirtyable * dirty_ratio // 100
    background = dirtyable * background_ratio // 100
    if background >= dirty:
        background = dirty // 2
    return DirtyLimits(background, (background + dirty) // 2, dirty)


def position_ratio(limits: DirtyLimits, dirty: float) -> float:
    """By what to multiply a writer's fair share of the disk: 2 at the end of free run, 1 midway to the limit, 0 at it.

    dirty: pages that are dirty or under writeback.
    """
    if dirty >= limits.dirty:
        return 0.0
    setpoint = (limits.freerun + limits.dirty) / 2
    x = (setpoint - dirty) / (limits.dirty - setpoint)
    return min(2.0, max(0.0, 1 + x**3))


def pause_seconds(limits: DirtyLimits, dirty: int, pages: int, share: float) -> float:
    """How long a writer sleeps for having dirtied some pages; 0 while it may run freely.

    share: the writer's fair share of what the disk writes, in pages per second.
    """
    if dirty <= limits.freerun:
        return 0.0
    rate = share * position_ratio(limits, dirty)
    return min(MAX_PAUSE, pages / rate) if rate > 0 else MAX_PAUSE
