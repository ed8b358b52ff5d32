"""What is wrong with a state at rest: pages that were accepted and not cleaned, and what is still held."""

from __future__ import annotations

from typing import NamedTuple

from wbviz.kernel.operations import Thing
from wbviz.kernel.state import State
from wbviz.machine.machine import Machine


class Left(NamedTuple):
    """Something that is still held: a pin, a lock or a reference, the page or inode that it is on, and all in words."""

    what: Thing
    name: str
    words: str


def lost_pages(machine: Machine, state: State) -> list[str]:
    """What `enqueue` accepted and nobody has cleaned, in words."""
    return [
        f"{machine.world.page_name(number)} was accepted, and is still dirty with nobody left to write it"
        for number, page in enumerate(state.pages)
        if page.owed
    ]


def leaks(machine: Machine, state: State) -> list[Left]:
    """What is still held at rest."""
    world = machine.world
    found = []
    for number, page in enumerate(state.pages):
        name = world.page_name(number)
        if page.holder:
            found.append(Left(Thing.LOCK, name, f"{name} is still locked by {_holder(machine, page.holder)}"))
        if page.pins:
            found.append(Left(Thing.PIN, name, f"{name} still has {_count(page.pins, 'pin')} that nobody will drop"))
    for number, inode in enumerate(state.inodes):
        if inode.refs:
            name = world.inode_names[number]
            words = f"inode {name} still has {_count(inode.refs, 'reference')} that nobody will drop"
            found.append(Left(Thing.REFERENCE, name, words))
    return found


def _holder(machine: Machine, holder: int) -> str:
    return machine.world.task_names[holder - 1] if holder > 0 else f"work {-holder}"


def _count(number: int, noun: str) -> str:
    return f"a {noun}" if number == 1 else f"{number} {noun}s"
