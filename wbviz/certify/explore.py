"""One program alone, beside anything that others may do between two of its steps: every path, and what is known."""

from __future__ import annotations

from typing import NamedTuple

from wbviz.certify.asking import Arrived, Asker, Works
from wbviz.certify.box import Reason, Unshown
from wbviz.certify.facts import Knowledge, PageFacts, Work, forget
from wbviz.certify.findings import Kind
from wbviz.certify.loops import between, circles, returning
from wbviz.certify.operations import finish, outcomes
from wbviz.certify.reads import answers
from wbviz.certify.scene import Scene
from wbviz.errors import PolicyError
from wbviz.policy.protocol import Fault, Op, Read, Value

MOST = 8_000
"""So many local states of one program are looked at."""


class Local(NamedTuple):
    """A local state: the place of the program, the works that it refers to, what it knows."""

    place: int
    works: Works
    known: Knowledge


class Stand(NamedTuple):
    """A program about to do an operation: the page it is about (None: no page), whether that page is kept, and what is
    known of it."""

    function: str
    line: int
    op: str
    page: int | None
    kept: bool
    facts: PageFacts


class Queued(NamedTuple):
    """A work that was queued, where, and what was known then."""

    line: int
    work: Work
    known: Knowledge


class Explored(NamedTuple):
    """What was found on the way: how many local states, where the program stood, what it queued, what made it no
    policy, and whether it looked at the queue."""

    states: int
    stands: frozenset[Stand]
    queued: tuple[Queued, ...]
    faults: tuple[PolicyError, ...]
    looked: bool


class Exploration:
    """One program in one scene. `run` once. Raises `Split`, `Absolute` and `Unshown`."""

    answers = staticmethod(answers)
    outcomes = staticmethod(outcomes)

    def __init__(self, asker: Asker, scene: Scene) -> None:
        self._asker = asker
        self._scene = scene
        self._ops: dict[Local, Op] = {}
        self._next: dict[Local, list[Local]] = {}
        self._waits: dict[tuple[Local, Local], None] = {}  # in their order, which no hash decides
        self._added: set[tuple[Local, Local]] = set()
        self._ends: set[tuple[int, Knowledge]] = set()
        self._todo: list[Local] = []
        self._queued: dict[tuple[int, Work], Queued] = {}
        self._faults: dict[str, PolicyError] = {}

    def run(self, argument: Value, begin: Knowledge) -> Explored:
        """Every path from a beginning."""
        for arrived in self._asker.start(self._scene.function, argument, begin, self._read):
            self._arrive(arrived, 0)
        while self._todo:
            self._step(self._todo.pop())
        self._circles()
        stands = frozenset(self._stand(state) for state in self._ops)
        states = len(self._ops) + len(self._ends)
        looked = bool(self._scene.others)
        return Explored(states, stands, tuple(self._queued.values()), tuple(self._faults.values()), looked)

    def _read(self, read: Read, known: Knowledge) -> list[tuple[Value, Knowledge]]:
        return self.answers(self._scene, read, known)

    def _step(self, state: Local) -> None:
        """Do the operation of a state in every way, and go on to the operations that follow."""
        op, then = self._ops[state], self._next[state]

        def queued(work: Work) -> None:
            self._queued.setdefault((line_of(op), work), Queued(line_of(op), work, state.known))

        for answer, known in self.outcomes(self._scene, op, state.known, queued):
            added = op.name == "queue_work" and answer is True
            full = op.name == "queue_work" and answer is False and self._scene.waits_for_room(known)
            for arrived in self._asker.resume(state.place, state.works, answer, known, self._read):
                target = self._arrive(arrived, line_of(op))
                if target is None:
                    continue
                then.append(target)
                if added:
                    self._added.add((state, target))
                if full or any(facts.writeback for _, facts in arrived[2].pages):
                    self._waits[state, target] = None

    def _arrive(self, arrived: Arrived, line: int) -> Local | None:
        """The local state after a turn; None where the program has ended. `line` is that of the operation before."""
        turn, works, known = arrived
        request = turn.request
        if isinstance(request, Fault):
            self._faults.setdefault(str(request.error), request.error)
            return None
        if not isinstance(request, Op):
            self._ends.add((turn.place, known))
            finish(self._scene, line, known, request.value)
            return None
        state = Local(turn.place, works, forget(known))
        if state not in self._ops:
            if len(self._ops) == MOST:
                raise Unshown(Reason.MANY, line_of(request))
            self._ops[state] = request
            self._next[state] = []
            self._todo.append(state)
        return state

    def _circles(self) -> None:
        """A loop ends if each round sees a page under writeback, or a queue full that somebody else will empty, and
        adds nothing to either."""
        rounds = {state: [to for to in then if (state, to) not in self._waits] for state, then in self._next.items()}
        loops = list(circles(rounds))
        ever = returning(self._next)
        for state, to in self._waits:
            loop = between(ever, to, state) if to in ever else set()
            if any(self._adds(inside, loop) for inside in loop):
                loops.append([inside for inside in self._next if inside in loop])
        for circle in loops:
            first = min(circle, key=lambda state: line_of(self._ops[state]))
            self._scene.fail(Kind.LOOP, line_of(self._ops[first]), first.known)

    def _adds(self, state: Local, loop: set[Local]) -> bool:
        """Whether a state of a loop writes a page, or goes on in the loop after it has queued a work."""
        return self._ops[state].name == "writepage" or any((state, to) in self._added for to in loop)

    def _stand(self, state: Local) -> Stand:
        op = self._ops[state]
        number = next((arg[1] for arg in op.args if type(arg) is tuple and arg[0] == "page"), None)
        function, line = self._scene.function, line_of(op)
        if number is None:
            return Stand(function, line, op.name, None, False, PageFacts())
        kept = self._scene.keeps(state.known, number)
        return Stand(function, line, op.name, number - self._scene.box.wanted, kept, state.known.page(number))


def line_of(op: Op) -> int:
    """The line that an operation stands on, in the innermost function."""
    return op.lines[-1] if op.lines else 0
