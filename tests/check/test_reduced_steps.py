"""What the reduced exploration takes for granted: steps are remembered rightly, and commute where none conflicts."""

from collections.abc import Callable, Iterator
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.check.policies import policy_texts, small_scenarios
from tests.check.tiny import tiny
from tests.differential.hunting.besides import world_of
from tests.differential.hunting.tasks import beside
from wbviz.check.reduced import PERSISTENT, REDUCTIONS, SYMMETRY, UNORDERED
from wbviz.check.reduced.ends import Covered
from wbviz.check.reduced.future import work_node
from wbviz.check.reduced.layout import Decline
from wbviz.check.reduced.search import Search, prove
from wbviz.check.reduced.steps import MOVES, Bad, Steps
from wbviz.check.reduced.watched import Logged
from wbviz.kernel.state import Broken, State, Work
from wbviz.machine.machine import PolicyFault
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import Policy, load_policy, policy_from_text
from wbviz.scenarios.catalogue import build

CHECKED = settings(max_examples=40, suppress_health_check=list(HealthCheck), derandomize=True)


def walked(search: Search, walks: int = 6, length: int = 60) -> Iterator[int]:
    """The states of some random runs; a run ends where a step breaks a rule or is declined."""
    random = Random(7)
    for _ in range(walks):
        code = search.start()
        for _ in range(length):
            yield code
            try:
                deltas = [
                    delta for task in range(search.layout.tasks) for delta in search.steps.outcome(code, task).deltas
                ]
            except (Bad, Decline):
                break
            if not deltas:
                break
            code += random.choice(deltas)


def searching(made: Policy, scenario: Scenario, ordered: bool) -> Search | None:
    """A search that has not begun, unless the first step is wrong already."""
    try:
        search = Search(Logged(scenario, made, ordered), REDUCTIONS)
        search.start()
    except (Broken, PolicyFault, Decline):
        return None
    return search


def bag(state: State) -> list[Work]:
    """The works of a state, as if they had no numbers and no order."""
    return sorted([work._replace(id=0) for work in state.works], key=repr)


def check_memory(search: Search) -> int:
    """What is remembered of each step is what the machine does. Gives how many states were looked at."""
    seen = 0
    for code in walked(search):
        seen += 1
        owned = search.layout.decode(code)
        assert search.layout.encode(owned) == code
        for task in range(search.layout.tasks):
            try:
                known = search.steps.outcome(code, task)
                fresh = Steps(search.machine, search.places).outcome(code, task)
            except (Bad, Decline):
                break
            assert (known.kind, known.who, known.choices, known.deltas, known.action) == (
                *(fresh.kind, fresh.who, fresh.choices, fresh.deltas, fresh.action),
            )
            for which, (choice, delta) in enumerate(known.steps()):
                taken = search.layout.in_front(owned, choice) if known.entry.taking else owned
                after = search.machine.step(taken.state, *known.move(which))
                there = search.layout.decode(code + delta).state
                assert [page._replace(holder=page.holder > 0) for page in there.pages] == [
                    page._replace(holder=page.holder > 0) for page in after.pages
                ]
                assert there.inodes == after.inodes
                assert bag(there) == bag(after)
                for mine, its in zip(there.tasks, after.tasks, strict=True):
                    assert mine.call == its.call
                    assert [frame[:2] for frame in mine.frames] == [frame[:2] for frame in its.frames]
    return seen


def check_order(search: Search) -> int:
    """Of two steps that do not conflict, each comes first with the same end. Gives how many pairs were compared."""
    compared = 0
    for code in walked(search):
        try:
            outcomes = [search.steps.outcome(code, task) for task in range(search.layout.tasks)]
            for task, outcome in enumerate(outcomes):
                for other, then in enumerate(outcomes):
                    if task == other or (outcome.kind, then.kind) != (MOVES, MOVES):
                        continue
                    if outcome.action & may(search, code, other):
                        continue
                    for choice, delta in outcome.steps():
                        for its, change in then.steps():
                            here, there = code + delta, code + change
                            one = here + dict(search.steps.outcome(here, other).steps())[its]
                            two = there + dict(search.steps.outcome(there, task).steps())[choice]
                            assert one == two
                            compared += 1
        except (Bad, Decline):
            continue
    return compared


def counted(check: Callable[[Search], int]) -> tuple[int, int]:
    """Check random policies in random scenarios: how many searches there were, and what the check counted in all."""
    searches, counts = 0, 0

    @CHECKED
    @given(policy_texts(), small_scenarios(), st.booleans())
    def each(text: str, scenario: Scenario, ordered: bool) -> None:
        nonlocal searches, counts
        search = searching(policy_from_text(text), scenario, ordered)
        if search:
            searches += 1
            counts += check(search)

    each()
    return searches, counts


def test_what_is_remembered_of_a_step_is_what_the_machine_does() -> None:
    """It counts: where every search declined, nothing was compared, and the test was as green."""
    searches, states = counted(check_memory)
    assert searches >= 10
    assert states > 20 * searches


def test_steps_that_do_not_conflict_commute() -> None:
    searches, pairs = counted(check_order)
    assert searches >= 10
    assert pairs > searches


@pytest.mark.parametrize("ordered", [False, True])
@pytest.mark.parametrize("first", range(0, 80, 20))
def test_steps_of_random_tasks_are_remembered_and_commute(first: int, ordered: bool) -> None:
    searches, states, pairs = 0, 0, 0
    for number in range(first, first + 20):
        with world_of(beside(Random(f"steps/{number}"))) as (scenario, made):
            search = searching(made, scenario, ordered)
            if search:
                searches += 1
                states += check_memory(search)
                pairs += check_order(search)
    assert searches >= 5
    assert states > 20 * searches
    assert pairs > searches


def may(search: Search, code: int, task: int) -> int:
    """What a task may access with its next step, packed as the future of somebody else."""
    state = search.layout.decode(code).state
    known = search.places.accesses
    bits = known[state.tasks[task].frames[-1][:2]]
    for work in state.works:
        if work.by < 0:
            return bits | known.get(work_node(work), 0)
    return bits


# Two readers of one page, each lock then unlock. They conflict over the lock, so at the start both are tried. Once one
# has it, its unlock conflicts with nothing, and then nobody is left who could conflict with the other: one way on.
# So the start and the end are kept, and two moves were tried. With symmetry alone every step is a state: both before;
# r holds; s holds (a lock names its holder, so these two are not one); one done, the other before (one state, sorted);
# the other holds; both done. Six states, and as many steps: two from the start, one from each of the next four.
TWO = tiny(1, ("r", "reader", "A0", False), ("s", "reader", "A0", False))

# A reader of each of two pages: nothing conflicts, so one way to the end, where nothing is to be tried. With symmetry
# alone, which they do not have (their arguments differ), each is before, in or after: 3 x 3 states, 2 x 2 x 3 steps.
APART = tiny(2, ("r", "reader", "A0", False), ("s", "reader", "A1", False))


@pytest.mark.parametrize(
    ("scenario", "reductions", "counted"),
    [
        (TWO, REDUCTIONS, (2, 2)),
        (TWO, (SYMMETRY,), (6, 6)),
        (APART, (PERSISTENT,), (1, 0)),
        (APART, (SYMMETRY,), (9, 12)),
    ],
)
def test_reduced_states_counted_by_hand(
    scenario: Scenario, reductions: tuple[str, ...], counted: tuple[int, int]
) -> None:
    proof = prove(scenario, load_policy("pin_then_lock"), 100, reductions)
    assert isinstance(proof, Covered)
    assert proof[:2] == counted
    assert proof.reductions == tuple(sorted(reductions))


# With trylock_around a work that overtakes another one is wrong; the machine lets none overtake.
@pytest.mark.parametrize(("made", "unordered"), [("pin_then_lock", True), ("trylock_around", False)])
def test_a_proof_that_needs_the_order_of_the_queue_says_so(made: str, unordered: bool) -> None:
    proof = prove(build("random-order"), load_policy(made), 1_000)
    assert isinstance(proof, Covered)
    assert (UNORDERED in proof.reductions) == unordered


def test_a_policy_that_looks_at_the_queue_is_proved_with_the_queue_in_its_order() -> None:
    proof = prove(build("storm"), load_policy("racy_merge"), 10_000)
    assert isinstance(proof, Covered)
    assert proof.reductions == (PERSISTENT, SYMMETRY)
