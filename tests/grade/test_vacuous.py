"""Points that could be had for nothing: pages dropped, things left held, a queue filled with works for nothing."""

import pytest

from tests.grade.policies import PUTS, UNLOCKS, plain
from wbviz.grade.measures import Bench
from wbviz.grade.probes import duty_probes, run_probe
from wbviz.policy.load import policy_from_text

SIZES = (("pages", 64), ("works", 16), ("apart", 4), ("flushers", 1))
DROPS = plain(
    (
        "    page = work.page\n",
        "    page = work.page\n    if page.mapping is not None and page.mapping.nr_pages > 8 and page.index % 16:\n"
        "        yield mm.put_page(page)\n        return\n",
    )
)
KEEPS = plain(
    (
        UNLOCKS + PUTS,
        UNLOCKS + "    if page.mapping is None or page.mapping.nr_pages < 9:\n        yield mm.put_page(page)\n",
    )
)
FILLS = plain(
    ("    yield mm.get_page(page)\n    if not", "    yield mm.queue_work()\n    yield mm.get_page(page)\n    if not"),
    (
        "    page = work.page\n",
        "    page = work.page\n    if page is None:\n        yield mm.cond_resched()\n        return\n",
    ),
)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (DROPS, "cleaned too little: A4 was accepted, and is still dirty"),
        (KEEPS, "left something held: A0 still has a pin"),
    ],
    ids=["drops", "keeps"],
)
@pytest.mark.parametrize("measure", ["requests", "latency", "lock"])
def test_what_a_policy_leaves_undone_or_held_is_not_measured(text: str, says: str, measure: str) -> None:
    found = Bench(policy_from_text(text), (1, 2, 3)).measure(measure, "scattered", SIZES, "pin_then_lock")
    assert says in found.trouble
    assert found.times == float("inf")
    good = Bench(policy_from_text(plain()), (1, 2, 3)).measure(measure, "scattered", SIZES, "pin_then_lock")
    assert (good.trouble, good.times) == ("", 1.0)


def test_works_for_nothing_take_the_room_of_others() -> None:
    wrong = [run_probe(policy_from_text(FILLS), probe, "duty").verdict for probe in duty_probes()]
    (told,) = [verdict.summary for verdict in wrong if verdict]
    assert "though there was room" in told
