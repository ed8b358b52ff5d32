"""The same small world at another place: in a later file, at higher indices, behind and before other works.

What stands around it is clean or belongs to nobody, so a policy that treats all pages alike finds the same world again,
and one that does not is seen through: at its place, with its file, with its queue.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice, product
from string import ascii_uppercase
from typing import Any, NamedTuple

from wbviz.scenarios.build import Plan, numbered


class Place(NamedTuple):
    """Where a world is put. `files` clean files come before its own; each of its files gets `before` clean pages in
    front and `after` behind. So many `syncs` of a clean file of their own may be queued at any time. Of so many further
    dirty pages, each in a file of its own, reclaim wants some `ahead` of the pages of the world and some `behind` them.

    `name`: what the world's first file is called, "" for the next letter.
    """

    files: int = 0
    before: int = 0
    after: int = 0
    syncs: int = 0
    ahead: int = 0
    behind: int = 0
    name: str = ""

    def page(self, index: int) -> str:
        """What the page of that index of the world's first file is called there."""
        return f"{self.name or _letter(self.files)}{index + self.before}"

    def words(self) -> str:
        """The place in words, "" where nothing is moved."""
        parts = []
        if self.files or self.before or self.after or self.name:
            parts.append(f"with {self.files} files and {self.before} pages before, {self.after} behind")
        if self.syncs:
            parts.append(f"{self.syncs} more syncs")
        if self.ahead or self.behind:
            parts.append(f"{self.ahead} more works asked for before and {self.behind} after")
        return ", ".join(parts)


def moved(plan: Plan, place: Place) -> Plan:
    """The plan at that place. A queue's limit grows by the works that are added."""
    letters = (name for name in _letters() if name != place.name)
    first = tuple(next(letters) for _ in range(place.files))
    names = {name: next(letters) for name in plan.files}
    if place.name and names:
        names[next(iter(names))] = place.name
    files = dict.fromkeys(first, 1)
    clean = [f"{name}0" for name in first]
    renamed = dict(names)
    for old, size in plan.files.items():
        new, whole = names[old], place.before + size + place.after
        files[new] = whole
        kept = range(place.before, place.before + size)
        clean += [f"{new}{index}" for index in range(whole) if index not in kept]
        renamed |= {f"{old}{index}": f"{new}{index + place.before}" for index in range(size)}
    clean += [renamed[page] for page in plan.clean]
    tasks = [(name, program, *_renamed(tuple(args), renamed)) for name, program, *args in plan.tasks]
    more = [next(letters) for _ in range(place.ahead + place.behind)]
    if more:
        files |= dict.fromkeys(more, 1)
        pages = tuple(f"{name}0" for name in more)
        tasks = _longer(tasks, pages[: place.ahead], pages[place.ahead :])
    if place.syncs:
        synced = next(letters)
        files[synced] = 1
        clean.append(f"{synced}0")
        there = sum(task[1] == "sync" for task in tasks)
        tasks += [(numbered("sync", there + number), "sync", synced) for number in range(place.syncs)]
    return plan._replace(
        files=files,
        clean=tuple(clean),
        owners=tuple(renamed[name] for name in plan.owners),
        tasks=tuple(tasks),
        queue_limit=None if plan.queue_limit is None else plan.queue_limit + len(more),
    )


def _letters() -> Iterator[str]:
    """`A`, `B`, ..., `Z`, `AA`, `AB`, ..."""
    for length in count(1):
        yield from map("".join, product(ascii_uppercase, repeat=length))


def _letter(number: int) -> str:
    return next(islice(_letters(), number, None))


def _renamed(argument: Any, names: dict[str, str]) -> Any:
    if isinstance(argument, tuple):
        return tuple(_renamed(one, names) for one in argument)
    return names.get(argument, argument) if isinstance(argument, str) else argument


def _longer(tasks: list[Any], ahead: tuple[str, ...], behind: tuple[str, ...]) -> list[Any]:
    """The first reclaimer asks for these pages as well."""
    at = next(number for number, task in enumerate(tasks) if task[1] == "kswapd")
    name, program, pages, works, any_order = tasks[at]
    longer = (name, program, (*ahead, *pages, *behind), works + len(ahead) + len(behind), any_order)
    return [*tasks[:at], longer, *tasks[at + 1 :]]
