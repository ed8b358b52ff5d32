"""Requests: how pages become requests, and how long the disk is busy with one.

A task collects what it writes in a *plug*, as Linux does for each task since 2.6.39: requests go to the disk
when the task blocks or its call ends, and neighbours in the plug are one request by then. Simplified: the
pages of a plug are sorted before they are cut into requests, whatever the order they were written in.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from wbviz.kernel.state import World
from wbviz.sim.costs import Disk

Place = tuple[int, int]
"""Where a page lies on the disk: (number of its inode, index in it). Files lie one after another, each in one piece."""

START: Place = (0, 0)
"""Where the head stands at first."""


class Request(NamedTuple):
    """Neighbouring pages of one file, by their numbers, ascending, written in one go."""

    pages: tuple[int, ...]


class Service(NamedTuple):
    """What serving a request means: how long it takes in seconds, whether the head moves, where it stands then."""

    seconds: float
    seeks: bool
    head: Place


def requests_of(world: World, pages: Iterable[int]) -> tuple[Request, ...]:
    """The pages of a plug as requests: one for each run of neighbours, by place."""
    runs: list[list[int]] = []
    for page in sorted(pages, key=world.pages.__getitem__):
        if runs and world.pages[page] == following(world.pages[runs[-1][-1]]):
            runs[-1].append(page)
        else:
            runs.append([page])
    return tuple(Request(tuple(run)) for run in runs)


def following(place: Place) -> Place:
    """The place after this one."""
    inode, index = place
    return inode, index + 1


def serve(world: World, disk: Disk, head: Place, request: Request) -> Service:
    """What the disk does for a request with its head at `head`: it seeks, unless the request begins there."""
    seeks = world.pages[request.pages[0]] != head
    seconds = disk.seek * seeks + disk.transfer(len(request.pages))
    return Service(seconds, seeks, following(world.pages[request.pages[-1]]))
