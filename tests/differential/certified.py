"""What is certified is safe: random changes of right and wrong policies, each certified one in random scenarios.

Half of the policies, and half of the scenarios, are those that `hunt` makes against the reductions.

By hand, for as long as one likes: `python -m tests.differential.certified --seed 1 --minutes 30`.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from random import Random
from time import monotonic
from typing import Any

from tests.differential.hunting.edits import policy_text
from tests.differential.hunting.worlds import plan
from tests.differential.hunting.worlds import world as hunted
from tests.grade import policies
from tests.grade.tables import RIGHT, WRONG
from wbviz.certify.certify import certify
from wbviz.certify.meets import assumes, covers
from wbviz.certify.result import Certificate
from wbviz.check.check import check_scenario
from wbviz.check.verdict import INCOMPLETE, SAFE
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import builtin_names, load_policy, policy_from_text
from wbviz.scenarios.build import Plan, Recipe, assemble

STATES = 3_000
GOOD = sorted({one.text for table in RIGHT.values() for one in table})
OTHERS = sorted(
    {one.text for table in WRONG.values() for one in table}
    | {one.text for one in policies.IDLE}
    | {load_policy(name).source for name in builtin_names()}
)
STATEMENTS = [
    *(
        f"yield mm.{name}(page)"
        for name in ("lock_page", "unlock_page", "trylock_page", "get_page", "put_page", "writepage")
    ),
    *("yield mm.wait_on_page_writeback(page)", "yield mm.queue_work(page=page)", "yield mm.cond_resched()"),
    *("return", "return True", "return False", "page = work.page"),
]
EXCHANGES = [
    *(("- 1", "+ 1"), ("+ 1", "- 1"), ("+ 1", "+ 2"), (" and ", " or "), (" is not None", " is None"), ("not ", "")),
    *(("dirty", "writeback"), ("range(3)", "range(2)"), ("lock_page", "trylock_page"), ("trylock_page", "lock_page")),
    *(("if ", "if not "), ("if not", "while not"), ("if ", "while "), ("page.index", "0"), ("index", "nr_pages")),
]


def changed(text: str, rng: Random) -> str:
    """A policy with one to three lines dropped, doubled, moved, put in, or altered."""
    lines = text.splitlines()
    for _ in range(rng.choice([1, 1, 1, 2, 2, 3])):
        body = [number for number, line in enumerate(lines) if line.startswith("    ") and line.strip()]
        at, other = rng.choice(body), rng.choice(body)
        indent = len(lines[at]) - len(lines[at].lstrip())
        what = rng.randrange(8)
        if what == 0:
            del lines[at]
        elif what == 1:
            lines.insert(at, lines[at])
        elif what == 2:
            lines[at], lines[other] = lines[other], lines[at]
        elif what == 3:
            lines.insert(at, " " * indent + rng.choice(STATEMENTS))
        elif what == 4:
            lines[at] = " " * indent + rng.choice(STATEMENTS)
        elif what == 5:
            lines[at] = " " * (indent + rng.choice([-4, 4])) + lines[at].lstrip()
        elif what == 6:
            for old, new in rng.sample(EXCHANGES, len(EXCHANGES)):
                if old in lines[at]:
                    lines[at] = lines[at].replace(old, new, 1)
                    break
        else:
            lines.insert(at, " " * indent + lines[other].lstrip())
    return "\n".join(lines) + "\n"


def scenario(rng: Random) -> Scenario:
    """A scenario of one or two small files, any kind of filesystem, and up to three tasks beside a reclaimer."""
    files = {"A": rng.randint(1, 3)} | ({"B": rng.randint(1, 2)} if rng.random() < 0.25 else {})
    pages = [f"{name}{index}" for name, size in files.items() for index in range(size)]

    def some() -> tuple[str, ...]:
        return tuple(rng.sample(pages, rng.randint(1, len(pages))))

    tasks: list[tuple[Any, ...]] = [("kswapd", "kswapd", some(), rng.randint(1, 3), rng.random() < 0.5)]
    owners: tuple[str, ...] = ()
    choices = ["writer", "polite", "reader", "endless", "cleaner", "dirtier", "truncate", "sync", "kswapd2", "umount"]
    for task in rng.sample([*choices, "unlink"], rng.randint(0, 3)):
        if task in ("writer", "polite"):
            tasks.append((task, task, tuple(sorted(some()))))
        elif task in ("reader", "endless"):
            tasks.append((task, "reader", rng.choice(pages), task == "endless"))
        elif task in ("cleaner", "dirtier"):
            tasks.append((task, task, rng.choice(pages)))
        elif task == "truncate":
            tasks.append((task, task, some()))
        elif task == "sync":
            tasks.append((task, task, rng.choice(list(files))))
        elif task == "kswapd2":
            tasks.append((task, "kswapd", some(), rng.randint(1, 2), rng.random() < 0.5))
        elif task == "umount":
            tasks.append((task, task, tuple(files)))
        else:
            tasks.append((task, task, "A", some() if len(files) == 1 and rng.random() < 0.5 else ()))
            owners = ("A",)
    made = Plan(
        files=files,
        tasks=tuple(tasks),
        clean=tuple(page for page in pages if rng.random() < 0.2),
        owners=owners,
        filesystem=rng.choice(["single", "cluster", "cluster-try"]),
        cluster=rng.randint(2, 3),
        journalled=rng.random() < 0.3,
        queue_limit=rng.choice([None, None, 1, 2]),
        flushers=rng.choice([1, 1, 2]),
        igrab=rng.random() < 0.1,
    )
    world = assemble(Recipe("random", "", lambda: made, ()), {}, made)
    return world if assumes(world) else scenario(rng)


def hunt(seed: int, count: Counter[str], scenarios: int = 8) -> Iterator[str]:
    """Policies without end, and what is wrong with a certificate, told. `count` counts what was seen."""
    rng, done = Random(seed), set[str]()
    while True:
        if rng.random() < 0.5:
            text = policy_text(rng)
        else:
            text = changed(rng.choice(GOOD if rng.random() < 0.75 else OTHERS), rng)
        if text in done:
            continue
        done.add(text)
        count["policies"] += 1
        policy = policy_from_text(text)
        result = certify(policy)
        yield ""
        if not isinstance(result, Certificate):
            continue
        count["certified"] += 1
        for _ in range(scenarios):
            world = scenario(rng) if rng.random() < 0.5 else hunted(plan(rng))
            if not covers(result, world):
                continue
            found = check_scenario(policy, world, STATES)
            count[found.verdict] += 1
            if any(verdict.kind not in (SAFE, INCOMPLETE) for verdict in found.verdicts):
                yield f"certified, and {found.verdict}: {found.headline.summary}\n{world}\n{text}"
                break


def main() -> int:
    """Hunt for a while, and print what was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=10)
    given = parser.parse_args()
    count: Counter[str] = Counter()
    end, wrong = monotonic() + 60 * given.minutes, 0
    for number, problem in enumerate(hunt(given.seed, count)):
        if problem:
            wrong += 1
            print(problem, flush=True)
        if number % 100 == 0:
            print(dict(count), flush=True)
        if monotonic() > end:
            break
    print(f"seed {given.seed}: {dict(count)}; {wrong} certificates that are wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
