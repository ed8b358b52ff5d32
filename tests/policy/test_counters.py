"""What is cheaper for a text that shows what it does changes nothing that anybody can see of the policy."""

import pytest

from wbviz.check.check import check_scenario
from wbviz.policy.load import Policy, builtin_names, load_policy, policy_from_text
from wbviz.policy.source import Source
from wbviz.scenarios.catalogue import build

TRIES = """
def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False
    return True


def execute(mm, work):
    page = work.page
    for _ in range(TIMES):
        if (yield mm.trylock_page(page)):
            break
        yield mm.cond_resched()
    else:
        yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
"""


def tries(times: int, name: str = "_") -> str:
    return TRIES.replace("TIMES", str(times)).replace("for _", f"for {name}")


def as_hard(text: str) -> Policy:
    """The same policy, written so that its text alone does not show what it does."""
    policy = policy_from_text(text + "\n\nNAMES = {name for name in ()}\n")
    assert not Source("", policy.source).plain()
    return policy


def found(policy: Policy, scenario: str) -> tuple[list[str], list[int]]:
    result = check_scenario(policy, build(scenario), reductions=())
    steps = [len(verdict.trace.steps) if verdict.trace else 0 for verdict in result.verdicts]
    return [f"{verdict.kind} {verdict.summary}" for verdict in result.verdicts], steps


@pytest.mark.parametrize("scenario", ["busy-page", "truncated", "full-queue"])
def test_a_plain_text_has_the_verdicts_that_it_has_otherwise(scenario: str) -> None:
    for text in (*(load_policy(name).source for name in builtin_names()), tries(4), tries(4, "count")):
        assert found(policy_from_text(text), scenario) == found(as_hard(text), scenario)


def test_which_try_it_was_does_not_matter_once_the_loop_is_over() -> None:
    """Else each try would have a place of its own for all that follows."""
    states = [
        check_scenario(policy_from_text(tries(times)), build("busy-page"), reductions=()).states
        for times in (20, 40, 60)
    ]
    hard = [check_scenario(as_hard(tries(times)), build("busy-page"), reductions=()).states for times in (20, 40, 60)]
    assert states[2] - states[1] == states[1] - states[0] < hard[1] - hard[0]


@pytest.mark.parametrize(
    "loop",
    [
        "for at in range(3):\n        yield mm.cond_resched()\n        if at > 5:\n            return True\n",
        "for at in range(3):\n        at += 1\n        yield mm.cond_resched()\n",
        "for at in range(3):\n        yield mm.cond_resched()\n    if at > 5:\n        return True\n",
        "for at in range(3):\n        yield mm.cond_resched()\n    at += 1\n",
        "for at in range(3):\n        yield mm.cond_resched()\n    late = lambda: at\n    late()\n",
    ],
    ids=["in the loop", "counted on", "after it", "counted on after it", "in a function of its own"],
)
def test_a_counter_that_is_read_is_kept(loop: str) -> None:
    text = tries(1).replace("    yield mm.get_page(page)\n", f"    {loop}    yield mm.get_page(page)\n", 1)
    assert Source("", text).plain()
    assert found(policy_from_text(text), "truncated") == found(as_hard(text), "truncated")
    assert "policy-error" not in str(found(policy_from_text(text), "truncated"))


def test_an_operation_that_is_kept_is_made_again_as_well() -> None:
    kept = (
        tries(3)
        .replace("(yield mm.trylock_page(page))", "(yield once)")
        .replace("    for _", "    once = mm.trylock_page(page)\n    for _")
    )
    assert Source("", tries(3)).direct()
    assert Source("", kept).plain()
    assert not Source("", kept).direct()
    for scenario in ("busy-page", "truncated"):
        assert found(policy_from_text(kept), scenario) == found(as_hard(kept), scenario)
