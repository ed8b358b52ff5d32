"""Where a certificate and a check meet: which scenarios a certificate covers."""

from __future__ import annotations

from wbviz.certify.result import Certificate
from wbviz.kernel.state import UNLOCKED, Value
from wbviz.machine.scenario import Scenario


def covers(certificate: Certificate, scenario: Scenario) -> bool:
    """Whether a certificate speaks of a scenario: of its filesystem, all its tasks, and files of its sizes."""
    world = scenario.world
    largest = 1 + max((index for _, index in world.pages), default=0)
    if certificate.pages is not None and largest > certificate.pages:
        return False
    beside = _programs(scenario) <= set(certificate.beside)
    return beside and world.filesystem in certificate.filesystems and assumes(scenario)


def assumes(scenario: Scenario) -> bool:
    """Whether a scenario is one of those that certificates are about, whatever the policy: see `words.VOID`.

    There are a flusher, a disk, and room in the queue; nothing is held from the beginning but by a task; whoever locks
    several pages does so upwards; and the tasks do not fail by themselves.
    """
    world, programs = scenario.world, _programs(scenario)
    ready = {"flusher", "disk"} <= programs and world.queue_limit != 0
    free = all(page.holder == UNLOCKED and not page.pins for page in scenario.pages)
    owners = [task.argument[1] for task in scenario.tasks if task.program == "unlink"]
    owned = all(inode.refs == owners.count(("inode", number)) for number, inode in enumerate(scenario.inodes))
    upwards = all(_ascending(task.argument[1]) for task in scenario.tasks if task.program in ("writer", "polite"))
    takes = any(task.argument[1] is True for task in scenario.tasks if task.program == "flusher")
    busy = "umount" in programs and (takes or "unlink" in programs)
    evicts = takes and world.journalled and "unlink" in programs
    return ready and free and owned and upwards and not busy and not evicts


def _programs(scenario: Scenario) -> set[str]:
    return {task.program for task in scenario.tasks}


def _ascending(pages: Value) -> bool:
    """Whether pages, a tuple of the wire, are in the order in which everybody locks."""
    return list(pages[1:]) == sorted(pages[1:])
