"""Policies that look at the queue: who only searches it, and finds a work for the page, may rest on that work."""

import pytest

from tests.grade import policies as p
from tests.grade.policies import builtin, edit, plain
from wbviz.certify.box import Reason
from wbviz.certify.certify import certify
from wbviz.certify.findings import Kind
from wbviz.certify.result import TASKS, Certificate, Refusals
from wbviz.certify.search import searches
from wbviz.policy.load import load_policy, policy_from_text

BEFORE = "    yield mm.get_page(page)\n    if not"
COVERED = {
    "any": "    if any(work.page == page for work in mm.works):\n        return True\n",
    "a loop": "    for work in mm.works:\n        if work.kind == 'pageout' and work.page is page:\n"
    "            return True\n",
    "next": "    found = next((work for work in mm.works if work.page == page), None)\n    if found is not None:\n"
    "        return True\n",
    "a list": "    if page in [work.page for work in mm.works]:\n        return True\n",
    "a part of a condition": "    if mm.works and not page.dirty:\n        return True\n",
    "a loop that breaks": "    covered = None\n    for work in mm.works:\n        if work.page == page:\n"
    "            covered = work\n            break\n    if covered is not None:\n        return True\n",
}


def found(text: str) -> Certificate | Refusals:
    return certify(policy_from_text(text))


def looks(more: str) -> str:
    return plain((BEFORE, more + BEFORE))


@pytest.mark.parametrize("way", COVERED)
def test_who_rests_on_a_work_that_is_queued_for_the_page_is_certified(way: str) -> None:
    result = found(looks(COVERED[way]))
    assert isinstance(result, Certificate)
    assert (result.beside, result.pages) == (TASKS, None)


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ("    if mm.works:\n        return True\n", Kind.NOT_QUEUED),
        ("    if not mm.works:\n        return True\n", Kind.NOT_QUEUED),
        (
            "    if any(work.page is not None and work.page.mapping is not None\n"
            "           and work.page.mapping is not page.mapping for work in mm.works):\n        return True\n",
            Kind.NOT_QUEUED,
        ),
        ("    if any(work.kind == 'sync' for work in mm.works):\n        return True\n", Kind.NOT_QUEUED),
        ("    if any(work.page is not None for work in mm.works):\n        return True\n", Kind.NOT_QUEUED),
        ("    if any(work.page != page for work in mm.works):\n        return True\n", Kind.NOT_QUEUED),
        (
            "    if any(work.page is not None and work.page.mapping is page.mapping for work in mm.works):\n"
            "        return True\n",
            Kind.NOT_QUEUED,
        ),
        (
            "    for work in mm.works:\n        if work.page == page:\n            yield mm.cond_resched()\n"
            "            work.page\n            return True\n",
            Kind.WORK_MAY_HAVE_ENDED,
        ),
        ("    if any(work.page == page for work in mm.works):\n        return False\n", Kind.NO_REASON),
        (
            "    yield mm.lock_page(page)\n    after = None\n    if page.mapping is not None:\n"
            "        after = yield mm.find_get_page(page.mapping, page.index + 1)\n    yield mm.unlock_page(page)\n"
            "    if after is not None:\n        yield mm.put_page(after)\n"
            "    if any(work.page == after and work.page is not None for work in mm.works):\n        return True\n",
            Kind.NOT_QUEUED,
        ),
    ],
)
def test_who_rests_on_another_work_is_not(more: str, kind: Kind) -> None:
    result = found(looks(more))
    assert isinstance(result, Refusals)
    assert kind in {finding.kind for finding in result.findings}


@pytest.mark.parametrize(
    "more",
    [
        "    if len(mm.works) > 5:\n        return True\n",
        "    if mm.works[-1:]:\n        return True\n",
        "    works = mm.works\n    if works:\n        return True\n",
        "    if any(work.page == page for work in mm.works) and any(work.kind == 'sync' for work in mm.works):\n"
        "        return True\n",
        "    count = 0\n    for work in mm.works:\n        count += 1\n    if count > 3:\n        return True\n",
        "    seen = []\n    if any(seen.append(work) or len(seen) > 3 for work in mm.works):\n        return True\n",
        "    works = mm.works or ()\n    if len(works) > 3:\n        return True\n",
        "    if len([work for work in mm.works]) > 3:\n        return True\n",
        "    if [work.page for work in mm.works] in [[page, page]]:\n        return True\n",
        "    if sum(1 for work in mm.works) > 3:\n        return True\n",
        "    if any((count := 1) > work.tries for work in mm.works):\n        return True\n",
        "    for work in mm.works:\n        if work.page == page:\n            yield mm.cond_resched()\n"
        "        else:\n            return True\n",
        "    count = 0\n    for work in mm.works:\n        if work.kind == 'pageout':\n            count += 1\n"
        "    if count > 3:\n        return True\n",
        "    count = 0\n    for work in mm.works:\n        if work.page == page:\n            return True\n"
        "        else:\n            count += 1\n    if count > 3:\n        return True\n",
        "    seen = iter((False, True))\n    if any(next(seen, False) for work in mm.works):\n        return True\n",
        "    for _ in range(2):\n        yield mm.cond_resched()\n"
        "        if any(work.page == page for work in mm.works):\n            return True\n",
    ],
)
def test_whoever_does_more_than_search_cannot_be_followed(more: str) -> None:
    result = found(looks(more))
    assert isinstance(result, Refusals)
    assert result.stop is not None
    assert result.stop.reason is Reason.WORKS


def test_what_follows_a_look_in_a_later_turn_is_followed_whatever_the_queue_answers() -> None:
    rests = (
        "    if any(work.page == page for work in mm.works):\n        yield mm.put_page(page)\n        return True\n"
    )
    late = (p.GET, p.GET + rests)
    assert isinstance(found(plain(late)), Certificate)
    result = found(plain(late, (p.REFUSED, "        return False\n")))
    assert isinstance(result, Refusals)
    assert [finding.kind for finding in result.findings] == [Kind.PIN_LEFT]


def test_helpers_without_effects_may_be_used_and_no_others() -> None:
    helper = "def same(one, other):\n    return one.page == other\n\n\n"
    asks = looks("    if any(same(work, page) for work in mm.works):\n        return True\n")
    assert searches(helper + asks)
    assert isinstance(found(helper + asks), Certificate)
    assert not searches(edit(helper, ("    return", "    one = one\n    return")) + asks)
    assert not searches("def any(things):\n    return True\n\n\n" + looks(COVERED["any"]))


def test_merging_is_not_followed() -> None:
    for text in (p.MERGE, load_policy("racy_merge").source):
        result = found(text)
        assert isinstance(result, Refusals)
        assert result.stop is not None
        assert result.stop.reason in (Reason.EXTENDS, Reason.WORKS)


AFTER = edit(
    plain(),
    (p.GET, "    yield mm.lock_page(page)\n    after = None\n    if page.mapping is not None:\n"
     "        after = yield mm.find_get_page(page.mapping, page.index + 1)\n" + p.UNLOCKS
     + "    if any(work.page == page for work in mm.works):\n        if after is not None:\n"
     "            yield mm.put_page(after)\n        return True\n" + p.GET),
    ("queue_work(page=page)", "queue_work(page=page, after=after)"),
    (p.REFUSED, "        if after is not None:\n            yield mm.put_page(after)\n" + p.REFUSED),
    (
        p.UNLOCKS + p.PUTS,
        p.UNLOCKS + "    if work.after is not None:\n        yield mm.put_page(work.after)\n" + p.PUTS,
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        edit(looks(COVERED["any"]), ("queue_work(page=page)", "queue_work(page=page, at=page.index)")),
        edit(
            builtin("igrab_at_enqueue"),
            ("    if not (yield mm.trylock", COVERED["any"] + "    if not (yield mm.trylock"),
        ),
        AFTER,
    ],
)
def test_works_about_more_than_their_page_are_not_found_in_the_queue(text: str) -> None:
    result = found(text)
    assert isinstance(result, Refusals)
    assert result.stop is not None
    assert result.stop.reason is Reason.WORKS
