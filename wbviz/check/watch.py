"""What is shown on standard error while a long exploration or a long sample goes on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import monotonic
from typing import TextIO

from wbviz.check.graph import Progress
from wbviz.check.limits import memory

PATIENCE, EVERY = 2.0, 1.0
"""Seconds before the first line, and between two."""


class ProgressLine:
    """Says now and then how far a scenario has come: nothing in the first seconds, then a line a second."""

    def __init__(self, name: str, stream: TextIO | None = None, clock: Callable[[], float] = monotonic) -> None:
        self._name = name
        self._stream = stream or sys.stderr
        self._clock = clock
        self._began = self._shown = clock()

    def exploring(self, progress: Progress) -> None:
        """A tick of an exploration: states, states a second, depth, frontier, memory."""
        if (seconds := self._due()) is None:
            return
        self._say(
            f"{progress.seen:,} states, {progress.seen / seconds:,.0f} a second, depth {progress.depth}, "
            f"frontier {progress.seen - progress.expanded:,}"
        )

    def sampling(self, count: int) -> Callable[[int, int], None]:
        """The tick of a sample of so many schedules: how many were drawn, steps a second, memory."""

        def tick(drawn: int, steps: int) -> None:
            if (seconds := self._due()) is not None:
                self._say(f"{drawn:,} of {count:,} schedules, {steps:,} steps, {steps / seconds:,.0f} a second")

        return tick

    def _due(self) -> float | None:
        """The seconds since the beginning, where it is time for another line."""
        now = self._clock()
        if now - self._began < PATIENCE or now - self._shown < EVERY:
            return None
        self._shown = now
        return now - self._began

    def _say(self, text: str) -> None:
        used = memory()
        tail = "" if used is None else f", {used:,.0f} MiB"
        print(f"{self._name}: {text}{tail}", file=self._stream, flush=True)
