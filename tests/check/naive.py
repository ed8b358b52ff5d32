"""The definitions of the verdicts, written down as plainly as possible and as slowly as they come: for small graphs."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from wbviz.check.verdict import BROKEN, DEADLOCK, LEAK, LIVELOCK, LOST, POLICY_ERROR, STARVATION
from wbviz.kernel.state import QUEUED, Broken, State
from wbviz.machine.machine import Choice, Machine, PolicyFault
from wbviz.machine.record import moves_of
from wbviz.machine.waiting import edges_of
from wbviz.trace.schedule import parse
from wbviz.trace.trace import Trace

Move = tuple[int, Choice]
Actor = tuple[int, Choice]
Node = tuple[str, int]
ENDLESS = ("dirtier", "reader")


class Naive(NamedTuple):
    """Every state with its distance from the start, its steps, and those steps that end the run."""

    depth: dict[State, int]
    steps: dict[State, list[tuple[Move, State]]]
    ends: dict[State, list[tuple[Move, Broken | PolicyFault]]]


def naive_explore(machine: Machine, largest: int) -> Naive | None:
    """The whole graph, or None where it has more than `largest` states."""
    start = machine.initial()
    naive = Naive({start: 0}, {}, {})
    layer = [start]
    while layer:
        following = []
        for state in layer:
            naive.steps[state], naive.ends[state] = [], []
            for task in range(len(state.tasks)):
                for choice in machine.choices(state, task):
                    try:
                        after = machine.step(state, task, choice)
                    except (Broken, PolicyFault) as error:
                        naive.ends[state].append(((task, choice), error))
                        continue
                    naive.steps[state].append(((task, choice), after))
                    if after not in naive.depth:
                        naive.depth[after] = naive.depth[state] + 1
                        following.append(after)
        if len(naive.depth) > largest:
            return None
        layer = following
    return naive


def shortest(machine: Machine, naive: Naive) -> dict[str, int]:
    """The kinds of verdict there are, livelock and starvation left out, with the length of a shortest trace."""
    found: dict[str, list[int]] = {}
    stuck = deadlocks(machine, naive)
    for state, depth in naive.depth.items():
        for _, error in naive.ends[state]:
            kind = POLICY_ERROR if isinstance(error, PolicyFault) else BROKEN
            found.setdefault(kind, []).append(depth + 1)
        if state in stuck:
            found.setdefault(DEADLOCK, []).append(depth)
        if resting(machine, state):
            if any(page.owed for page in state.pages):
                found.setdefault(LOST, []).append(depth)
            if any(page.holder or page.pins for page in state.pages) or any(inode.refs for inode in state.inodes):
                found.setdefault(LEAK, []).append(depth)
    return {kind: min(lengths) for kind, lengths in found.items()}


def lassos(machine: Machine, naive: Naive) -> set[str]:
    """Of livelock and starvation, those that there are: by trying every set of those who go on for ever."""
    futures = {state: _future(naive, state) for state in naive.depth}
    well = {
        state
        for state in naive.depth
        if not resting(machine, state) and not _dead(machine, naive, state, futures[state])
    }
    endless = endless_tasks(machine)
    still = {
        state
        for state in well
        if all(machine.pending(state, task) is None or machine.between_rounds(state, task) for task in endless)
    }
    everything = set().union(*map(open_promises, well))
    livelocked = {promise for promise in everything if _goes_on(machine, naive, _open(still, promise), endless)}
    found = {LIVELOCK} if livelocked or _goes_on(machine, naive, still, endless) else set()
    if endless and any(_goes_on(machine, naive, _open(well, it), set()) for it in everything - livelocked):
        found.add(STARVATION)
    return found


def endless_tasks(machine: Machine) -> set[int]:
    """The tasks that are endless by nature."""
    return {number for number, spec in enumerate(machine.scenario.tasks) if _endless(spec.program, spec.argument)}


def _open(states: set[State], promise: tuple[str, int]) -> set[State]:
    return {state for state in states if promise in open_promises(state)}


def _goes_on(machine: Machine, naive: Naive, within: set[State], quiet: set[int]) -> bool:
    """Whether a run without end stays in these states, with no step of the quiet ones, and is fair to all others: those
    who move again and again are all who can, at any of its states."""
    able = {
        state: {
            actor_of(machine, move) for move, _ in (*naive.steps[state], *naive.ends[state]) if move[0] not in quiet
        }
        for state in within
    }
    for movers in {frozenset(it) for state in within for it in _unions(able[state], able.values())}:
        inside = {state for state in within if able[state] <= movers}
        steps = {
            state: [(actor_of(machine, move), after) for move, after in naive.steps[state] if after in inside]
            for state in inside
        }
        steps = {state: [step for step in steps[state] if step[0][0] not in quiet] for state in inside}
        reach = {state: _reached(steps, state) for state in inside}
        for state in inside:
            if state in reach[state]:
                circle = {other for other in reach[state] if state in reach[other]}
                if {actor for other in circle for actor, after in steps[other] if after in circle} == movers:
                    return True
    return False


def _unions(first: set[Actor], others: Iterable[set[Actor]]) -> list[set[Actor]]:
    found = [first]
    for other in others:
        found += [new for new in (it | other for it in found) if new not in found]
    return found


def _reached(steps: dict[State, list[tuple[Actor, State]]], state: State) -> set[State]:
    """The states that at least one step leads to."""
    seen: set[State] = set()
    todo = [state]
    while todo:
        for _, after in steps[todo.pop()]:
            if after not in seen:
                seen.add(after)
                todo.append(after)
    return seen


def actor_of(machine: Machine, move: Move) -> Actor:
    """Whom a step is fair to: its task, and for the disk each page for itself."""
    task, choice = move
    return (task, choice) if machine.scenario.tasks[task].program == "disk" else (task, None)


def deadlocks(machine: Machine, naive: Naive) -> set[State]:
    """Where a wait-for cycle of dead tasks is complete; or, where none will be, where no further task dies and whoever
    is waited for has ended, idles or goes round."""
    futures = {state: _future(naive, state) for state in naive.depth}
    dead = {state: _dead(machine, naive, state, futures[state]) for state in naive.depth}
    cyclic = {state for state in naive.depth if dead[state] and _on_a_cycle(machine, state, dead[state])}
    settled = {
        state
        for state in naive.depth
        if dead[state]
        and all(dead[later] == dead[state] and later not in cyclic for later in futures[state])
        and all(
            not _will_do_more(machine, naive, futures, state, task) for task in _waited_for(machine, state, dead[state])
        )
    }
    return cyclic | settled


def _waited_for(machine: Machine, state: State, dead: Iterable[int]) -> set[int]:
    """The tasks that are not dead and that dead ones wait for, directly or through works and each other."""
    found: set[Node] = {("task", task) for task in dead}
    todo = list(found)
    while todo:
        node = todo.pop()
        for edge in edges_of(machine, state, node) if node[0] == "work" or node[1] in dead else ():
            if edge.holder not in found:
                found.add(edge.holder)
                todo.append(edge.holder)
    return {number for kind, number in found if kind == "task" and number not in dead}


def _will_do_more(machine: Machine, naive: Naive, futures: dict[State, set[State]], state: State, task: int) -> bool:
    """Whether a task neither has ended, nor idles, nor can move on some way that comes back to this very state."""
    if machine.pending(state, task) is None or not (machine.choices(state, task) or blocked(machine, state, task)):
        return False
    return not any(
        move[0] == task and state in futures[after] for later in futures[state] for move, after in naive.steps[later]
    )


def _future(naive: Naive, state: State) -> set[State]:
    seen, todo = {state}, [state]
    while todo:
        for _, after in naive.steps[todo.pop()]:
            if after not in seen:
                seen.add(after)
                todo.append(after)
    return seen


def blocked(machine: Machine, state: State, task: int) -> bool:
    """Neither able to step, nor ended, nor idle for want of work."""
    pending = machine.pending(state, task)
    if pending is None or machine.choices(state, task):
        return False
    return pending.name not in ("take_work", "end_writeback")


def _dead(machine: Machine, naive: Naive, state: State, future: set[State]) -> frozenset[int]:
    if any(naive.ends[later] for later in future):
        return frozenset()
    alive = {move[0] for later in future for move, _ in naive.steps[later]}
    return frozenset(task for task in range(len(state.tasks)) if task not in alive and blocked(machine, state, task))


def _on_a_cycle(machine: Machine, state: State, dead: Iterable[int]) -> bool:
    """Whether the waits lead from a dead task back to it, over dead or running tasks and works of dead flushers."""

    def passable(node: Node) -> bool:
        kind, number = node
        if kind == "task":
            return number in dead or bool(machine.choices(state, number))
        if kind == "work":
            runners = [work.by for work in state.works if work.id == number]
            return bool(runners) and all(
                runner in dead for runner in (machine.flushers if runners[0] == QUEUED else runners)
            )
        return False

    for task in dead:
        seen: set[Node] = set()
        todo: list[Node] = [("task", task)]
        while todo:
            for edge in edges_of(machine, state, todo.pop()):
                if edge.holder == ("task", task):
                    return True
                if edge.holder not in seen and passable(edge.holder):
                    seen.add(edge.holder)
                    todo.append(edge.holder)
    return False


def resting(machine: Machine, state: State) -> bool:
    """Nothing queued or running, no writeback; every task has ended, is idle, or is endless and about to go round."""
    if state.works or any(page.writeback for page in state.pages):
        return False
    for task in range(len(state.tasks)):
        pending = machine.pending(state, task)
        if pending is None or (pending.name in ("take_work", "end_writeback") and not machine.choices(state, task)):
            continue
        if ("round", True) not in pending.info or not machine.choices(state, task):
            return False
    return True


def states_of(machine: Machine, trace: Trace) -> tuple[list[State], list[Move], Any]:
    """The states a trace goes through, its moves, and the error that ends it, if one does."""
    moves = moves_of(machine, parse(trace.schedule))
    assert len(moves) == len(trace.steps)
    states = [machine.initial()]
    for number, (task, choice) in enumerate(moves):
        try:
            states.append(machine.step(states[-1], task, choice))
        except (Broken, PolicyFault) as error:
            assert number == len(moves) - 1
            return states, moves, error
    return states, moves, None


def assert_fair_loop(machine: Machine, kind: str, trace: Trace) -> None:
    """The loop closes, is fair, keeps something from happening, and stands where its kind says."""
    states, moves, error = states_of(machine, trace)
    assert error is None
    assert trace.loop is not None
    loop = moves[trace.loop :]
    round_ = states[trace.loop :]
    assert loop, "a loop has a step"
    assert round_[0] == round_[-1], "the state after the loop is the state before it"

    quiet = endless_tasks(machine) if kind == LIVELOCK else set()
    moving = {actor_of(machine, move) for move in loop}
    able = {
        actor_of(machine, (task, choice))
        for state in round_
        for task in range(len(state.tasks))
        if task not in quiet
        for choice in machine.choices(state, task)
    }
    assert able == moving, "who can run again and again does run"
    for state in round_:
        assert not resting(machine, state)
        for task in quiet:
            assert machine.pending(state, task) is None or machine.between_rounds(state, task)
    assert not {task for task, _ in loop} & quiet
    kept = set.intersection(*(open_promises(state) for state in round_))
    assert kept or kind == LIVELOCK, "something promised stays open all the way round, or the run never rests"


def _endless(program: str, argument: Any) -> bool:
    return program == "dirtier" or (program == "reader" and argument[-1] is True)


def open_promises(state: State) -> set[tuple[str, int]]:
    """Accepted pages not yet cleaned, calls that have not returned, works not yet taken or not yet ended."""
    pages = {("page", number) for number, page in enumerate(state.pages) if page.owed}
    calls = {("call", number) for number, task in enumerate(state.tasks) if task.call}
    return pages | calls | {(f"work of {work.by}", work.id) for work in state.works}
