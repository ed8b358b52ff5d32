"""The certificate and the search, each against the other: certified and not safe is a fault of one of the two.

Of the tables of the exercises a right and a wrong policy of each are looked at, and some more, others each day; all of
them with `WBVIZ_WHOLE=1`.
"""

from collections import Counter
from itertools import islice

import pytest

from tests.check.tiny import tiny
from tests.differential.certified import hunt
from tests.drawn import drawn
from tests.grade.policies import IDLE
from tests.grade.tables import RIGHT, WRONG
from wbviz.certify.certify import certify
from wbviz.certify.meets import covers
from wbviz.certify.result import Certificate
from wbviz.check.check import check_scenario
from wbviz.check.verdict import INCOMPLETE, SAFE
from wbviz.grade.own.mutants import mutants
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import builtin_names, load_policy, policy_from_text
from wbviz.scenarios.build import span
from wbviz.scenarios.catalogue import SCENARIOS, build
from wbviz.sim import simulate

WRONG_TEXTS = {one.text: one.why for table in WRONG.values() for one in table} | {one.text: one.why for one in IDLE}
RIGHT_TEXTS = {one.text: one.style for table in RIGHT.values() for one in table}
BUILT_IN = {load_policy(name).source: name for name in builtin_names()}
TEXTS = WRONG_TEXTS | RIGHT_TEXTS | BUILT_IN
KINDS = {
    one.text: (right, number)
    for right, tables in ((True, RIGHT), (False, WRONG))
    for number in tables
    for one in tables[number]
}
STATES = 20_000
BOOK = [build(name) for name in SCENARIOS]


def against(text: str, scenarios: list[Scenario], states: int = STATES) -> tuple[bool, list[str]]:
    """Whether a policy is certified, and the scenarios in which it is certified and not safe."""
    policy = policy_from_text(text)
    result = certify(policy)
    if not isinstance(result, Certificate):
        return False, []
    found = []
    for scenario in scenarios:
        if covers(result, scenario):
            verdicts = {verdict.kind for verdict in check_scenario(policy, scenario, states).verdicts}
            if verdicts - {SAFE, INCOMPLETE}:
                found.append(scenario.name)
    return True, found


@pytest.mark.parametrize("text", drawn([*TEXTS], KINDS.get, 12), ids=TEXTS.get)
def test_what_is_certified_is_safe_in_every_scenario_of_the_book(text: str) -> None:
    _, wrong = against(text, BOOK)
    assert wrong == []


def test_every_mutant_of_the_certified_built_in_policies() -> None:
    certified = 0
    for name in ("pin_then_lock", "write_ahead"):
        for mutant in mutants(load_policy(name).source):
            ok, wrong = against(mutant.text, BOOK, 3_000)
            assert wrong == [], mutant.what
            certified += ok
    assert certified, "a certificate that nobody gets proves nothing"


def test_random_policies_in_random_scenarios() -> None:
    count: Counter[str] = Counter()
    problems = [problem for problem in islice(hunt(7, count, scenarios=4), 150) if problem]
    assert problems == []
    assert count["certified"] >= 10
    assert count[SAFE] >= 20


LARGE = 64
STORM = tiny(
    LARGE,
    ("kswapd", "kswapd", span("A", 0, LARGE)[::-1], 24, True),
    ("kswapd2", "kswapd", span("A", 0, LARGE)[::3], 16, False),
    ("writer", "writer", span("A", 8, 40)),
    ("truncate", "truncate", span("A", 40, LARGE)),
    ("sync", "sync", "A"),
    ("cleaner", "cleaner", "A9"),
    queue_limit=8,
)


@pytest.mark.parametrize("filesystem", ["single", "cluster", "cluster-try"])
@pytest.mark.parametrize("text", RIGHT_TEXTS, ids=RIGHT_TEXTS.get)
def test_simulated_in_a_file_of_64_pages(text: str, filesystem: str) -> None:
    policy = policy_from_text(text)
    result = certify(policy)
    scenario = STORM._replace(world=STORM.world._replace(filesystem=filesystem, cluster=4))
    if isinstance(result, Certificate) and covers(result, scenario):
        assert simulate(policy, scenario, seed=1).ended == "rest"
