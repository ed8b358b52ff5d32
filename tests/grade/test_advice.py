"""Each failure has its lesson: by codes, never by the words of a message."""

from __future__ import annotations

import re

import pytest

from tests.grade.policies import ONE_BY_ONE, edit
from tests.grade.tables import WRONG
from tests.policy.driving import ENQUEUE
from wbviz.check.check import check_scenario
from wbviz.check.verdict import BROKEN, DEADLOCK, LEAK, ORDER
from wbviz.grade.advice import CHAPTERS, LESSONS, About, about, lesson_of
from wbviz.grade.exercise import load_exercise
from wbviz.grade.report import text
from wbviz.grade.score import KINDS, grade_policy
from wbviz.kernel.reasons import Rule
from wbviz.policy.load import load_policy, policy_from_text
from wbviz.scenarios.catalogue import SCENARIOS, build

PROPERTIES = {"duty", "asked", "reclaim", "cost", "hold"}
OF_PROBES = {About.DISK, About.FAR_AWAY, About.RECLAIM_SLEEPS, About.RECLAIM_SPINS}

FORGETS_TO_UNLOCK = """\
def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False
    return True

def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is None or not page.dirty:
        return
    yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
"""


def test_every_rule_that_can_be_broken_has_a_lesson_and_no_lesson_is_for_nothing() -> None:
    assert {code for kind, code in LESSONS if kind == BROKEN} == set(Rule)
    kinds = {kind for found in KINDS.values() for kind in found}
    assert {kind for kind, _ in LESSONS} == kinds | PROPERTIES
    assert {kind for kind in kinds if (kind, "") not in LESSONS} == {BROKEN}
    assert {code for _, code in LESSONS} == {"", *Rule, *About}
    assert kinds <= set(ORDER)


@pytest.mark.parametrize("key", LESSONS, ids=lambda key: f"{key[0]} {key[1]}".strip())
def test_a_lesson_is_a_sentence_of_its_own_with_a_chapter(key: tuple[str, str]) -> None:
    rule, chapter = lesson_of(*key)
    assert re.fullmatch(r"[A-Z].*\.", rule)
    assert chapter in CHAPTERS
    assert sum(other == rule for other, _ in LESSONS.values()) == 1


@pytest.mark.parametrize(
    ("scenario", "policy", "code"),
    [
        ("truncated", "no_pin", Rule.FREED),
        ("truncated", "no_recheck", Rule.TRUNCATED),
        ("redirtied", "wait_before_lock", Rule.UNDER_WRITEBACK),
        ("umount", "igrab_at_enqueue", Rule.BUSY),
        ("abba", "writearound", ""),
        ("piggyback", "writearound", ""),
        ("sync-ahead", "lock_at_enqueue", About.QUEUE),
        ("random-order", "lock_at_enqueue", About.QUEUE),
        ("final-iput", "lock_at_enqueue", About.QUEUE),
        ("full-queue", "spin_when_full", About.QUEUE),
        ("iput-in-flusher", "igrab_at_enqueue", About.COMPLETION),
        ("full-queue", "leaky", ""),
        ("busy-page", "skip_if_locked", ""),
    ],
)
def test_what_a_failure_is_about_is_told_by_its_run(scenario: str, policy: str, code: str) -> None:
    head = check_scenario(load_policy(policy), build(scenario, {})).headline
    assert about(head.trace, head.kind) == code
    assert (head.kind, code) in LESSONS


def test_every_verdict_of_the_table_has_a_lesson() -> None:
    for recipe in SCENARIOS.values():
        for policy, verdict in recipe.expected:
            if verdict != "safe":
                head = check_scenario(load_policy(policy), recipe.build({})).headline
                assert (head.kind, about(head.trace, head.kind)) in LESSONS, (recipe.name, policy)


def test_a_lock_that_is_left_is_no_matter_of_lock_order() -> None:
    policy = policy_from_text(FORGETS_TO_UNLOCK)
    for scenario in ("cleaned", "truncated", "sync-ahead", "storm"):
        for verdict in check_scenario(policy, build(scenario, {})).verdicts:
            if verdict.kind in (DEADLOCK, LEAK):
                assert about(verdict.trace, verdict.kind) == About.LOCK, (scenario, verdict.kind, verdict.summary)
    told = text(grade_policy(load_exercise("02"), policy))
    assert "locked A0 (line 10, step " in told
    assert "Unlock on every path what you locked on it" in told
    assert "lock upwards" not in told


def test_a_refusal_of_what_was_queued_does_not_say_that_nobody_comes() -> None:
    says_no = ENQUEUE.replace(
        "return (yield mm.queue_work(page=page))", "yield mm.queue_work(page=page)\n    return False"
    )
    head = check_scenario(
        policy_from_text(says_no + FORGETS_TO_UNLOCK[FORGETS_TO_UNLOCK.index("def execute") :]), build("cleaned", {})
    ).headline
    assert head.kind == BROKEN
    assert about(head.trace, head.kind) == Rule.REFUSED
    assert "work 1 for it has been queued" in head.summary
    assert "nobody will clean it" not in head.summary


@pytest.mark.parametrize(
    ("number", "why", "code"),
    [
        ("01", "forgets the lower page", ""),
        ("01", "takes the page above as well", About.TOO_MANY),
        ("02", "waits for the lock of a page that is clean", About.CLEAN),
        ("03", "keeps everybody out while the disk is busy", About.BUSY_DISK),
        ("06", "forgets the last page", ""),
        ("07", "queues a page twice", About.WORKS),
        ("09", "waits in line at once", About.BEHIND),
    ],
)
def test_what_a_task_asks_for_is_taught_by_what_is_missing(number: str, why: str, code: str) -> None:
    """Every unmet wish was answered with a lesson about neighbours: that there was a lesson was tested, not which."""
    wrong = next(one for one in WRONG[number] if one.why == why)
    report = grade_policy(load_exercise(number), policy_from_text(wrong.text))
    told = next(one for one in report.properties if one.name == "asked")
    assert (told.rule, told.chapter) == lesson_of("asked", code)


def test_a_lock_that_is_asked_for_without_end_is_taught_as_such() -> None:
    asks = "    while not (yield mm.trylock_page(page)):\n        yield mm.cond_resched()\n"
    wrong = edit(ONE_BY_ONE, ("    yield mm.lock_page(page)\n    yield mm.wait_on", asks + "    yield mm.wait_on"))
    report = grade_policy(load_exercise("01"), policy_from_text(wrong))
    told = next(one for one in report.properties if one.name == "asked")
    assert (told.rule, told.chapter) == lesson_of("asked", About.BUSY_LOCK)
