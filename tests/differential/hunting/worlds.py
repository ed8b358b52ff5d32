"""Random tiny scenarios: every task there is, on every kind of filesystem."""

from random import Random
from typing import Any

from wbviz.machine.scenario import Scenario
from wbviz.scenarios.build import Plan, Recipe, assemble

RARE = ("polite", "endless", "umount")
"""These make cycles, or states without end."""


def plan(random: Random) -> Plan:
    """What a scenario consists of."""
    files = random.choice([{"A": 1}, {"A": 2}, {"A": 2}, {"A": 1, "B": 1}])
    pages = [f"{name}{index}" for name, count in files.items() for index in range(count)]
    names = sorted(files)
    tasks: list[tuple[Any, ...]] = [_kswapd(random, "kswapd", pages)]
    kinds = ["writer", "down", "reader", "cleaner", "truncate", "sync", "unlink", "kswapd2", "dirtier", *RARE]
    weights = [0.1 if kind in RARE else 1.0 for kind in kinds]
    chosen = dict.fromkeys(random.choices(kinds, weights, k=random.choice([1, 1, 1, 2])))
    tasks += [_task(random, kind, pages, names) for kind in chosen]
    if any(task[1] == "reader" for task in tasks) and random.random() < 0.3:
        tasks.append(("again", *tasks[-1][1:]))
    opened = [task[2] for task in tasks if task[1] == "unlink"]
    return Plan(
        files=files,
        tasks=tuple(tasks),
        clean=tuple(page for page in pages if random.random() < 0.2),
        owners=tuple(dict.fromkeys(opened)),
        filesystem=random.choice(["single", "single", "single", "cluster", "cluster-try"]),
        cluster=2,
        journalled=random.random() < 0.2,
        queue_limit=random.choice([None, None, None, 1, 2]),
        flushers=random.choice([1, 1, 1, 2]),
        igrab=random.random() < 0.2,
    )


def _kswapd(random: Random, name: str, pages: list[str]) -> tuple[Any, ...]:
    taken = random.sample(pages, random.randint(1, len(pages)))
    return name, "kswapd", tuple(taken), random.randint(1, len(taken)), random.random() < 0.4


def _task(random: Random, kind: str, pages: list[str], names: list[str]) -> tuple[Any, ...]:
    page, name = random.choice(pages), random.choice(names)
    its = tuple(it for it in pages if it.startswith(name))
    arguments: dict[str, tuple[Any, ...]] = {
        "writer": ("writer", its),
        "down": ("writer", its[::-1]),
        "polite": ("polite", its),
        "reader": ("reader", page, False),
        "endless": ("reader", page, True),
        "cleaner": ("cleaner", page),
        "truncate": ("truncate", its[random.randrange(len(its)) :]),
        "dirtier": ("dirtier", page),
        "sync": ("sync", name),
        "unlink": ("unlink", name, tuple(it for it in its if random.random() < 0.3)),
        "umount": ("umount", tuple(names)),
    }
    return _kswapd(random, kind, pages) if kind == "kswapd2" else (kind, *arguments[kind])


def world(made: Plan) -> Scenario:
    """The scenario of a plan."""
    return assemble(Recipe("hunt", "a world made to break a proof", lambda: made, ()), {}, made)
