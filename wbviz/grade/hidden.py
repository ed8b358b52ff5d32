"""Scenarios and seeds drawn from the instructor's secret: the same secret, the same draws, on every machine.

Each scenario is drawn small, as the rubric allows, and then its place: in which file, at which pages, among how many
syncs and works (`moved.py`).

Drawn with SHA-256 rather than with `random`, whose methods may draw differently in another version of Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar

from wbviz.grade.exercise import Exercise
from wbviz.grade.moved import Place, moved
from wbviz.scenarios.build import Plan, Recipe, span

T = TypeVar("T")

MOST_SYNCS = MOST_AHEAD = 2
"""So many syncs and works may be queued beside what is drawn."""


class Draw:
    """Numbers and choices from a secret. `topic` keeps the draws of two exercises apart."""

    def __init__(self, secret: str, topic: str) -> None:
        self._head = f"{len(topic)}:{topic}:{secret}"
        self._count = 0

    def below(self, end: int) -> int:
        """A whole number from 0 up to, not including, `end`."""
        self._count += 1
        digest = sha256(f"{self._head}:{self._count}".encode()).digest()
        return int.from_bytes(digest, "big") % end

    def one(self, things: Sequence[T]) -> T:
        """One of some things."""
        return things[self.below(len(things))]

    def some(self, things: Sequence[T], count: int) -> list[T]:
        """So many different ones of some things, in an order drawn as well."""
        rest = list(things)
        drawn: list[T] = []
        while rest and len(drawn) < count:
            drawn.append(rest.pop(self.below(len(rest))))
        return drawn


class Drawn(NamedTuple):
    """A hidden scenario; and `inner`, the same without the syncs and works that are queued beside it."""

    recipe: Recipe
    inner: Recipe


def hidden_draws(exercise: Exercise, seed: str) -> tuple[Drawn, ...]:
    """The hidden scenarios of an exercise, each with what it is without a queue."""
    draw = Draw(seed, f"{exercise.name} {exercise.version}")
    return tuple(_drawn(exercise, draw, number) for number in range(1, exercise.hidden.draws + 1))


def hidden_seeds(exercise: Exercise, seed: str, count: int) -> tuple[int, ...]:
    """Seeds for the simulator."""
    draw = Draw(seed, f"{exercise.name} {exercise.version} simulator")
    return tuple(draw.below(1 << 31) for _ in range(count))


def _drawn(exercise: Exercise, draw: Draw, number: int) -> Drawn:
    hidden = exercise.hidden
    pages = 1 + draw.below(hidden.pages)
    filesystem = draw.one(hidden.filesystem)
    limit = draw.one(hidden.queue_limit) or None
    wanted = tuple(draw.some(span("A", 0, pages), 1 + draw.below(2)))
    kinds = draw.some(hidden.beside, 1 + draw.below(hidden.tasks)) if hidden.beside and hidden.tasks else []
    places = [(kind, draw.below(pages)) for kind in kinds]
    calm = not {"dirtier", "contender", "polite"} & set(kinds)
    place = Place(
        files=draw.below(5),
        before=draw.below(10),
        after=draw.below(4),
        syncs=draw.below(1 + MOST_SYNCS) if calm else 0,
        ahead=draw.below(1 + MOST_AHEAD) if calm else 0,
    )

    def small(pages: int) -> Plan:
        """At any size up to the one drawn, so that the smallest failing one can be looked for."""
        there = set(span("A", 0, pages))
        asked = tuple(page for page in wanted if page in there) or ("A0",)
        return Plan(
            files={"A": pages},
            tasks=(
                ("kswapd", "kswapd", asked, len(asked), False),
                *(_task(kind, min(place, pages - 1), pages, asked) for kind, place in places),
            ),
            owners=("A",) if "unlink" in kinds else (),
            filesystem=filesystem,
            cluster=2,
            queue_limit=limit,
        )

    def plan(pages: int = pages) -> Plan:
        return moved(small(pages), place)

    def inner(pages: int = pages) -> Plan:
        return moved(small(pages), place._replace(syncs=0, ahead=0))

    name, claim = f"hidden-{number}", "drawn from the instructor's seed"
    return Drawn(Recipe(name, claim, plan, ()), Recipe(name, claim, inner, ()))


def _task(kind: str, place: int, pages: int, asked: tuple[str, ...]) -> tuple[Any, ...]:
    """A task beside the policy, at a page of the file."""
    page = f"A{place}"
    arguments: dict[str, tuple[Any, ...]] = {
        "reader": (page, False),
        "contender": (page, True),
        "cleaner": (page,),
        "dirtier": (page,),
        "writer": (span("A", 0, pages),),
        "polite": (span("A", 0, pages),),
        "truncate": (span("A", place, pages),),
        "sync": ("A",),
        "umount": (("A",),),
        "unlink": ("A", ()),
        "kswapd": (asked[:1], 1, False),
    }
    name = "kswapd2" if kind == "kswapd" else kind
    return (name, "reader" if kind == "contender" else kind, *arguments[kind])
