"""The kinds of sandbox, from strong to none, and which of them this machine has."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple


class Tier(NamedTuple):
    """A kind of sandbox: "bubblewrap", "landlock" or "none".

    `official` tells whether a score found in it may count. `why` says in a sentence why this machine has no better
    one, `how_to_improve` what to do about it; both are empty for the best.
    """

    name: str
    official: bool
    why: str
    how_to_improve: str


@cache
def best_tier() -> Tier:
    """The strongest sandbox that works here, tried once."""
    return Tier("none", False, "no sandbox is built in yet", "")
