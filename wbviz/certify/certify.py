"""Certify a policy: each of its programs alone, in files of every size. Pure Python on the standard library."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from wbviz.certify.asking import Asker
from wbviz.certify.box import Absolute, Box, Reason, Split, Unshown, small
from wbviz.certify.explore import Exploration, Explored, Queued, Stand
from wbviz.certify.facts import Knowledge, PageFacts, Work
from wbviz.certify.findings import FILESYSTEMS, ONLY_BESIDE, ONLY_ON, Finding, Kind
from wbviz.certify.loops import circles
from wbviz.certify.notes import lines
from wbviz.certify.queue import Kin, kin
from wbviz.certify.relative import is_relative
from wbviz.certify.result import TASKS, Certificate, Refusals, Stop, merged
from wbviz.certify.scene import Scene
from wbviz.certify.search import searches
from wbviz.errors import PolicyError
from wbviz.policy.load import Policy
from wbviz.policy.protocol import Programs

SMALL = 5
"""Where positions are not shown to be used relatively, files of up to so many pages are looked at one by one."""

MOST_BOXES = 60
MOST_WORKS = 200


class _Part(NamedTuple):
    """What was found in one box."""

    states: int
    stands: frozenset[Stand]
    findings: tuple[Finding, ...]
    faults: tuple[PolicyError, ...]
    works: frozenset[Kin | None]
    """The kinds of works that were queued; None stands for one that is about more than its page."""
    looked: bool
    """Whether a program looked at the queue."""


def certify(policy: Policy) -> Certificate | Refusals:
    """A certificate of a policy, or all that stands in its way.

    The certificate holds beside any number of the tasks that it lists, with any queue, for files of every size, unless
    it says otherwise. Refused is what breaks an obligation, and what this method cannot follow: no certificate does not
    mean wrong. Of a file that is no policy the refusals hold the error.
    """
    stop = None if is_relative(policy.source) else Stop(Reason.TEXT, 0)
    try:
        parts, stop = _parts(policy, stop)
    except Unshown as unshown:
        return Refusals(policy.name, (), Stop(unshown.reason, unshown.line), None, 0, ())
    except MemoryError:  # or a child has been asked all that it may be
        return Refusals(policy.name, (), Stop(Reason.MANY, 0), None, 0, ())
    return _judged(policy, parts, stop)


def _parts(policy: Policy, stop: Stop | None) -> tuple[list[_Part], Stop | None]:
    """The parts of an exploration for every size; or, with the reason why that is not possible, for small files."""
    searching = stop is None and searches(policy.source)
    if stop is None:
        try:
            return _every_queue(policy, _every_size, searching), None
        except Absolute as absolute:
            stop = Stop(absolute.reason, absolute.line)
    return _every_queue(policy, _small_sizes, searching), stop


def _every_queue(
    policy: Policy, explored: Callable[[Policy, frozenset[Kin] | None], list[_Part]], searching: bool
) -> list[_Part]:
    """The parts, where the queue may hold every kind of work that is made in any of them. `searching`: a program that
    looks at the queue can be followed."""
    kinds: frozenset[Kin] | None = frozenset() if searching else None
    while True:
        parts = explored(policy, kinds)
        if not any(part.looked for part in parts) or kinds is None:
            return parts
        made = [kind for part in parts for kind in part.works]
        if None in made:
            raise Unshown(Reason.WORKS, 0)
        more = frozenset(kind for kind in made if kind is not None)
        if more <= kinds:
            return parts
        kinds |= more


def _small_sizes(policy: Policy, queue: frozenset[Kin] | None) -> list[_Part]:
    """The parts for small files, one by one."""
    programs = policy.programs()
    return [_explore(programs, box, queue) for box in small(SMALL)]


def _every_size(policy: Policy, queue: frozenset[Kin] | None) -> list[_Part]:
    """The parts in which the policy does the same for all files of a box."""
    todo, parts = [Box()], []
    while todo:
        box = todo.pop()
        try:
            parts.append(_explore(policy.relative_programs(), box, queue))
        except Split as split:
            halves = box.parts(split.form)
            if halves is None or len(todo) + len(parts) > MOST_BOXES:
                raise Absolute(Reason.POSITION, 0) from None
            todo += halves
    return parts


def _explore(programs: Programs, box: Box, queue: frozenset[Kin] | None) -> _Part:
    """`enqueue`, then `execute` of every work that it or another work queues."""
    asker = Asker(programs)
    findings: dict[tuple[object, ...], Finding] = {}

    def tell(finding: Finding) -> None:
        findings.setdefault(finding[:-1], finding)

    wanted = box.wanted
    begin = Knowledge(pages=((wanted, PageFacts(attached=True, dirty=True)),))
    first = Exploration(asker, Scene(box, "enqueue", tell, argument=wanted, queue=queue)).run(("page", wanted), begin)
    found: list[Explored] = [first]
    follows: dict[Work, list[Queued]] = {}
    todo = [queued.work for queued in first.queued]
    while todo:
        work = todo.pop()
        if work in follows:
            continue
        if len(follows) == MOST_WORKS:
            raise Unshown(Reason.MANY, 0)
        scene = Scene(box, "execute", tell, work=work, queue=queue)
        found.append(Exploration(asker, scene).run(("work", 0), work.begin()))
        follows[work] = list(found[-1].queued)
        todo += [queued.work for queued in found[-1].queued]
    for circle in circles({work: [queued.work for queued in then] for work, then in follows.items()}):
        for queued in follows[circle[0]]:
            if queued.work in circle:
                tell(Finding(Kind.COMES_BACK, "execute", queued.line, None, None, wanted, queued.known))
    return _Part(
        sum(one.states for one in found),
        frozenset().union(*(one.stands for one in found)),
        tuple(findings.values()),
        tuple(error for one in found for error in one.faults),
        frozenset(kin(work, wanted) for work in follows),
        any(one.looked for one in found),
    )


def _judged(policy: Policy, parts: list[_Part], stop: Stop | None) -> Certificate | Refusals:
    """What the parts say together."""
    findings = merged(finding for part in parts for finding in part.findings)
    states = sum(part.states for part in parts)
    notes = lines(stand for part in parts for stand in part.stands)
    errors = [error for part in parts for error in part.faults]
    if errors or any(finding.kind not in ONLY_ON.keys() | ONLY_BESIDE.keys() for finding in findings):
        return Refusals(policy.name, findings, None, errors[0] if errors else None, states, notes)
    fails_on = frozenset[str]().union(*(ONLY_ON.get(finding.kind, ()) for finding in findings))
    fails_beside = frozenset[str]().union(*(ONLY_BESIDE.get(finding.kind, ()) for finding in findings))
    return Certificate(
        policy=policy.name,
        filesystems=tuple(name for name in FILESYSTEMS if name not in fails_on),
        beside=tuple(name for name in TASKS if name not in fails_beside),
        pages=None if stop is None else SMALL,
        stop=stop,
        states=states,
        boxes=len(parts),
        findings=findings,
        notes=notes,
    )
