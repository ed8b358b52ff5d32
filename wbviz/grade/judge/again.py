"""All that a child was asked is asked once more, of another child and in another order: are the answers the same?

A policy that keeps something between two calls answers according to what it was asked before. What is shared by all
calls and easily reached is watched (`wbviz.policy.frozen`); there is no end to the rest: a cache of the standard
library's, how many classes there are, what an attacker finds in the interpreter. So it is looked for where it shows. A
text that is plain (`wbviz.policy.provably_pure`) reaches nothing of the kind, and is not asked again.
"""

from __future__ import annotations

from random import Random
from typing import Any

from wbviz.errors import PolicyError
from wbviz.grade.judge.errors import Spent
from wbviz.grade.judge.policy import ChildPolicy
from wbviz.grade.judge.remote import comparable
from wbviz.grade.judge.table import Answered
from wbviz.policy.faults.purity import two_ways
from wbviz.policy.protocol import Read, Value


class _Differs(BaseException):
    """What was read first, and what now."""


def differs(policy: ChildPolicy, other: ChildPolicy, seed: str) -> PolicyError | None:
    """The first answer of `other` that is not what `policy` answered, None if there is none. `seed` gives the order.

    Raises `Unjudged` if the other child is too slow.
    """
    left: dict[Any, list[Answered]] = {}
    for one in policy.table().recorded():
        left.setdefault(one.key[0], []).append(one)
    random = Random(seed)
    ready = [one for name in ("enqueue", "execute") for one in left.pop(name, [])]
    places: dict[int, int] = {}
    try:
        while ready:
            at = random.randrange(len(ready))
            ready[at], ready[-1] = ready[-1], ready[at]
            one = ready.pop()
            error = _compare(one, other, places)
            if error is not None:
                return two_ways(policy.text, *error)
            ready += left.pop(one.leaf.place, [])
    except Spent:  # as much as the first was asked, and no more: what was compared is the same
        pass
    return None


def _compare(one: Answered, other: ChildPolicy, places: dict[int, int]) -> tuple[Any, Any] | None:
    """Ask one turn again; what was answered and what is answered now, where that differs. Notes where it leads."""
    reads = iter(one.reads)

    def read(asked: Read) -> Value:
        before, value = next(reads, (one.leaf.request, None))
        if before != asked:
            raise _Differs(before, asked)
        return value

    first, argument = one.key
    programs = other.programs()
    try:
        turn = (
            programs.start(first, argument, read)
            if isinstance(first, str)
            else programs.resume(places[first], argument, read)
        )
    except _Differs as both:
        return both.args[0], both.args[1]
    unread = next(reads, None)
    if unread is not None:
        return unread[0], turn.request
    if comparable(turn.request) != comparable(one.leaf.request) or turn.works != one.leaf.works:
        return one.leaf.request, turn.request
    if places.setdefault(one.leaf.place, turn.place) != turn.place:
        return one.leaf.request, turn.request
    return None
