"""Who gets a certificate, and who does not: built-in policies, the policies of the tables, and single mistakes."""

import os
import subprocess
import sys

import pytest

from tests.check.tiny import tiny
from tests.grade import policies as p
from tests.grade.policies import builtin, edit, plain
from wbviz.certify.box import Reason
from wbviz.certify.certify import certify
from wbviz.certify.findings import CLUSTER, CLUSTER_TRY, FILESYSTEMS, SINGLE, Kind
from wbviz.certify.result import TASKS, Certificate, Refusals
from wbviz.check.check import check_scenario
from wbviz.policy.load import builtin_names, load_policy, policy_from_text

CERTIFIED = {
    "pin_then_lock": FILESYSTEMS,
    "write_ahead": FILESYSTEMS,
    "range_around": (SINGLE, CLUSTER_TRY),
    "trylock_around": (SINGLE, CLUSTER_TRY),
    "igrab_at_enqueue": FILESYSTEMS,
    "prove_pointer": FILESYSTEMS,
    "make_room": FILESYSTEMS,  # its deadlock is one of requests, which no certificate speaks of
}
REFUSED = {
    "after_unlock": {Kind.INODE_MAY_BE_GONE},
    "keep_locked": {Kind.NOT_WRITTEN},
    "trust_pointer": {Kind.INODE_MAY_BE_GONE},
    "backoff": {Kind.LOOP},
    "leaky": {Kind.PIN_LEFT},
    "lock_at_enqueue": {Kind.LOCK_IN_QUEUE},
    "no_pin": {Kind.PAGE_MAY_BE_FREED},
    "no_recheck": {Kind.WRITES_GONE},
    "own_range": {Kind.LOOP},
    "requeue_if_locked": {Kind.COMES_BACK},
    "skip_if_locked": {Kind.NOT_WRITTEN},
    "spin_when_full": {Kind.LOCK_IN_QUEUE, Kind.LOOP},
    "wait_before_lock": {Kind.WRITES_TWICE},
    "writearound": {Kind.SLEEPS_DOWNWARDS},
}

UNDECIDED = {"racy_merge": Reason.EXTENDS, "drop_bundle": Reason.WORKS}
SMALL = {"wrap_round": Reason.POSITION}  # it walks over all that lies before its page

LATE_LOOK = "    if page.mapping is not None:\n        yield mm.find_get_page(page.mapping, page.index)\n"


def found(text: str) -> Certificate | Refusals:
    return certify(policy_from_text(text))


def kinds(result: Certificate | Refusals) -> set[Kind]:
    return {finding.kind for finding in result.findings}


@pytest.mark.parametrize("name", CERTIFIED)
def test_the_safe_built_in_policies_are_certified_for_every_size(name: str) -> None:
    result = certify(load_policy(name))
    assert isinstance(result, Certificate)
    assert result.filesystems == CERTIFIED[name]
    assert result.pages is None
    assert result.stop is None


@pytest.mark.parametrize("name", REFUSED)
def test_each_wrong_one_is_refused_for_its_own_reason(name: str) -> None:
    result = certify(load_policy(name))
    assert isinstance(result, Refusals)
    assert kinds(result) - {Kind.ADDED_PAGES} == REFUSED[name]


@pytest.mark.parametrize("name", UNDECIDED)
def test_one_that_cannot_be_followed_is_refused_with_the_reason(name: str) -> None:
    result = certify(load_policy(name))
    assert isinstance(result, Refusals)
    assert result.stop is not None
    assert result.stop.reason == UNDECIDED[name]
    assert not result.findings


@pytest.mark.parametrize("name", SMALL)
def test_one_that_uses_positions_absolutely_is_certified_for_small_files(name: str) -> None:
    result = certify(load_policy(name))
    assert isinstance(result, Certificate)
    assert result.pages is not None
    assert result.stop is not None
    assert result.stop.reason == SMALL[name]


def test_every_built_in_policy_is_in_one_of_the_tables() -> None:
    assert {*CERTIFIED, *REFUSED, *UNDECIDED, *SMALL} == {*builtin_names()}


def test_a_reference_of_the_file_is_certified_beside_nobody_who_minds() -> None:
    result = certify(load_policy("igrab_at_enqueue"))
    assert isinstance(result, Certificate)
    assert set(TASKS) - set(result.beside) == {"umount", "unlink"}


RIGHT = {
    name: getattr(p, name)
    for name in [
        *("AHEAD", "AROUND", "AS_LAMBDAS", "BOTH_WAITS", "CHECKED_PIN", "COVERED_PIN", "FINALLY", "GATHER", "IN_INFO"),
        *("HAND_OVER_HAND", "ONE_BY_ONE", "ONE_RETURN", "PAGE_FIRST", "PLAIN", "RECURSIVE", "THREE_TRIES"),
        *("EARLY_RETURN", "TRY_AHEAD", "TRY_THEN_WAIT", "WAIT_UNLOCKED", "WITH_A_CLASS"),
    ]
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_policies_in_other_styles_are_certified(name: str) -> None:
    result = found(RIGHT[name])
    assert isinstance(result, Certificate)
    assert (result.filesystems, result.beside, result.pages) == (FILESYSTEMS, TASKS, None)


@pytest.mark.parametrize("name", ["BOTH_LOCKED", "TRY_BELOW"])
def test_who_holds_what_a_clustering_filesystem_sleeps_for_is_certified_elsewhere(name: str) -> None:
    result = found(getattr(p, name))
    assert isinstance(result, Certificate)
    assert CLUSTER not in result.filesystems
    assert kinds(result) == {Kind.ADDED_PAGES}


@pytest.mark.parametrize(
    ("change", "kind", "at"),
    [
        ((p.LOCKS, ""), Kind.WRITES_UNLOCKED, "writepage"),
        ((p.LOCKS, p.LOCKS + p.LOCKS), Kind.LOCKS_TWICE, "lock_page"),
        ((p.UNLOCKS, p.UNLOCKS + p.UNLOCKS), Kind.NOT_LOCKED, "unlock_page"),
        ((p.UNLOCKS + p.PUTS, p.UNLOCKS + p.PUTS + p.PUTS), Kind.NOT_PINNED, "put_page"),
        ((p.UNLOCKS + p.PUTS, p.PUTS + p.UNLOCKS), Kind.LOCKED_AND_UNKEPT, "put_page"),
        ((p.UNLOCKS + p.PUTS, p.UNLOCKS), Kind.PIN_LEFT, "unlock_page"),
        ((p.UNLOCKS, ""), Kind.LOCK_LEFT, "put_page"),
        ((p.CHECKS, ""), Kind.NOT_WRITTEN, "put_page"),
        ((p.REFUSED, "        yield mm.put_page(page)\n"), Kind.NOT_QUEUED, "put_page"),
        (("    return True\n", "    return False\n"), Kind.NO_REASON, "queue_work"),
        ((" and page.dirty", " and page.index"), Kind.NOT_WRITTEN, "put_page"),
        ((p.PUTS, p.PUTS + "    page.index\n"), Kind.PAGE_MAY_BE_FREED, "index"),
        ((p.UNLOCKS, p.UNLOCKS + LATE_LOOK), Kind.INODE_MAY_BE_GONE, "find_get_page"),
    ],
)
def test_a_single_mistake_is_found_at_its_line(change: tuple[str, str], kind: Kind, at: str) -> None:
    head, execute = (p.PIN, edit(p.LOCK, change)) if change[0] in p.LOCK else (edit(p.PIN, change), p.LOCK)
    text = head + execute
    result = found(text)
    assert isinstance(result, Refusals)
    lines = [text.splitlines()[finding.line - 1] for finding in result.findings if finding.kind is kind]
    assert lines, f"{kind} is not among {kinds(result)}"
    assert all(at in line for line in lines)


def test_all_that_fails_is_told_and_not_only_the_first() -> None:
    result = found(plain((p.WAITS, ""), (p.PUTS + "        return False\n", p.PUTS), (p.UNLOCKS + p.PUTS, p.UNLOCKS)))
    assert kinds(result) >= {Kind.WRITES_TWICE, Kind.PIN_LEFT, Kind.NOT_QUEUED}


def test_who_spins_for_room_may_hold_no_lock() -> None:
    spins = (
        "    if not (yield mm.queue_work(page=page)):\n" + p.REFUSED,
        "    while not (yield mm.queue_work(page=page)):\n        yield mm.cond_resched()\n",
    )
    assert isinstance(found(plain(spins)), Certificate)
    assert Kind.LOOP in kinds(certify(load_policy("spin_when_full")))


def test_a_loop_that_writes_waits_for_what_it_makes_itself() -> None:
    again = "".join(f"    {line}\n" for line in (p.LOCKS + p.WAITS + p.CHECKS + p.UNLOCKS).splitlines())
    text = edit(p.PIN + p.LOCK, (p.UNLOCKS + p.PUTS, p.UNLOCKS + "    while page.writeback:\n" + again + p.PUTS))
    assert kinds(found(text)) == {Kind.LOOP}


def test_a_loop_that_queues_works_waits_for_what_they_write() -> None:
    """It sees the page under writeback in each round; but beside a dirtier its own works put it there again."""
    queues = p.GET + p.QUEUES + p.REFUSED
    again = "".join(f"    {line}\n" for line in queues.splitlines())
    again = plain((queues, f"    while page.writeback:\n{again}{queues}"))
    assert kinds(found(again)) == {Kind.LOOP}
    beside = ("kswapd", "kswapd", ("A0",), 1, False), ("dirtier", "dirtier", "A0"), ("cleaner", "cleaner", "A0")
    assert check_scenario(policy_from_text(again), tiny(1, *beside, queue_limit=1)).verdict == "starvation"


def test_what_is_no_policy_is_told_as_such() -> None:
    result = found("def enqueue(mm, page):\n    yield mm.get_page(page)\n")
    assert isinstance(result, Refusals)
    assert result.error is not None


@pytest.mark.parametrize("name", ["wait_before_lock", "no_pin"])
def test_a_policy_that_never_tells_pages_apart_is_explored_once(name: str) -> None:
    assert certify(load_policy(name)).states < 20


def test_builtin_text_is_what_is_certified() -> None:
    assert found(builtin("write_ahead")) == certify(load_policy("write_ahead"))._replace(policy="policy")


def test_the_flusher_may_not_ask_its_own_queue_for_room_again_and_again() -> None:
    asks = "        while work.tries and not (yield mm.queue_work(page=page, tries=work.tries - 1)):\n"
    old = "        if work.tries and (yield mm.queue_work(page=page, tries=work.tries - 1)):\n            return\n"
    text = edit(
        p.ONE_RETURN, (old, asks + "            yield mm.cond_resched()\n        if work.tries:\n            return\n")
    )
    assert kinds(found(text)) == {Kind.LOOP}


def test_a_page_that_was_written_may_be_dirty_again_at_once() -> None:
    text = plain((p.UNLOCKS + p.PUTS, "    if page.dirty:\n        return\n" + p.UNLOCKS + p.PUTS))
    assert Kind.LOCK_LEFT in kinds(found(text))
    after = p.CHECKS.replace("writepage(page)\n", "writepage(page)\n        if page.dirty:\n            return\n")
    assert Kind.LOCK_LEFT in kinds(found(plain((p.CHECKS, after))))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("not page.dirty", "page.dirty"),
        ("page.writeback", "not page.writeback"),
        ("page.mapping is not None and page.dirty", "page.mapping is None"),
        ("page.mapping is not None and page.dirty", "not page.dirty"),
        ("not page.writeback", "page.writeback"),
        ("page.mapping is None", "page.mapping is not None"),
    ],
)
@pytest.mark.parametrize("locked", [True, False])
def test_what_stays_true_while_others_run(before: str, after: str, locked: bool) -> None:
    """Under the lock: in its file, dirty, not under writeback. Without it: gone. Nothing else."""
    look = f"    if {before}:\n        yield mm.cond_resched()\n        if {after}:\n            return\n"
    text = plain((p.LOCKS, p.LOCKS + look if locked else look + p.LOCKS))
    stays = before == "page.mapping is None" or (locked and before not in ("not page.dirty", "page.writeback"))
    assert isinstance(found(text), Certificate if stays else Refusals)


def test_who_is_in_its_own_way_was_not_refused() -> None:
    (idle,) = [one.text for one in p.IDLE if one.why == "refuses for ever, and finds itself a reason"]
    assert Kind.NO_REASON in kinds(found(idle))


def test_no_file_is_taken_apart_with_a_page_locked() -> None:
    text = edit(p.INODE_UNDONE, ("    yield mm.unlock_page(page)\n    if not grabbed", "    if not grabbed"))
    text = edit(
        text,
        (
            "        return True\n    yield mm.get_page",
            "        yield mm.unlock_page(page)\n        return True\n    yield mm.get_page",
        ),
    )
    text = edit(
        text,
        (
            "    yield mm.iput(inode)\n    return False",
            "    yield mm.iput(inode)\n    yield mm.unlock_page(page)\n    return False",
        ),
    )
    assert Kind.EVICTS_LOCKED in kinds(found(text))


def test_nothing_depends_on_the_hash_of_a_text() -> None:
    code = (
        "from wbviz.certify.certify import certify; from wbviz.policy.load import load_policy\n"
        "for name in ('backoff', 'own_range', 'trylock_around'): print(certify(load_policy(name)))"
    )
    outs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outs) == 1


def test_a_reference_of_the_file_is_dropped_in_the_end() -> None:
    text = edit(builtin("igrab_at_enqueue"), ("    yield mm.iput(inode)  # perhaps the last one\n", ""))
    assert Kind.REFERENCE_LEFT in kinds(found(text))


def test_a_page_of_the_file_may_have_left_it() -> None:
    inside = "            if following is None and page.index + 1 < page.mapping.nr_pages:\n                return\n"
    stop = "            if following is None:\n                break\n"
    assert Kind.LOCK_LEFT in kinds(found(edit(p.GATHER, (stop, inside + stop))))
