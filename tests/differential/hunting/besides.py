"""The scenario and the policy of random tasks."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from tests.check.tiny import tiny
from tests.differential.hunting.tasks import PAGES, Beside
from tests.machine.driving import policy
from wbviz.machine import tasks
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import Policy


@contextmanager
def world_of(beside: Beside) -> Iterator[tuple[Scenario, Policy]]:
    """A scenario of these tasks, beside a flusher and the disk, and the policy; the tasks are known as long."""
    made: dict[str, object] = {}
    exec(compile(beside.tasks, "tasks", "exec"), made)
    names = [name for name in made if name.startswith("task")]
    pages = tuple(f"A{page}" for page in range(PAGES))
    scenario = tiny(PAGES, *((name, name, *pages) for name in names), clean=beside.clean, queue_limit=beside.limit)
    with patch.dict(tasks.PROGRAMS, {name: made[name] for name in names}):
        yield scenario, policy("yield mm.cond_resched()\nreturn False", beside.execute)
