"""The one machine that the checker, the simulator and the replay drive: tasks that take steps.

A step is one operation of one task, with everything its code reads before its next operation.
The drivers only decide which task goes next (and, where a task may choose, what it chooses).
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from wbviz.errors import PolicyError
from wbviz.kernel import queue
from wbviz.kernel.operations import OPERATIONS
from wbviz.kernel.pages import Waits, sent
from wbviz.kernel.reasons import Rule
from wbviz.kernel.state import (
    Broken,
    Call,
    Frame,
    State,
    Task,
    Value,
    with_page,
    with_task,
)
from wbviz.machine.reads import read
from wbviz.machine.scenario import Scenario
from wbviz.machine.tasks import PROGRAMS
from wbviz.policy.histories import GeneratorPrograms
from wbviz.policy.load import Policy
from wbviz.policy.protocol import Fault, Op
from wbviz.policy.table import Arrival, Table, to_numbers

POLICY_PROGRAMS = ("enqueue", "execute")
Choice = int | None
"""What a task chose: the page that reclaim takes, in any order, or that the disk finishes; else None."""


def _builtin_beside(policy: Table) -> Table:
    """What the built-in programs have answered, kept as long as the policy's own answers: who grades a policy in fifty
    scenarios with one table of its own asks them no second time either."""
    if policy.beside is None:
        policy.beside = Table(GeneratorPrograms(lambda: PROGRAMS, trusted=True))
    return policy.beside


class PolicyFault(Exception):
    """The policy did what no policy may do; `error` is the message for its author."""

    def __init__(self, error: PolicyError) -> None:
        super().__init__(str(error))
        self.error = error


class Pending(NamedTuple):
    """The operation that a task is about to do, its works by their numbers.

    `args` are as the kernel takes them, `wire` the same with their kinds.
    `lines` are the lines of the policy that it stands on, outermost first; empty in a built-in program.
    """

    name: str
    args: tuple[Value, ...]
    wire: tuple[Value, ...]
    info: tuple[tuple[str, Value], ...]
    lines: tuple[int, ...]


class Machine:
    """A scenario with a policy in it. It has no state of its own but what it remembers of the programs."""

    def __init__(self, scenario: Scenario, policy: Policy) -> None:
        self.scenario = scenario
        self.world = scenario.world
        self.policy = policy
        self._policy = policy.table()
        self._builtin = _builtin_beside(self._policy)
        self._pending: dict[Frame, Pending] = {}

    @cached_property
    def flushers(self) -> tuple[int, ...]:
        """The tasks that begin by taking a work, whatever they are called."""
        return self._beginning_with("take_work")

    @cached_property
    def disks(self) -> tuple[int, ...]:
        """The tasks that begin by finishing writeback."""
        return self._beginning_with("end_writeback")

    def _beginning_with(self, operation: str) -> tuple[int, ...]:
        start = self.initial()
        first = [self.pending(start, task) for task in range(len(self.scenario.tasks))]
        return tuple(task for task, pending in enumerate(first) if pending and pending.name == operation)

    def initial(self) -> State:
        """The state before the first step. Raises `PolicyFault` or `Broken` only through a built-in's mistake."""
        tasks = tuple(Task(()) for _ in self.scenario.tasks)
        state = State(self.scenario.pages, self.scenario.inodes, (), tasks)
        for number, spec in enumerate(self.scenario.tasks):
            state = self._enter(state, number, (), spec.program, spec.argument)
        return state

    # What a task is about to do

    def pending(self, state: State, task: int) -> Pending | None:
        """The operation that a task does next, or None once it has ended."""
        frames = state.tasks[task].frames
        if not frames:
            return None
        frame = frames[-1]
        pending = self._pending.get(frame)
        if pending is None:
            table = self._policy if frame.program in POLICY_PROGRAMS else self._builtin
            request = table.requests[frame.place]
            assert isinstance(request, Op)
            wire = tuple(to_numbers(arg, frame.works) for arg in request.args)
            lines = request.lines if frame.program in POLICY_PROGRAMS else ()
            pending = Pending(request.name, tuple(_plain(arg) for arg in wire), wire, request.info, lines)
            self._pending[frame] = pending
        return pending

    def policy_lines(self, state: State, task: int) -> tuple[int, ...]:
        """The lines of the policy that a task stands on, outermost first; () where it runs none of it."""
        for frame in reversed(state.tasks[task].frames):
            if frame.program in POLICY_PROGRAMS:
                request = self._policy.requests[frame.place]
                return request.lines if isinstance(request, Op) else ()
        return ()

    def waits(self, state: State, task: int) -> Waits:
        """None: the task may go on. Else whom it waits for; an empty tuple where it is idle or has ended."""
        pending = self.pending(state, task)
        if pending is None:
            return ()
        waits = OPERATIONS[pending.name].waits
        return waits(self.world, state, task, pending.args) if waits else None

    def choices(self, state: State, task: int) -> tuple[Choice, ...]:
        """The different steps the task may take now; empty while it waits, is idle or has ended."""
        pending = self.pending(state, task)
        if pending is None:
            return ()
        operation = OPERATIONS[pending.name]
        if operation.choices:
            return operation.choices(state, pending.args)
        waits = operation.waits and operation.waits(self.world, state, task, pending.args)
        return (None,) if waits is None else ()

    def between_rounds(self, state: State, task: int) -> bool:
        """Whether an endless task is about to begin a round. A policy has none, whatever its works carry."""
        frames = state.tasks[task].frames
        if not frames or frames[-1].program in POLICY_PROGRAMS:
            return False
        pending = self.pending(state, task)
        return pending is not None and ("round", True) in pending.info

    def idle(self, state: State, task: int) -> bool:
        """Whether the task has ended, or has nothing to do before somebody gives it work."""
        return self.waits(state, task) == ()

    def at_rest(self, state: State) -> bool:
        """Nothing queued or under way, nobody blocked, endless tasks between two rounds, all others ended or idle.

        The first counts where nobody would do it: a world may have no flusher.
        """
        if state.works or any(page.writeback for page in state.pages):
            return False
        return all(
            self.idle(state, task) or (self.between_rounds(state, task) and self.waits(state, task) is None)
            for task in range(len(state.tasks))
        )

    # Steps

    def step(self, state: State, task: int, choice: Choice = None) -> State:
        """The state after one step. Raises `Broken` where it breaks a rule, `PolicyFault` for a policy-error."""
        return self.step_with_result(state, task, choice)[0]

    def step_with_result(self, state: State, task: int, choice: Choice = None) -> tuple[State, Value]:
        """As `step`, with what the operation answered its program."""
        pending = self.pending(state, task)
        assert pending is not None
        operation = OPERATIONS[pending.name]
        args = pending.args if choice is None else (choice,)
        if operation.takes_info:
            state, result = operation.do(self.world, state, task, args, pending.info)
        else:
            state, result = operation.do(self.world, state, task, args)
        return self._answer(state, task, result), result

    def _answer(self, state: State, task: int, answer: Value) -> State:
        """Give the innermost program its answer, and let the task go on to its next operation."""
        frames = state.tasks[task].frames
        table = self._policy if frames[-1].program in POLICY_PROGRAMS else self._builtin
        frame = frames[-1]
        arrival = table.resume(frame.place, frame.works, answer, lambda target, attr: self._read(state, target, attr))
        return self._arrive(state, task, frames[:-1], frame.program, arrival)

    def _enter(self, state: State, task: int, below: tuple[Frame, ...], program: str, argument: Value) -> State:
        """Start a program on top of the frames below it."""
        table = self._policy if program in POLICY_PROGRAMS else self._builtin
        arrival = table.start(program, argument, lambda target, attr: self._read(state, target, attr))
        return self._arrive(state, task, below, program, arrival)

    def _arrive(self, state: State, task: int, below: tuple[Frame, ...], program: str, arrival: Arrival) -> State:
        """A program stands at its next request: an operation, a call into another program, or its end."""
        request = arrival.request
        if isinstance(request, Fault):
            raise PolicyFault(request.error)
        if isinstance(request, Op):
            frame = Frame(program, arrival.place, arrival.works)
            state = with_task(state, task, Task((*below, frame), state.tasks[task].call))
            return self._go_on(state, task, (*below, frame), request)
        state = with_task(state, task, Task(below, state.tasks[task].call))
        if program in POLICY_PROGRAMS or not below:  # a call is over, or the task is: nothing is gathered any more
            state = sent(self.world, state, task)
        if program == "enqueue":
            state = self._end_enqueue(state, task, request.value)
        elif program == "execute":
            work = next(work for work in state.works if work.by == task)
            state = queue.do_complete(self.world, state, task, (work.id,))[0]
        return self._answer(state, task, None) if below else state

    def _go_on(self, state: State, task: int, frames: tuple[Frame, ...], request: Op) -> State:
        """Enter what the operation calls, if it is one that goes on as a program of its own."""
        program = frames[-1].program
        if request.name == "call":
            function, argument = request.args
            argument = to_numbers(argument, frames[-1].works)
            if function == "enqueue":
                state = with_task(state, task, Task(frames, Call(argument[1])))
            return self._enter(state, task, frames, function, argument)
        goes_on = OPERATIONS[request.name].goes_on
        if goes_on and program != request.name and goes_on(self.world):
            return self._enter(state, task, frames, request.name, request.args[0])
        return state

    def _end_enqueue(self, state: State, task: int, result: Value) -> State:
        """The page is accepted unless the result is False; refusing needs a reason."""
        current = state.tasks[task]
        call = current.call
        assert call is not None
        state = with_task(state, task, Task(current.frames))
        if result is False:
            if not (call.refused or call.cleaned):
                raise Broken(Rule.REFUSED, self._refused_for_nothing(state, call.page))
        elif not call.cleaned:
            state = with_page(state, call.page, state.pages[call.page]._replace(owed=True))
        return state

    def _refused_for_nothing(self, state: State, number: int) -> str:
        page = self.world.page_name(number)
        work = next((work.id for work in state.works if work.page == number), None)
        still = "the page is still dirty: nobody will clean it"
        if work is not None:
            still = f"work {work} for it has been queued: what is handed over is accepted"
        return (
            f"enqueue returned False for {page}, though no queue_work or trylock_page of this call was refused, "
            f"and {still}"
        )

    def _read(self, state: State, target: Value, attr: str) -> Value:
        return read(self.world, state, target, attr)


def _plain(value: Value) -> Value:
    """An argument as the kernel's operations take it: numbers for pages, inodes, works and ints."""
    if type(value) is not tuple:
        return value
    if value[0] == "tuple":
        return tuple(_plain(item) for item in value[1:])
    return value[1]
