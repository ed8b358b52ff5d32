"""Counters that nobody reads: a loop of a thousand tries is over, and it no longer matters which of them it was.

Two suspended programs are one place where all that they hold is equal. What a loop counts with stays held after the
loop, so that what follows it would be a thousand places, each with all that follows. Where the name is read nowhere in
its function, it is emptied at the beginning of each round: the loop itself has its count where it cannot be read.
"""

from __future__ import annotations

from _ast import Assign, Constant, Name, Store
from collections.abc import Iterable
from typing import Any

from wbviz.policy.provably_pure import nodes


def forget_counters(tree: Any) -> bool:
    """Empty the unread counters in the syntax tree of a plain policy. Whether there was one; else it is as it was."""
    found = False
    for function in _of_kind(nodes(tree), "FunctionDef"):
        within = list(nodes(function))
        read = {node.id for node in _of_kind(within, "Name") if type(node.ctx).__name__ == "Load"}
        read |= {node.target.id for node in _of_kind(within, "AugAssign") if type(node.target).__name__ == "Name"}
        for loop in _of_kind(within, "For"):
            if type(loop.target).__name__ == "Name" and loop.target.id not in read:
                loop.body.insert(0, _emptied(loop.target.id, loop.body[0]))
                found = True
    return found


def _of_kind(found: Iterable[Any], kind: str) -> list[Any]:
    return [node for node in found if type(node).__name__ == kind]


def _emptied(name: str, before: Any) -> Assign:
    """`name = None`, on the line of what follows it, so that it is no line of its own."""
    at = {
        "lineno": before.lineno,
        "col_offset": before.col_offset,
        "end_lineno": before.lineno,
        "end_col_offset": before.col_offset,
    }
    return Assign([Name(name, Store(), **at)], Constant(None, **at), **at)
