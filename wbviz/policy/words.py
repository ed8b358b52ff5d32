"""Helpers for messages: the nearest name, a value in words, a line corrected."""

from __future__ import annotations

from collections.abc import Iterable
from types import BuiltinFunctionType, FunctionType, GeneratorType, MethodType
from typing import Any

from wbviz.policy.views import Maker, Mm, Operation, View


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name that was probably meant, or None if none is near."""
    best = min(((distance(name.lower(), other.lower()), other) for other in names), default=None)
    if best is None or best[0] > max(1, len(name) // 3, len(best[1]) // 3):
        return next((other for other in sorted(names) if len(name) > 3 and (name in other or other in name)), None)
    return best[1]


def distance(one: str, other: str) -> int:
    """How many characters must be inserted, left out, replaced or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one):
        new = [i + 1]
        for j, b in enumerate(other):
            cost = min(row[j] + (a != b), row[j + 1] + 1, new[j] + 1)
            if i and j and a == other[j - 1] and one[i - 1] == b:
                cost = min(cost, before[j - 1] + 1)
            new.append(cost)
        before, row = row, new
    return row[-1]


def describe(thing: Any) -> str:
    """A value in words, without addresses."""
    if thing is None or isinstance(thing, bool):
        return repr(thing)
    if isinstance(thing, View):
        return "an inode" if thing._kind == "inode" else f"a {thing._kind}"
    if isinstance(thing, (int, float)):
        return f"the number {thing!r}"
    if isinstance(thing, str):
        return f"the string {thing[:40]!r}"
    if isinstance(thing, Operation):
        return f"the operation {thing.name}, not yielded"
    if isinstance(thing, Maker):
        return f"mm.{thing.name} itself, not called"
    if isinstance(thing, Mm):
        return "mm"
    if isinstance(thing, GeneratorType):
        return f"a generator ({thing.__name__})"
    if isinstance(thing, (FunctionType, MethodType, BuiltinFunctionType)):
        return f"the function {thing.__name__}, not called"
    name = type(thing).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def with_yield(line: str, name: str) -> str:
    """A line in which `mm.name(...)` stands without yield, corrected; "" if it is not found there."""
    call = line.find(f".{name}(")
    if call < 0:
        return ""
    start = call
    while start and (line[start - 1].isalnum() or line[start - 1] in "_."):
        start -= 1
    end = _closing(line, call + len(name) + 1)
    before, after = line[:start].rstrip(), line[end:]
    if before.endswith("yield from"):
        return (line[:start].rstrip()[: -len("from")] + line[start:]).strip()
    alone = not before.strip() or (before.endswith("=") and not before.endswith(("==", "!=")))
    if not end or (alone and not after.split("#")[0].strip()):
        return f"{line[:start]}yield {line[start:]}".strip()
    return f"{line[:start]}(yield {line[start:end]}){after}".strip()


def _closing(line: str, opening: int) -> int:
    """Where the parenthesis that opens at `opening` has been closed; 0 if not on this line."""
    depth = 0
    for at in range(opening, len(line)):
        depth += {"(": 1, ")": -1}.get(line[at], 0)
        if not depth:
            return at + 1
    return 0


def word_before(line: str, mark: str) -> str:
    """The name in front of the first `mark` in a line; "" if there is none."""
    end = line.find(mark)
    start = end
    while start > 0 and (line[start - 1].isalnum() or line[start - 1] == "_"):
        start -= 1
    return line[start:end] if end > 0 and line[start:end].isidentifier() else ""


def first_argument(line: str, name: str) -> str:
    """The first argument of the call of `name` in a line, if it is a plain name; else ""."""
    _, found, rest = line.partition(f"{name}(")
    argument = rest.partition(")")[0].partition(",")[0].rpartition("=")[2].strip()
    return argument if found and argument.isidentifier() else ""


def listed(names: Iterable[str]) -> str:
    """Names, separated by commas, the last one by "and"."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
