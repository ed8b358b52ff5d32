"""The reduced exploration never proves what the plain one refutes, and does prove the policies the book calls safe."""

import pytest

from wbviz.check.check import check_scenario
from wbviz.check.reduced import ALL, PERSISTENT, SYMMETRY, explore_reduced
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import SCENARIOS, build

POLICIES = sorted({policy for recipe in SCENARIOS.values() for policy, _ in recipe.expected})
SIZES = [{}, {"flushers": 2}]
SETS = [ALL, frozenset(), frozenset((PERSISTENT,)), frozenset((SYMMETRY,))]
PLAIN_BOUND = 3_000


@pytest.mark.parametrize("params", SIZES, ids=str)
@pytest.mark.parametrize("name", [name for name in SCENARIOS if name != "storm"])
def test_a_reduced_proof_is_a_plain_proof(name: str, params: dict[str, int]) -> None:
    scenario = build(name, params)
    for text in POLICIES:
        policy = load_policy(text)
        proofs = [
            explore_reduced(scenario, policy, PLAIN_BOUND, reductions)
            for reductions in (SETS if not params else SETS[:1])
        ]
        if any(proofs):
            plain = check_scenario(policy, scenario, PLAIN_BOUND)
            assert {verdict.kind for verdict in plain.verdicts} <= {"safe", "incomplete"}, text
            assert plain.fairness == "none", text


@pytest.mark.parametrize("reductions", SETS, ids=sorted)
def test_it_proves_what_has_no_cycle(reductions: frozenset[str]) -> None:
    proved = explore_reduced(build("abba"), load_policy("write_ahead"), PLAIN_BOUND, reductions)
    assert proved is not None


# A counterexample to letting get_page go first: the pin comes after the work was queued, so the flusher may drop
# reclaim's own pin, and a truncation frees the page before it is taken. With the pin taken first, nothing is wrong.
PIN_TOO_LATE = """
def enqueue(mm, page):
    yield mm.queue_work(page=page)
    yield mm.get_page(page)

def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
"""


def test_a_pin_that_comes_too_late_is_not_hidden(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "late.py"
    path.write_text(PIN_TOO_LATE)
    policy, scenario = load_policy(str(path)), build("truncated")
    assert check_scenario(policy, scenario).verdict == "rule-violation"
    assert explore_reduced(scenario, policy, 100_000) is None
