"""Wrong policies that are right wherever a small world looks: a fault, and a guise that hides it.

A fault is one change of a right policy; a guise is the condition under which it shows: a large file, a high index, a
later file, a long queue. The right policy and the changed one stand in the file side by side.

    python -m tests.grade.fitted --exercise 05

looks for each fault in each guise, says how long each took, and exits 1 if one is not seen. That takes minutes;
`--pairs 168:` looks only for those from the 168th on, as a slice says it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from time import process_time
from typing import NamedTuple

from tests.grade.policies import CHECKS, GET, LOCKS, PUTS, QUEUES, REFUSED, UNLOCKS, WAITS, edit, reference
from wbviz.grade.deep import look, places
from wbviz.grade.exercise import exercises, load_exercise
from wbviz.grade.probes import reclaim_probes, run_probe
from wbviz.grade.watched import Spied
from wbviz.policy.load import policy_from_text

EXERCISES = {name[:2]: name for name in exercises() if name[:2] in ("02", "05", "07", "10")}


class Fault(NamedTuple):
    """What is wrong, and the functions that do it: `enqueue` is None where only `execute` is wrong."""

    why: str
    enqueue: str | None
    execute: str


class Guise(NamedTuple):
    """When it shows: an expression of `mm` and of `page`, which is in its file."""

    when: str
    condition: str


GUISES = (
    Guise("a file of more than three pages", "page.mapping.nr_pages > 3"),
    Guise("a file of more than five pages", "page.mapping.nr_pages >= 6"),
    Guise("index 3", "page.index == 3"),
    Guise("from index 3 on", "page.index >= 3"),
    Guise("an odd index above the first", "page.index % 2 == 1 and page.index > 2"),
    Guise("any file but the first", "page.mapping.name != 'A'"),
    Guise("the third file", "page.mapping.name == 'C'"),
    Guise("a work waits", "len(mm.works) >= 1"),
    Guise("two works wait", "len(mm.works) >= 2"),
    Guise("more than two works wait", "len(mm.works) > 2"),
    Guise("more than three works wait", "sum(work.kind == 'pageout' for work in mm.works) > 3"),
    Guise("a sync waits", "any(work.kind == 'sync' for work in mm.works)"),
    Guise("two syncs wait", "sum(work.kind == 'sync' for work in mm.works) > 1"),
    Guise("a work and a sync wait", "len({work.kind for work in mm.works}) == 2"),
)


PLAIN = "    page = work.page\n" + LOCKS + WAITS + CHECKS + UNLOCKS + PUTS
TAKES = GET + QUEUES + REFUSED + "    return True\n"


def executes(why: str, *changes: tuple[str, str]) -> Fault:
    """A fault of `execute` alone."""
    return Fault(why, None, edit(PLAIN, *changes))


def takes(why: str, *changes: tuple[str, str], execute: tuple[tuple[str, str], ...] = ()) -> Fault:
    """A fault of `enqueue`, with what `execute` makes of such a work."""
    return Fault(why, edit(TAKES, *changes), edit(PLAIN, *execute))


FAULTS = (
    executes("drops the work", (LOCKS + WAITS + CHECKS + UNLOCKS, "")),
    executes("keeps its pin", (UNLOCKS + PUTS, UNLOCKS)),
    executes("does not look again", (CHECKS, "    yield mm.writepage(page)\n")),
    executes("never waits for writeback", (WAITS, "")),
    executes("waits before it has the lock", (LOCKS + WAITS, WAITS + LOCKS)),
    executes(
        "skips a page that is locked",
        (LOCKS, "    if not (yield mm.trylock_page(page)):\n        yield mm.put_page(page)\n        return\n"),
    ),
    executes(
        "spins on the lock",
        (LOCKS, "    while not (yield mm.trylock_page(page)):\n        yield mm.cond_resched()\n"),
    ),
    takes(
        "lets the lock wait in the queue",
        (
            GET + QUEUES + REFUSED,
            "    if not (yield mm.trylock_page(page)):\n        return False\n"
            + GET
            + QUEUES
            + "        yield mm.unlock_page(page)\n"
            + REFUSED,
        ),
        execute=((LOCKS, ""),),
    ),
    takes(
        "queues a page that nothing keeps", (GET, ""), ("        yield mm.put_page(page)\n", ""), execute=((PUTS, ""),)
    ),
    takes(
        "keeps the inode",
        (
            GET + QUEUES + REFUSED,
            "    inode = page.mapping\n    if not (yield mm.igrab(inode)):\n        return True\n"
            + GET
            + QUEUES.replace("page=page", "page=page, inode=inode")
            + "        yield mm.iput(inode)\n"
            + REFUSED,
        ),
        execute=((PUTS, PUTS + "    yield mm.iput(work.inode)\n"),),
    ),
    takes("forgets the pin of a refused page", (REFUSED, "        return False\n")),
    takes("accepts what was refused", (REFUSED, "        yield mm.put_page(page)\n")),
    takes("sleeps for the page lock in reclaim", (GET, LOCKS + UNLOCKS + GET)),
    takes(
        "asks for room again and again",
        (QUEUES + REFUSED, "    while not (yield mm.queue_work(page=page)):\n        yield mm.cond_resched()\n"),
    ),
)


def fitted(right: str, fault: Fault, guise: Guise | None) -> str:
    """A policy that is `right` but under the guise, where the fault is; without a guise the fault is everywhere."""
    text = right.replace("def enqueue(", "def right_enqueue(").replace("def execute(", "def right_execute(")
    condition = guise.condition if guise else "page.mapping is not None"
    text += f"\n\ndef wrong_execute(mm, work):\n{fault.execute}"
    if fault.enqueue is None:
        return (
            text
            + "\n\ndef enqueue(mm, page):\n    return (yield from right_enqueue(mm, page))\n\n\n"
            + "def execute(mm, work):\n    page = work.page\n"
            + f"    if page.mapping is not None and ({condition}):\n"
            + "        yield from wrong_execute(mm, work)\n    else:\n        yield from right_execute(mm, work)\n"
        )
    enqueue = fault.enqueue.replace("queue_work(page=page", "queue_work(wrong=True, page=page")
    return (
        text
        + f"\n\ndef wrong_enqueue(mm, page):\n{enqueue}"
        + f"\n\ndef enqueue(mm, page):\n    if {condition}:\n        return (yield from wrong_enqueue(mm, page))\n"
        + "    return (yield from right_enqueue(mm, page))\n\n\n"
        + "def execute(mm, work):\n    if getattr(work, 'wrong', False):\n        yield from wrong_execute(mm, work)\n"
        + "    else:\n        yield from right_execute(mm, work)\n"
    )


def seen(number: str, text: str) -> bool:
    """Whether what comes after the rubric's own scenarios shows something."""
    policy = Spied(policy_from_text(text))
    if any(one.verdicts for one in look(policy, load_exercise(EXERCISES[number]))):
        return True
    return any(run_probe(policy, probe, "reclaim").verdict for probe in reclaim_probes(places(policy.source)))


PAIRS = [(fault, guise) for fault in FAULTS for guise in GUISES]


def missed(number: str, pairs: Iterable[tuple[Fault, Guise]]) -> Iterator[str]:
    """Those pairs, in words, that are not seen in an exercise."""
    right = reference(number)
    for fault, guise in pairs:
        if not seen(number, fitted(right, fault, guise)):
            yield f"{fault.why}: {guise.when}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.grade.fitted")
    parser.add_argument("--exercise", choices=EXERCISES, required=True)
    parser.add_argument("--pairs", metavar="FROM:TO", default=":", help="only these of the pairs, as a slice says it")
    args = parser.parse_args()
    first, _, last = args.pairs.partition(":")
    start = int(first or 0)
    pairs = PAIRS[start : int(last) if last else None]
    unseen = 0
    for number, pair in enumerate(pairs, start):
        began = process_time()
        not_seen = list(missed(args.exercise, [pair]))
        unseen += len(not_seen)
        said, spent = "NOT SEEN" if not_seen else "seen    ", process_time() - began
        print(f"{number:>3} {said} {spent:5.1f} s  {pair[0].why}: {pair[1].when}", flush=True)
    print(f"{EXERCISES[args.exercise]}: {len(pairs) - unseen} of {len(pairs)} seen, {process_time():.0f} s")
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
