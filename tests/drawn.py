"""A part of a table whose cases repeat each other: one of each kind always, and some of the rest, others each day.

The day is what ``WBVIZ_HUNT_SEED`` says (`make pytest` says the date there). ``WBVIZ_WHOLE=1`` runs all of every table.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Sequence
from random import Random
from typing import TypeVar

Case = TypeVar("Case")

SEED = os.environ.get("WBVIZ_HUNT_SEED", "0")
WHOLE = os.environ.get("WBVIZ_WHOLE", "") == "1"


def drawn(
    cases: Sequence[Case],
    kind: Callable[[Case], Hashable],
    more: int = 0,
    *,
    seed: str = SEED,
    whole: bool = WHOLE,
) -> list[Case]:
    """One case of each kind, and so many more, in the order of the table; all of it if the whole is asked for."""
    if whole:
        return list(cases)
    order = list(range(len(cases)))
    Random(seed).shuffle(order)
    first = list({kind(cases[number]): number for number in reversed(order)}.values())
    rest = [number for number in order if number not in first]
    return [cases[number] for number in sorted(first + rest[:more])]
