"""The same world elsewhere: the same verdicts, and all that a policy can see is another.

Each scenario in each place with some of its policies, others each day; with all of them with `WBVIZ_WHOLE=1`.
"""

import pytest

from tests.drawn import drawn
from wbviz.check.check import check_scenario
from wbviz.grade.moved import Place, moved
from wbviz.grade.worlds import world
from wbviz.policy.load import load_policy, policy_from_text
from wbviz.scenarios.build import Plan
from wbviz.scenarios.catalogue import SCENARIOS

ELSEWHERE = [
    Place(files=2, before=3, after=2),
    Place(before=4, name="notes"),
    Place(files=1, syncs=1, ahead=1, behind=1),
]
SHORT = ("abba", "sync-ahead", "truncated", "busy-page", "umount", "full-queue")
ROWS = [
    (recipe.name, policy, verdict, place)
    for recipe in SCENARIOS.values()
    for policy, verdict in recipe.expected
    for place in ELSEWHERE
    if place == ELSEWHERE[0] or recipe.name in SHORT
]


@pytest.mark.parametrize(
    ("scenario", "policy", "verdict", "place"), drawn(ROWS, lambda row: (row[0], ELSEWHERE.index(row[3])), 10)
)
def test_every_row_of_the_table_stays(scenario: str, policy: str, verdict: str, place: Place) -> None:
    plan = moved(SCENARIOS[scenario].plan(), place)
    kinds = {one.kind for one in check_scenario(load_policy(policy), world(scenario, "", plan), 20_000).verdicts}
    assert verdict in kinds, kinds


def test_names_positions_and_the_queue() -> None:
    plan = Plan(
        files={"A": 2, "B": 1},
        clean=("A1",),
        owners=("B",),
        tasks=(("kswapd", "kswapd", ("A0", "B0"), 2, False), ("sync", "sync", "B")),
        queue_limit=1,
    )
    there = moved(plan, Place(files=1, before=2, after=1, syncs=1, ahead=1, behind=2))
    assert dict(there.files) == {"A": 1, "B": 5, "C": 4, "D": 1, "E": 1, "F": 1, "G": 1}
    assert set(there.clean) == {"A0", "B0", "B1", "B3", "B4", "C0", "C1", "C3", "G0"}
    assert there.owners == ("C",)
    assert there.queue_limit == 4
    assert there.tasks == (
        ("kswapd", "kswapd", ("D0", "B2", "C2", "E0", "F0"), 5, False),
        ("sync", "sync", "C"),
        ("sync2", "sync", "G"),
    )


def test_a_world_that_is_moved_nowhere_is_the_same() -> None:
    for recipe in SCENARIOS.values():
        plan = recipe.plan()
        assert moved(plan, Place())._replace(files=dict(plan.files)) == plan._replace(files=dict(plan.files))


def test_a_page_is_found_again_under_its_new_name() -> None:
    for place in (*ELSEWHERE, Place(), Place(files=27)):
        plan = moved(Plan(files={"A": 1}, tasks=(("kswapd", "kswapd", ("A0",), 1, False),)), place)
        assert place.page(0) in plan.tasks[0][2]


LOOKS = """
def enqueue(mm, page):
    yield mm.queue_work(page=page)
    if page.mapping.name == "C" and page.index == 3 and page.mapping.nr_pages == 6:
        raise ValueError
    return True


def execute(mm, work):
    yield mm.cond_resched()
"""


def test_a_policy_sees_where_it_is() -> None:
    plan = Plan(files={"A": 1}, tasks=(("kswapd", "kswapd", ("A0",), 1, False),))
    worlds = [world("here", "", moved(plan, place)) for place in (Place(), ELSEWHERE[0])]
    verdicts = [check_scenario(policy_from_text(LOOKS), one).verdict for one in worlds]
    assert verdicts == ["lost-work", "policy-error"]
