"""Which scenarios a certificate speaks of."""

import pytest

from tests.check.tiny import tiny
from wbviz.certify.certify import certify
from wbviz.certify.meets import assumes, covers
from wbviz.certify.result import Certificate
from wbviz.grade.probes import duty_probes
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import SCENARIOS, build

KSWAPD = ("kswapd", "kswapd", ("A0",), 1, False)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_of_the_book_is_one_that_certificates_are_about(name: str) -> None:
    assert assumes(build(name))


@pytest.mark.parametrize(
    "scenario",
    [
        tiny(2, KSWAPD, ("down", "writer", ("A1", "A0"))),
        tiny(2, KSWAPD, ("down", "polite", ("A1", "A0"))),
        tiny(1, KSWAPD, flushers=0),
        tiny(1, KSWAPD, queue_limit=0),
        tiny(1, KSWAPD, ("umount", "umount", ("A",)), ("unlink", "unlink", "A", ()), owners=("A",)),
        tiny(1, KSWAPD, ("umount", "umount", ("A",)), igrab=True),
        tiny(1, KSWAPD, ("unlink", "unlink", "A", ()), ("again", "unlink", "A", ()), owners=("A",)),
        tiny(1, KSWAPD, owners=("A",)),
        tiny(1, KSWAPD, ("unlink", "unlink", "A", ()), owners=("A",), igrab=True, journalled=True),
        *(probe.scenario for probe in duty_probes() if "alone" not in probe.scenario.name),
    ],
    ids=lambda scenario: "+".join(task.name for task in scenario.tasks),
)
def test_a_scenario_that_voids_every_certificate(scenario: Scenario) -> None:
    result = certify(load_policy("pin_then_lock"))
    assert isinstance(result, Certificate)
    assert not covers(result, scenario)


def test_a_certificate_for_small_files_speaks_of_no_larger_one() -> None:
    result = certify(load_policy("pin_then_lock"))
    assert isinstance(result, Certificate)
    assert covers(result, tiny(9, KSWAPD))
    assert covers(result._replace(pages=5), tiny(5, KSWAPD))
    assert not covers(result._replace(pages=5), tiny(6, KSWAPD))


def test_a_certificate_speaks_of_what_it_lists_and_of_nothing_else() -> None:
    busy, around = certify(load_policy("igrab_at_enqueue")), certify(load_policy("range_around"))
    assert isinstance(busy, Certificate)
    assert isinstance(around, Certificate)
    assert covers(busy, tiny(1, KSWAPD))
    assert not covers(busy, tiny(1, KSWAPD, ("umount", "umount", ("A",))))
    assert covers(around, tiny(2, KSWAPD))
    assert not covers(around, tiny(2, KSWAPD, filesystem="cluster"))
