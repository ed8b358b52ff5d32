"""Which failed obligation is named beside a failure: one that fits what the run shows, not one that fails as well."""

import pytest

from tests.policy.driving import ENQUEUE
from wbviz.certify.blame import BROKEN_BY, OF_RULE, broken, ending
from wbviz.certify.certify import certify
from wbviz.certify.findings import Finding, Kind, Obligation
from wbviz.check.check import check_scenario
from wbviz.check.verdict import ORDER
from wbviz.kernel.reasons import Rule
from wbviz.policy.load import load_policy, policy_from_text
from wbviz.scenarios.catalogue import build

LOOKS_AT_NOTHING = f"""\
{ENQUEUE}
def execute(mm, work):
    yield mm.lock_page(work.page)
    yield mm.writepage(work.page)
    yield mm.unlock_page(work.page)
    yield mm.put_page(work.page)
"""
LOCKS_TWICE_AND_DOWNWARDS = f"""\
{ENQUEUE}
def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    if page.mapping is None:
        yield mm.lock_page(page)
    below = yield mm.find_get_page(page.mapping, page.index - 1)
    if below is not None:
        yield mm.lock_page(below)
        yield mm.unlock_page(below)
        yield mm.put_page(below)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
"""


def blamed(text: str, scenario: str, kind: str) -> Finding | None:
    """What is named beside this verdict on a policy, given by its text or its name."""
    policy = load_policy(text) if text.isidentifier() else policy_from_text(text)
    world = build(scenario)
    verdict = next(one for one in check_scenario(policy, world).verdicts if one.kind == kind)
    assert verdict.trace
    last = verdict.trace.steps[-1]
    return broken(certify(policy), kind, world, ending(verdict.trace.verdict or {}, last.lines, last.after))


@pytest.mark.parametrize(
    ("policy", "scenario", "verdict", "kind"),
    [
        (LOOKS_AT_NOTHING, "truncated", "rule-violation", Kind.WRITES_GONE),
        (LOOKS_AT_NOTHING, "redirtied", "rule-violation", Kind.WRITES_TWICE),
        (LOCKS_TWICE_AND_DOWNWARDS, "abba", "deadlock", Kind.SLEEPS_DOWNWARDS),
        (LOCKS_TWICE_AND_DOWNWARDS, "truncated", "deadlock", Kind.LOCKS_TWICE),
        ("writearound", "piggyback", "deadlock", Kind.ADDED_PAGES),
        ("leaky", "full-queue", "leak", Kind.PIN_LEFT),
    ],
    ids=lambda value: value if str(value).isidentifier() else None,
)
def test_what_is_named_fits_what_the_run_shows(policy: str, scenario: str, verdict: str, kind: Kind) -> None:
    """Of several obligations that fail, the first of the list was named: that one was named was tested, not which."""
    found = blamed(policy, scenario, verdict)
    assert found
    assert found.kind == kind


def test_where_nothing_fits_nothing_is_named() -> None:
    assert blamed("drop_bundle", "bundled", "lost-work") is None


def test_every_verdict_against_a_policy_has_its_obligations_and_every_rule_its_kinds() -> None:
    assert {*BROKEN_BY} == {*ORDER} - {"policy-error", "incomplete", "safe"}
    assert {*OF_RULE} == {*Rule}
    assert {obligation for order in BROKEN_BY.values() for obligation in order} == {*Obligation}
