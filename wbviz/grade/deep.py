"""Worlds that only a policy with all points so far has to pass: its scenarios at other places, and long queues.

The scenarios of a rubric are small, and lie at the first pages of the first file. A policy may hide a fault behind
a larger file, a higher index, a second file, a longer queue. Moved there (`moved.py`), a scenario costs what it did,
since what stands around it is clean. So all of them are explored at other places as well, and the short ones in queues.
What no exploration would come to the end of, a very long queue or a crowd, is run a few times.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from wbviz.certify.meets import covers
from wbviz.certify.result import Certificate
from wbviz.check.check import check_scenario
from wbviz.check.pct import Pct
from wbviz.check.shrink import shorten
from wbviz.check.verdict import INCOMPLETE, SAFE, STARVATION, Verdict
from wbviz.check.walk import CUT, REST, Run, Scheduler, run_verdict, walk
from wbviz.grade.constants import names, numbers
from wbviz.grade.exercise import Exercise
from wbviz.grade.moved import Place, moved
from wbviz.grade.order import Order, run_in_order
from wbviz.grade.probes import TWO_FILES, seen_verdict
from wbviz.grade.worlds import STRANGER, locked
from wbviz.machine.machine import Machine
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import Policy
from wbviz.scenarios.build import Plan, Recipe, fixed, span
from wbviz.scenarios.catalogue import SCENARIOS

MAX_STATES = 3_000
"""A bound reached here settles nothing: these worlds are looked at for a fault, and the rubric's own prove."""

ELSEWHERE = Place(files=2, before=3, after=2)
AMONG_SYNCS = Place(files=1, before=4, after=1, syncs=2)
IN_A_QUEUE = Place(files=1, before=4, after=1, syncs=2, ahead=1, behind=1)
BEHIND = Place(files=1, before=5, ahead=4)
IN_FRONT = Place(files=3, before=2, syncs=1, behind=4)

RECLAIM = ("kswapd", "kswapd", ("A0",), 1, False)
REWRITTEN = Plan(
    files={"A": 1},
    owners=("A",),
    tasks=(RECLAIM, ("cleaner", "cleaner", "A0"), ("unlink", "unlink", "A", ("A0",))),
)
"""Somebody else writes the page, it is dirty again at once, and its file goes away."""
LOCKED = Plan(files={"A": 1}, tasks=(STRANGER, RECLAIM))
"""Somebody holds the lock of the page."""
REFUSED = Plan(files={"A": 1}, tasks=(RECLAIM,), queue_limit=0)
"""Room for all works but one."""
SHORT: dict[str, Plan | None] = dict.fromkeys(
    ("sync-ahead", "truncated", "busy-page", "umount", "iput-in-flusher", "two-reclaimers")
) | {"redirtied": REWRITTEN, "full-queue": REFUSED, "little-room": REFUSED}
"""Scenarios that stay small in a queue, at their least sizes, or what stands for them where they would not."""
LONG, WALKS = 6, 10
"""So many works wait in front and behind where one run is made and not all; so many runs are drawn in a crowd."""
DEPTH, STEPS, LONGEST = 3, 250, 5_000
"""Of the runs drawn at random, as `wbviz/check/pct.py` has them; the most steps of any run."""
SYNCS = ("sync", "sync2", "sync3")
ORDERS = ((*SYNCS, "kswapd"), ("kswapd", *SYNCS), ("umount", *SYNCS, "kswapd"))
"""Reclaim after the syncs, before them, or after everybody who waits for one; then the others, the flusher last."""


class World(NamedTuple):
    """A world, and who goes first: it is run once in each of these orders of tasks, and so many times at random."""

    recipe: Recipe
    orders: tuple[tuple[str, ...], ...] = ()
    random: int = 0


class Seen(NamedTuple):
    """A world in which something is wrong: the verdicts against the policy, and how many states were seen."""

    recipe: Recipe
    scenario: Scenario
    verdicts: tuple[Verdict, ...]
    states: int


def look(policy: Policy, exercise: Exercise, proof: Certificate | None = None) -> Iterator[Seen]:
    """Look at a policy in all the worlds, those that are explored first. `verdicts` is empty where all is well.

    What a certificate covers is not looked at: nothing that it says could be otherwise there.
    """

    def proved(scenario: Scenario) -> bool:
        return proof is not None and covers(proof, scenario)

    for recipe in explored(exercise, policy.source):
        scenario = recipe.build()
        if proved(scenario):
            continue
        result = check_scenario(policy, scenario, MAX_STATES, cross=False)
        wrong = tuple(verdict for verdict in result.verdicts if verdict.kind not in (SAFE, INCOMPLETE))
        yield Seen(recipe, scenario, wrong, result.states)
    checked = {one.scenario for one in exercise.checks}
    for place in places(policy.source):
        if "contended" in checked:
            plan = moved(LOCKED, place)
            for order in _orders(plan, ORDERS[:2]):
                yield _in_line(policy, place, plan, order)
        if "redirtied" in checked:
            recipe = _at(place, SCENARIOS["redirtied"], SCENARIOS["redirtied"].plan())
            if not proved(recipe.build()):
                for order in _orders(recipe.plan(), ORDERS[:2]):
                    yield _written_before(policy, place, recipe, order)
    for world in run(exercise, policy.source):
        scenario = world.recipe.build()
        if proved(scenario):
            continue
        machine = Machine(scenario, policy)
        schedulers: list[Scheduler] = [Order(machine, order) for order in world.orders]
        schedulers += [Pct(machine, Random(f"{exercise.name}:{seed}"), DEPTH, STEPS) for seed in range(world.random)]
        for scheduler in schedulers:
            found = walk(machine, scheduler, LONGEST)
            wrong = () if found.kind in (REST, CUT) else (run_verdict(machine, shorten(machine, found, LONGEST)),)
            yield Seen(world.recipe, scenario, wrong, found.news)


def _in_line(policy: Policy, place: Place, plan: Plan, order: tuple[str, ...]) -> Seen:
    """A page stays locked: the flusher must come to wait for its lock, not to try for ever."""
    claim = "The page stays locked, and nobody knows for how long."
    recipe = Recipe(f"locked-page, {place.words()}", claim, lambda: plan, ())
    name = place.page(0)
    machine = Machine(locked(recipe.build(), name), policy)
    found = run_in_order(machine, order, LONGEST)
    summary = ""
    if not machine.waits(found.states[-1], machine.flushers[0]):
        summary = f"{name} stays locked, and the flusher gives it up, or tries again and again: it never waits in line"
    return _seen(recipe, machine, found, summary)


def _written_before(policy: Policy, place: Place, recipe: Recipe, order: tuple[str, ...]) -> Seen:
    """When the flusher is about to lock the page, somebody else writes it, and it is dirty at once: the disk has it."""
    machine = Machine(recipe.build(), policy)
    page = machine.scenario.page(place.page(0))
    beside = ("cleaner", "dirtier")
    return _seen(recipe, machine, run_in_order(machine, (*beside, *order), LONGEST, beside, page), "")


def _orders(plan: Plan, orders: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """The orders of those tasks that the plan has, each once: without a sync, before and after it are the same."""
    names = {task[0] for task in plan.tasks}
    return tuple(dict.fromkeys(tuple(name for name in order if name in names) for order in orders))


def _seen(recipe: Recipe, machine: Machine, found: Run, starves: str) -> Seen:
    """What a run shows: a rule that it broke, or, in words, that somebody starves in it."""
    wrong: tuple[Verdict, ...] = ()
    if found.error is not None:
        wrong = (run_verdict(machine, found),)
    elif starves:
        wrong = (seen_verdict(machine, found.moves, STARVATION, starves),)
    return Seen(recipe, machine.scenario, wrong, found.news)


def explored(exercise: Exercise, text: str) -> Iterator[Recipe]:
    """The exercise's scenarios at other places, and its short ones in queues and where the policy's text asks."""
    plans: list[tuple[Recipe, Plan]] = []
    for one in exercise.checks:
        recipe = one.recipe
        plan = recipe.plan(**(recipe.defaults | one.params))
        if (recipe.name, plan) not in [(known.name, also) for known, also in plans]:
            plans.append((recipe, plan))
    yield Recipe("alone", "Nobody but reclaim, the flusher and the disk.", lambda: TWO_FILES, ())
    for recipe, plan in plans:
        yield _at(ELSEWHERE, recipe, plan)
    for name, plan in _short(exercise).items():
        if plan == REWRITTEN:
            yield _at(AMONG_SYNCS, SCENARIOS[name], plan)
        for place in asked_about(text):
            yield _at(place, SCENARIOS[name], plan)


def asked_about(text: str) -> list[Place]:
    """Places that the numbers and names in a policy's text suggest: just below, at, and just above each of them."""
    positions = sorted({position for one in numbers(text) for position in range(one - 2, one + 2)})
    found = [Place(before=position) for position in positions]
    return found + [Place(files=1, before=1, name=name) for name in names(text)]


def places(text: str) -> list[Place]:
    """Where a world is put in which one run says all."""
    return [ELSEWHERE, IN_A_QUEUE, BEHIND, IN_FRONT, *long_queues(text), *asked_about(text)]


def long_queues(text: str) -> list[Place]:
    """Longer queues than any number in the policy's text."""
    works = sorted({LONG, *(one + 1 for one in numbers(text))})
    return [Place(ahead=one, behind=one) for one in works]


def run(exercise: Exercise, text: str) -> Iterator[World]:
    """Queues, and a crowd of everybody."""
    for place in (IN_A_QUEUE, *long_queues(text)):
        for name, plan in _short(exercise).items():
            yield World(_at(place, SCENARIOS[name], plan), _orders(moved(plan, place), ORDERS))
    plan = crowd(exercise)
    yield World(Recipe("crowd", "Three files, a long queue, and everybody else about.", lambda: plan, ()), random=WALKS)


CROWD = Plan(
    files={"A": 8, "B": 7, "C": 6},
    clean=(*span("A", 1, 3), "A4", "A6", "B0", "B2", "B3", "B5", "C1", "C2", "C4"),
    tasks=(
        ("kswapd", "kswapd", ("A5", "A0", "B4", "C3", "B1", "A7", "C5", "A3", "B6", "C0"), 8, True),
        ("sync", "sync", "C"),
        ("sync2", "sync", "A"),
        ("cleaner", "cleaner", "C3"),
        ("reader", "reader", "A5", False),
        ("writer", "writer", span("A", 3, 8)),
        ("truncate", "truncate", span("B", 4, 7)),
    ),
)
"""Three files, works for most of their dirty pages, and everybody else about."""


def crowd(exercise: Exercise) -> Plan:
    """The crowd, of those tasks that are in some scenario of the exercise."""
    known = {task[1] for one in exercise.checks for task in one.recipe.plan().tasks}
    return CROWD._replace(tasks=tuple(task for task in CROWD.tasks if task[1] in known))


def _short(exercise: Exercise) -> dict[str, Plan]:
    """By name, the worlds of the exercise that may stand in a queue."""
    found: dict[str, Plan] = {}
    for one in exercise.checks:
        if one.scenario in SHORT:
            plan = SHORT[one.scenario] or SCENARIOS[one.scenario].plan()
            if plan not in found.values():
                found[one.scenario] = plan
    return found


def _at(place: Place, recipe: Recipe, plan: Plan) -> Recipe:
    return fixed(f"{recipe.name}, {place.words()}", recipe.claim, moved(plan, place))
