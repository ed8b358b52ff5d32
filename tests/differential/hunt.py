"""Hunt for a wrong proof: random policies in random scenarios, reduced against plain.

    python -m tests.differential.hunt --seed 1 --cases 10000
    python -m tests.differential.hunt --case 1/4711        # one of them again
    python -m tests.differential.hunt --seed 1 --tasks     # tasks that no scenario knows, in place of policies

A case is told by its seed and its number alone. What differs is made smaller and written to a file that says how to
look at it again. See `book/design/reductions.md`.
"""

import argparse
import ast
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from pathlib import Path
from random import Random
from time import process_time
from typing import Any, ClassVar, NamedTuple
from unittest.mock import patch

from tests.differential.hunting.besides import world_of
from tests.differential.hunting.edits import BLOCKS, policy_text
from tests.differential.hunting.tasks import beside
from tests.differential.hunting.worlds import plan, world
from wbviz.check.check import check_scenario
from wbviz.check.components import components, is_loop
from wbviz.check.graph import explore
from wbviz.check.judge import judge
from wbviz.check.reduced import PERSISTENT, REDUCTIONS, SYMMETRY, UNORDERED
from wbviz.check.reduced import search as searching
from wbviz.check.reduced.ends import Covered, Stopped
from wbviz.check.shrink import Guided
from wbviz.check.verdict import INCOMPLETE, SAFE
from wbviz.check.walk import CUT, REST, walk
from wbviz.kernel.state import State
from wbviz.machine.machine import Machine
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import Policy, policy_from_text
from wbviz.scenarios.build import Plan

SOME = [some for count in (1, 2) for some in combinations(REDUCTIONS, count)]
REDUCED, PLAIN = 150, 1_500
"""So many states at most: a case is to cost some hundredths of a second."""

End = tuple[Any, ...]


class Case(NamedTuple):
    """A policy in a scenario, and the reductions to try: most often all of them."""

    text: str
    plan: Plan
    reductions: tuple[str, ...]


def case(seed: str, number: int) -> Case:
    """A case by its name."""
    random = Random(f"{seed}/{number}")
    return Case(policy_text(random), plan(random), REDUCTIONS if random.random() < 0.6 else random.choice(SOME))


class Recording(searching.Search):
    """A search that keeps the ends that the last exploration met. No walks come first: they would meet by chance what
    the exploration overlooks."""

    ends: ClassVar[set[End]] = set()

    def _walk(self) -> None:
        pass

    def _explore(self, *given: Any) -> Covered | None:
        Recording.ends = set()
        return super()._explore(*given)

    def _look(self, code: int, moves: Any) -> None:
        super()._look(code, moves)
        if not moves:
            Recording.ends.add(_end(self.layout.decode(code).state))


def _end(state: State) -> End:
    """What is left when nobody goes on: all but who has ended and who is idle."""
    return state.pages, state.inodes, tuple(task.call for task in state.tasks)


def prove(scenario: Scenario, policy: Policy, reductions: tuple[str, ...]) -> tuple[Covered | Stopped, set[End]]:
    """A reduced exploration and, if it proves the policy safe, the ends that it met."""
    with patch.object(searching, "Search", Recording):
        proof = searching.prove(scenario, policy, REDUCED, reductions)
    return proof, Recording.ends if isinstance(proof, Covered) else set()


class Outcome(NamedTuple):
    """What a case came to: whether there was a proof to compare, whether the plain exploration covered everything, and
    what differs, in words; "" if nothing does."""

    proved: bool
    covered: bool
    difference: str


def compare(given: Case) -> Outcome:
    """The reduced exploration of a case against the plain one."""
    return compared(world(given.plan), policy_from_text(given.text), given.reductions)


def compared(scenario: Scenario, policy: Policy, reductions: tuple[str, ...]) -> Outcome:
    """The reduced exploration of a policy in a scenario against the plain one, which is made where there is something
    to compare."""
    machine = Machine(scenario, policy)
    proof, met = prove(scenario, policy, reductions)
    if isinstance(proof, Stopped):
        shown = proof.violation and walk(machine, Guided(machine, proof.violation), 1_000).kind
        return Outcome(False, False, "the way it shows leads to nothing wrong" if shown in (REST, CUT) else "")
    graph = explore(machine, PLAIN)
    order = components(range(graph.expanded), lambda number: [edge.target for edge in graph.edges[number]])
    kinds = {verdict.kind for verdict in judge(graph, order)}
    ends = {
        _end(graph.states[number])
        for number, edges in enumerate(graph.edges)
        if all(edge.target == number for edge in edges)
    }
    if not kinds <= {SAFE, INCOMPLETE}:
        difference = f"safe, and the plain exploration says {', '.join(sorted(kinds))}"
    elif any(len(component) > 1 for component in order):
        difference = "safe without a cycle, and the plain exploration has one"
    elif any(is_loop(graph, component) for component in order) > proof.fair:
        difference = "safe whatever the scheduler does, and the plain exploration has somebody who goes on for ever"
    elif proof.fair and graph.complete and not any(is_loop(graph, component) for component in order):
        difference = "safe with a fair scheduler, and the plain exploration is so with any"
    elif not ends <= met:
        difference = f"{len(ends - met)} of {len(ends)} ends were not met"
    elif met - ends and graph.complete and UNORDERED not in proof.reductions:
        difference = f"{len(met - ends)} ends were met that there are not"
    else:
        difference = ""
    return Outcome(True, graph.complete, difference)


def smaller(given: Case) -> Iterator[Case]:
    """Each case that lacks one thing: a statement, or a task."""
    tree = ast.parse(given.text)
    fields = [getattr(node, field, None) for node in ast.walk(tree) for field in BLOCKS]
    blocks = [block for block in fields if isinstance(block, list)]
    for block in blocks:
        for index, statement in enumerate(block):
            block[index : index + 1] = [ast.Pass()] if len(block) == 1 else []
            if not isinstance(statement, ast.Pass):
                yield given._replace(text=ast.unparse(tree) + "\n")
            block[:] = [*block[:index], statement, *([] if isinstance(block[0], ast.Pass) else block[index:])]
    tasks = given.plan.tasks
    for index in range(len(tasks)):
        yield given._replace(plan=given.plan._replace(tasks=(*tasks[:index], *tasks[index + 1 :])))


def shrunk(given: Case) -> Case:
    """A case from which nothing can be taken without the difference going away."""
    for less in smaller(given):
        if compare(less).difference:
            return shrunk(less)
    return given


def as_text(name: str, given: Case, difference: str) -> str:
    """A case as a file: the policy, with all there is to know of it in comments."""
    plain = check_scenario(policy_from_text(given.text), world(given.plan), PLAIN, reductions=())
    lines = [f"case {name}: {difference}", f"{given.plan}", f"reductions: {', '.join(given.reductions)}"]
    lines.append(f"plain: {', '.join(one.kind for one in plain.verdicts)}")
    if plain.trace:
        lines.append(plain.trace.schedule)
    return "".join(f"# {line}\n" for line in lines) + "\n" + given.text


def hunt(seed: str, cases: Iterable[int]) -> tuple[Counter[str], list[tuple[int, str]]]:
    """Try these cases of a seed. Figures, and the number of each case that differs with what differs."""
    return _hunted(lambda number: compare(case(seed, number)), cases)


def hunt_tasks(seed: str, cases: Iterable[int]) -> tuple[Counter[str], list[tuple[int, str]]]:
    """The same with random tasks (`hunting/tasks.py`)."""

    def tried(number: int) -> Outcome:
        random = Random(f"{seed}/{number}")
        with world_of(beside(random)) as (scenario, policy):
            return compared(scenario, policy, REDUCTIONS if random.random() < 0.7 else (PERSISTENT, SYMMETRY))

    return _hunted(tried, cases)


def _hunted(tried: Callable[[int], Outcome], cases: Iterable[int]) -> tuple[Counter[str], list[tuple[int, str]]]:
    figures: Counter[str] = Counter()
    found = []
    for number in cases:
        outcome = tried(number)
        figures["cases"] += 1
        figures["proofs"] += outcome.proved
        figures["of them covered by the plain exploration as well"] += outcome.covered
        if outcome.difference:
            found.append((number, outcome.difference))
    return figures, found


def main() -> int:
    """The command line. The exit status is 1 if something differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.differential.hunt", description=__doc__.splitlines()[0])
    parser.add_argument("--seed", default="0")
    parser.add_argument("--cases", type=int, default=1_000)
    parser.add_argument("--tasks", action="store_true", help="random tasks instead of random policies")
    parser.add_argument("--case", metavar="SEED/NUMBER", help="show one case")
    parser.add_argument("--out", type=Path, default=Path(), help="where what differs is written")
    args = parser.parse_args()
    if args.case:
        seed, number = args.case.split("/")
        print(
            as_text(args.case, case(seed, int(number)), compare(case(seed, int(number))).difference or "no difference")
        )
        return 0
    began = process_time()
    figures, found = (hunt_tasks if args.tasks else hunt)(args.seed, range(args.cases))
    spent = process_time() - began
    print(f"seed {args.seed}:", ", ".join(f"{count:,} {what}" for what, count in figures.items()), f"in {spent:.0f} s")
    for number, difference in found:
        name = f"{args.seed}/{number}"
        if args.tasks:
            print(f"{name}: {difference}\n{beside(Random(name)).tasks}")
            continue
        path = args.out / f"hunt-{args.seed}-{number}.py"
        path.write_text(as_text(name, shrunk(case(args.seed, number)), difference), encoding="utf-8")
        print(f"{name}: {difference}; made smaller in {path}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
