"""A schedule: who took each step, as one short line of text that can be pasted, mailed and replayed.

    wb1 abba writearound pages=2 flushers=1 : kswapd*3 writer flusher*2 disk:A0 = deadlock

After the version come the scenario, the policy and the parameters; after the colon the tasks in the
order of their steps. `*3` is three steps in a row; `:A0` is what the task chose, where it had a choice.
What the run was made to show may stand at the end: one and the same end can be a leak and lost work.
"""

from __future__ import annotations

import shlex
from itertools import groupby
from typing import NamedTuple

from wbviz.errors import TraceError

VERSION = "wb1"
FUNCTIONS = "notebook"
"""What stands for a policy that is a pair of functions, and neither a name nor a file."""


class Move(NamedTuple):
    """One step: the task's name, and the page it chose, if it had a choice."""

    task: str
    choice: str | None = None


class Schedule(NamedTuple):
    """Which scenario and policy, at which sizes, who takes each step, and the kind of verdict it is to show, or ""."""

    scenario: str
    policy: str
    params: tuple[tuple[str, int], ...]
    moves: tuple[Move, ...]
    shows: str = ""

    def __str__(self) -> str:
        head = [VERSION, shlex.quote(self.scenario), shlex.quote(self.policy)]
        head += [f"{key}={value}" for key, value in self.params]
        return " ".join([*head, ":", *_moves_text(self.moves), *(("=", self.shows) if self.shows else ())])


def _moves_text(moves: tuple[Move, ...]) -> list[str]:
    words = []
    for move, group in groupby(moves):
        count = len(list(group))
        word = move.task + (f":{move.choice}" if move.choice else "")
        words.append(word + (f"*{count}" if count > 1 else ""))
    return words


def parse(text: str) -> Schedule:
    """Read a schedule. Raises `TraceError`, saying which word is wrong, for anything that is not one."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise _unusable(text, f"a quotation mark is not closed ({error})") from None
    if not words or words[0] != VERSION:
        raise _unusable(text, f"it begins with {words[0] if words else 'nothing'!r}, not with {VERSION!r}")
    if ":" not in words[3:]:
        raise _unusable(text, "scenario, policy and ' : ' have to come before the steps")
    colon = words.index(":", 3)
    params = tuple(_param(text, word) for word in words[3:colon])
    steps, shows = words[colon + 1 :], ""
    if "=" in steps:
        steps, after = steps[: steps.index("=")], steps[steps.index("=") + 1 :]
        if len(after) != 1 or not after[0].replace("-", "").isalpha():
            raise _unusable(text, f"one word, what the run shows, has to follow '=', not {' '.join(after)!r}")
        shows = after[0]
    moves = tuple(move for word in steps for move in _moves(text, word))
    return Schedule(words[1], words[2], params, moves, shows)


def _param(text: str, word: str) -> tuple[str, int]:
    key, sep, value = word.partition("=")
    if not (key and sep and _is_number(value)):
        raise _unusable(text, f"{word!r} is not a parameter such as pages=2")
    return key, int(value)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def _moves(text: str, word: str) -> tuple[Move, ...]:
    name, star, times = word.partition("*")
    task, colon, choice = name.partition(":")
    if not task or (colon and not choice) or (star and not (_is_number(times) and 0 < int(times) < 10**6)):
        raise _unusable(text, f"{word!r} is not a step such as flusher, flusher*3 or disk:A0")
    return (Move(task, choice or None),) * (int(times) if star else 1)


def _unusable(text: str, cause: str) -> TraceError:
    return TraceError(
        "this is not a schedule",
        came=text if len(text) < 80 else text[:77] + "...",
        expected=f"{VERSION} SCENARIO POLICY key=value... : task task*3 task:PAGE ...",
        cause=cause,
        fix=f"{VERSION} abba writearound pages=2 flushers=1 : kswapd*3 writer flusher",
    )
