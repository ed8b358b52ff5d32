"""The reduced exploration never proves what the plain one refutes, and does prove the policies the book calls safe.

In each scenario a policy of each verdict and some others are compared, others each day, all with `WBVIZ_WHOLE=1`.
"""

from random import Random

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.check.policies import policy_texts, small_scenarios
from tests.drawn import SEED, WHOLE, drawn
from tests.machine.driving import policy
from wbviz.check.check import check_scenario
from wbviz.check.reduced import PERSISTENT, REDUCTIONS, SYMMETRY, UNORDERED
from wbviz.check.reduced.ends import Covered, Stopped
from wbviz.check.reduced.search import prove
from wbviz.check.shrink import Guided
from wbviz.check.verdict import Result
from wbviz.check.walk import CUT, REST, walk
from wbviz.machine.machine import Machine
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import Policy, load_policy, policy_from_text
from wbviz.scenarios.catalogue import SCENARIOS, build

POLICIES = sorted({policy for recipe in SCENARIOS.values() for policy, _ in recipe.expected})
BOUND = 2_000
SETS = [(PERSISTENT,), (SYMMETRY,), (UNORDERED,), (PERSISTENT, SYMMETRY), REDUCTIONS]


def agree(
    made: Policy, scenario: Scenario, reductions: tuple[str, ...], bound: int = BOUND, plain: Result | None = None
) -> Covered | Stopped:
    """Compare a reduced exploration with the plain one, made here unless it is given; the reduced one is returned."""
    plain = plain or check_scenario(made, scenario, bound, reductions=())
    kinds = {verdict.kind for verdict in plain.verdicts}
    whole = "incomplete" not in kinds
    reduced = prove(scenario, made, bound, reductions)
    if isinstance(reduced, Covered):
        assert kinds <= {"safe", "incomplete"}
        assert reduced.fair or plain.fairness == "none", "no cycle was overlooked"
        assert not reduced.fair or plain.fairness == "fair" or not whole, "somebody may go on for ever"
        assert reduced.states <= plain.states or not whole or UNORDERED in reductions, "a bag can do more than a queue"
        return reduced
    if reduced.violation is not None:
        assert kinds != {"safe"}
        run = walk(Machine(scenario, made), Guided(Machine(scenario, made), reduced.violation), 1000)
        assert run.kind not in (REST, CUT), "the way it shows leads to something wrong"
        assert not whole or run.kind in kinds
    return reduced


@pytest.mark.parametrize("params", [{}, {"flushers": 2}], ids=str)
@pytest.mark.parametrize("name", [name for name in SCENARIOS if name != "storm"])
def test_every_policy_in_every_scenario(name: str, params: dict[str, int]) -> None:
    scenario, verdicts, today = build(name, params), dict(SCENARIOS[name].expected), f"{SEED} {name} {params}"
    for one in drawn(POLICIES, verdicts.get, 4, seed=today):
        made = load_policy(one)
        plain = check_scenario(made, scenario, BOUND, reductions=())
        for reductions in sets(params, f"{today} {one}"):
            agree(made, scenario, reductions, plain=plain)


def sets(params: dict[str, int], today: str) -> list[tuple[str, ...]]:
    """All reductions together, and in the scenario as it is in the book one set of fewer."""
    if params:
        return SETS[-1:]
    return SETS if WHOLE else [Random(today).choice(SETS[:-1]), SETS[-1]]


@pytest.mark.parametrize("reductions", [SETS[0], SETS[-1]], ids=str)
@pytest.mark.parametrize(("name", "made"), [(name, made) for name in SCENARIOS for made, _ in SCENARIOS[name].expected])
def test_what_is_safe_without_a_cycle_is_proved(name: str, made: str, reductions: tuple[str, ...]) -> None:
    reduced = prove(build(name), load_policy(made), 30_000, reductions)
    comes_back = name in ("contended", "polite")
    gathers = build(name).world.filesystem == "gather"  # declined
    safe = dict(SCENARIOS[name].expected)[made] == "safe"
    assert isinstance(reduced, Covered) == (safe and not comes_back and not gathers)


SMALL_STORMS = [
    {"pages": 2, "truncators": 0},
    {"pages": 1, "kswapd": 2},
    {"pages": 2, "sync": 0, "writers": 0, "kswapd": 2},
]


@pytest.mark.parametrize("reductions", SETS, ids=str)
@pytest.mark.parametrize("params", SMALL_STORMS, ids=str)
def test_every_reduction_in_a_small_storm(params: dict[str, int], reductions: tuple[str, ...]) -> None:
    for made in ("write_ahead", "lock_at_enqueue", "no_recheck"):
        agree(load_policy(made), build("storm", params), reductions, 8_000)


@seed(SEED)
@settings(max_examples=1_000 if WHOLE else 500, suppress_health_check=list(HealthCheck))
@given(policy_texts(), small_scenarios(), st.sampled_from(SETS))
def test_random_policies_in_random_scenarios(text: str, scenario: Scenario, reductions: tuple[str, ...]) -> None:
    made = policy_from_text(text)
    agree(made, scenario, reductions, 800)


# The pin comes after the work was queued, so the flusher may drop reclaim's own pin, and a truncation frees the page
# before it is pinned. If `get_page` were let go first, since "reclaim's pin keeps the page", nothing would be wrong.
PIN_TOO_LATE = "yield mm.queue_work(page=page)\nyield mm.get_page(page)"


def test_a_pin_that_comes_too_late_is_not_hidden() -> None:
    late, scenario = policy(PIN_TOO_LATE), build("truncated")
    assert check_scenario(late, scenario).verdict == "rule-violation"
    assert isinstance(prove(scenario, late, 100_000), Stopped)


@pytest.mark.parametrize(
    ("made", "scenario"), [("writearound", "abba"), ("leaky", "full-queue"), ("lock_at_enqueue", "sync-ahead")]
)
def test_what_only_the_reduced_exploration_reached_is_not_lost(made: str, scenario: str) -> None:
    """The plain one stops at once at this bound; what was found is shown, short, and the rest is called incomplete."""
    small = check_scenario(load_policy(made), build(scenario), 12)
    whole = check_scenario(load_policy(made), build(scenario))
    assert [verdict.kind for verdict in small.verdicts] == [small.verdict, "incomplete"]
    assert small.verdict in {verdict.kind for verdict in whole.verdicts}
    assert small.trace is not None
    assert check_scenario(load_policy(made), build(scenario), 12, reductions=()).verdict == "incomplete"
