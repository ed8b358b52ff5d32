"""What a simulated machine tells of itself while it runs."""

from __future__ import annotations


class Moments:
    """Sentences with the tick at which they were told. What was told just before (by its key) is not told again."""

    def __init__(self, quiet: float) -> None:
        self.told: list[tuple[int, str]] = []
        self._quiet = quiet  # simulated seconds
        self._last: dict[str, float] = {}

    def say(self, now: float, tick: int, key: str, sentence: str) -> None:
        """Tell what happens now."""
        if key not in self._last or now - self._last[key] >= self._quiet:
            self._last[key] = now
            self.told.append((tick, sentence))
