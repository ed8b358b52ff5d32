"""What a policy prints: kept, in bounds, for whoever shows what was found.

A policy is asked every history, far more than one run has, and in no order that a reader could follow. So each text is
kept once for each line that prints it, the first few of them.
"""

from __future__ import annotations

MOST, LONGEST = 20, 160
"""So many texts are kept, of so many characters."""


class Printed:
    """The texts that a policy has printed, in the order in which they came."""

    def __init__(self) -> None:
        self._kept: dict[str, None] = {}
        self._more = False

    def note(self, line: int, text: str) -> None:
        """A line of the policy printed a text."""
        for row in text.splitlines() or [""]:
            shown = "".join(c if c.isprintable() else " " for c in row[: LONGEST + 1])
            told = f"line {line}: {shown[:LONGEST]}{'...' if len(shown) > LONGEST else ''}"
            if told in self._kept:
                continue
            if len(self._kept) == MOST:
                self._more = True
                return
            self._kept[told] = None

    def lines(self) -> tuple[str, ...]:
        """What was printed, as lines to show; () if nothing was."""
        return (*self._kept, "and more") if self._more else tuple(self._kept)


def printed_words(lines: tuple[str, ...]) -> str:
    """The same with a head that says whose words they are; "" if nothing was printed."""
    if not lines:
        return ""
    return "\n  ".join(["the policy's own output (print), from all the runs looked at, each text once:", *lines])
