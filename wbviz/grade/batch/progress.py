"""How far a class has come, on the way: a line that is written over on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import time
from typing import TextIO


class Progress:
    """Counts what is done. The clock is used to estimate what is left, and for nothing else."""

    def __init__(self, todo: int, kept: int, out: TextIO | None) -> None:
        self._todo = todo
        self._out = out
        self._done = 0
        self._begin = time.monotonic()
        self._terminal = out is not None and out.isatty()
        self._shown = self._begin
        if kept and out is not None:
            print(f"{kept} finished before and kept", file=out, flush=True)

    def step(self) -> None:
        """One more is done."""
        self._done += 1
        if self._out is None:
            return
        now = time.monotonic()
        last = self._done == self._todo
        if last or now - self._shown >= (0.2 if self._terminal else 10):
            self._shown = now
            line = f"{self._done} of {self._todo}, {self._left(now)}"
            if self._terminal:
                self._out.write(f"\r{line:<60}" + "\n" * last)
            else:
                self._out.write(f"{line}\n")
            self._out.flush()

    def _left(self, now: float) -> str:
        took = now - self._begin
        if self._done == self._todo:
            return f"{_words(took)} in all"
        return f"about {_words(took / self._done * (self._todo - self._done))} left"


def _words(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
