"""What is wrong with a state at rest: pages that were accepted and not cleaned, and what is still held."""

from __future__ import annotations

from wbviz.kernel.state import State
from wbviz.scenarios.machine import Machine


def lost_pages(machine: Machine, state: State) -> list[str]:
    """What `enqueue` accepted and nobody has cleaned, in words."""
    return [
        f"{machine.world.page_name(number)} was accepted, and is still dirty with nobody left to write it"
        for number, page in enumerate(state.pages)
        if page.owed
    ]


def leaks(machine: Machine, state: State) -> list[str]:
    """What is still held at rest, in words."""
    world = machine.world
    found = []
    for number, page in enumerate(state.pages):
        if page.holder:
            found.append(f"{world.page_name(number)} is still locked by {_holder(machine, page.holder)}")
        if page.pins:
            found.append(f"{world.page_name(number)} still has {_count(page.pins, 'pin')} that nobody will drop")
    for number, inode in enumerate(state.inodes):
        if inode.refs:
            found.append(
                f"inode {world.inode_names[number]} still has {_count(inode.refs, 'reference')} that nobody will drop"
            )
    return found


def _holder(machine: Machine, holder: int) -> str:
    return machine.world.task_names[holder - 1] if holder > 0 else f"work {-holder}"


def _count(number: int, noun: str) -> str:
    return f"a {noun}" if number == 1 else f"{number} {noun}s"
