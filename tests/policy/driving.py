"""Helpers: ask a policy given as text, with a world that answers."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wbviz.errors import PolicyError
from wbviz.policy.histories import Fault, GeneratorPrograms, Op, Read, Request, Turn
from wbviz.policy.load import policy_from_text

ENQUEUE = """\
def enqueue(mm, page):
    yield mm.get_page(page)
    return (yield mm.queue_work(page=page))
"""
EXECUTE = """\
def execute(mm, work):
    yield mm.lock_page(work.page)
"""
ANSWERS = {
    "page": ("page", 1),
    "inode": None,
    "mapping": ("inode", 0),
    "index": ("int", 1),
    "dirty": True,
    "locked": False,
    "writeback": False,
    "works": ("tuple",),
    "kind": "pageout",
    "id": ("int", 1),
    "name": "A",
    "nr_pages": ("int", 3),
    "linked": True,
}
RESULTS = {
    "trylock_page": True,
    "find_get_page": ("page", 2),
    "queue_work": True,
    "igrab": True,
    "extend_work": True,
}


def execute(body: str) -> str:
    """A policy whose execute has this body."""
    return ENQUEUE + "def execute(mm, work):\n" + textwrap.indent(textwrap.dedent(body), "    ") + "\n"


def enqueue(body: str) -> str:
    """A policy whose enqueue has this body; it stands from line 2 on."""
    return "def enqueue(mm, page):\n" + textwrap.indent(textwrap.dedent(body), "    ") + "\n" + EXECUTE


def reader(reads: Mapping[str, Any] | None = None) -> Callable[[Read], Any]:
    """Answers every read by its attribute."""
    answers = {**ANSWERS, **(reads or {})}
    return lambda read: answers.get(read.attr, ("missing",))


def programs_of(text: str) -> GeneratorPrograms:
    """The programs of a policy."""
    return policy_from_text(text).programs()


def begin(programs: GeneratorPrograms, function: str = "execute", **reads: Any) -> Turn:
    """The first turn of a function."""
    return programs.start(function, ("page", 1) if function == "enqueue" else ("work", 0), reader(reads))


def walk(text: str, answers: Sequence[Any], function: str = "execute", **reads: Any) -> list[Turn]:
    """The turns of a program that is answered thus."""
    programs = programs_of(text)
    turns = [begin(programs, function, **reads)]
    for answer in answers:
        turns.append(programs.resume(turns[-1].place, answer, reader(reads)))
    return turns


def finish(text: str, function: str = "execute", answers: Sequence[Any] = (), **reads: Any) -> Request:
    """The last request of a program: an end or a fault. What `answers` does not say is answered kindly."""
    programs = programs_of(text)
    turn = begin(programs, function, **reads)
    given = list(answers)
    for _ in range(50):
        if not isinstance(turn.request, Op):
            return turn.request
        answer = given.pop(0) if given else RESULTS.get(turn.request.name)
        turn = programs.resume(turn.place, answer, reader(reads))
    raise AssertionError("the program goes on and on")


def fault_of(text: str, function: str = "execute", answers: Sequence[Any] = (), **reads: Any) -> PolicyError:
    """The error a program ends with."""
    request = finish(text, function, answers, **reads)
    assert isinstance(request, Fault), request
    return request.error
