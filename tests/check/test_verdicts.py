"""Every kind of verdict from a policy of a few lines: where it ends, what it says, what masks what."""

from itertools import pairwise
from typing import Any

import pytest

from tests.check.naive import assert_fair_loop, resting
from tests.check.tiny import tiny
from tests.machine.driving import CLEAN, KSWAPD, PIN_AND_QUEUE, policy
from wbviz.check.check import check_scenario
from wbviz.check.components import components
from wbviz.check.deadlock import alive, dead_tasks
from wbviz.check.graph import Progress, explore
from wbviz.check.progress import fair_loops
from wbviz.check.verdict import ORDER, Result, Verdict
from wbviz.machine.machine import Machine
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import Policy, load_policy, policy_from_text
from wbviz.scenarios.catalogue import build

READER = ("reader", "reader", "A0", False)
ENDLESS = ("reader", "reader", "A0", True)
DIRTIER = ("dirtier", "dirtier", "A0")
LOCK_AND_KEEP = "page = work.page\nyield mm.lock_page(page)\nyield mm.put_page(page)"


def check(policy: Policy, *tasks: tuple[Any, ...], pages: int = 1, **fields: Any) -> Result:
    return check_scenario(policy, tiny(pages, *tasks, **fields))


def kinds(result: Result) -> list[str]:
    return [verdict.kind for verdict in result.verdicts]


def steps(result: Result) -> list[tuple[str, str]]:
    """(task, operation) of the headline's trace."""
    assert result.trace is not None
    return [(step.task, step.op) for step in result.trace.steps]


# Safe


def test_safe_with_its_numbers() -> None:
    result = check(policy(), KSWAPD)
    assert kinds(result) == ["safe"]
    assert result.trace is None
    assert result.fairness == "none", "the graph has no cycle"


def test_safe_beside_an_endless_task_needs_a_fair_scheduler() -> None:
    assert check(policy(), KSWAPD, ENDLESS).fairness == "fair"
    assert kinds(check(policy(), KSWAPD, ENDLESS)) == ["safe"]
    assert kinds(check(policy(), KSWAPD, DIRTIER)) == ["safe"]


def test_a_policy_that_may_spin_but_need_not_is_safe_given_fairness() -> None:
    spins = policy(
        execute=CLEAN.replace("yield mm.lock_page(page)", "while not (yield mm.trylock_page(page)):\n        pass")
    )
    result = check(spins, KSWAPD, READER)
    assert (kinds(result), result.fairness) == (["safe"], "fair")


# Broken rules and policy errors


def test_a_rule_violation_ends_with_the_step() -> None:
    result = check(policy("yield mm.unlock_page(page)\nyield mm.lock_page(page)"), KSWAPD)
    assert kinds(result) == ["rule-violation"]
    assert steps(result) == [("kswapd", "isolate"), ("kswapd", "unlock_page")]
    assert result.headline.tasks == ("kswapd",)
    assert result.headline.summary == "A0 is not locked, so it cannot be unlocked"


def test_a_broken_rule_ends_that_run_and_no_other() -> None:
    """What would come after the broken rule is not looked at; other interleavings are."""
    breaks = policy("yield mm.put_page(page)\nyield mm.put_page(page)\nyield 'no operation'")
    assert kinds(check(breaks, KSWAPD)) == ["rule-violation"]
    # whoever finds the page unlocked breaks a rule; otherwise the page is locked and left so
    either = policy("if not page.locked:\n    yield mm.unlock_page(page)\nyield mm.cond_resched()")
    result = check(either, KSWAPD, READER)
    assert kinds(result) == ["rule-violation", "lost-work"]


def test_a_policy_error_quotes_the_line() -> None:
    result = check(policy("yield mm.get_page(page)\nyield 3"), KSWAPD)
    assert kinds(result) == ["policy-error"]
    assert result.headline.error is not None
    assert (result.headline.error.line, result.headline.error.source.strip()) == (3, "yield 3")
    assert steps(result) == [("kswapd", "isolate"), ("kswapd", "get_page")]


def test_no_policy_at_all() -> None:
    for text in (
        "def enqueue(mm, page:",
        "import nothing_of_that_name",
        "def enqueue(mm, page):\n    yield\n",
        "1 / 0",
    ):
        result = check(policy_from_text(text), KSWAPD)
        assert result.verdict == "policy-error", text


# Deadlock


def test_a_deadlock_ends_where_the_cycle_is_complete() -> None:
    crosses = policy(
        "up = yield mm.find_get_page(page.mapping, 1)\nyield mm.lock_page(up)\nyield mm.lock_page(page)\n"
        "yield mm.unlock_page(page)\nyield mm.unlock_page(up)\nyield mm.put_page(up)"
    )
    result = check(crosses, KSWAPD, ("writer", "writer", ("A0", "A1")), pages=2)
    head = result.headline
    assert head.kind == "deadlock"
    assert [(edge["from"], edge["to"], edge["page"]) for edge in head.cycle] == [
        ("kswapd", "writer", "A0"),
        ("writer", "kswapd", "A1"),
    ]
    # isolate, find_get_page, lock_page(A1) and the writer's lock of A0: each wants what the other holds
    assert sorted(steps(result)) == sorted(
        [("kswapd", "isolate"), ("kswapd", "find_get_page"), ("kswapd", "lock_page"), ("writer", "lock_attached")]
    )


def test_a_deadlock_with_itself() -> None:
    result = check(policy("yield mm.lock_page(page)\nyield mm.lock_page(page)"), KSWAPD)
    assert steps(result) == [("kswapd", "isolate"), ("kswapd", "lock_page")]
    assert result.headline.summary == "kswapd waits for itself (A0 is locked by kswapd)"


def test_a_deadlock_whose_holder_has_ended_ends_when_nobody_else_can_die() -> None:
    keeps = policy("yield mm.lock_page(page)\nreturn True")
    result = check(keeps, KSWAPD, READER)
    head = result.headline
    assert (head.kind, head.cycle, head.tasks) == ("deadlock", (), ("reader",))
    # with the lock the reader is dead; that kswapd never unlocks is seen when it has dropped its pin and ended
    assert steps(result) == [("kswapd", "isolate"), ("kswapd", "lock_page"), ("kswapd", "put_page")]
    assert result.trace is not None
    assert [task["status"] for task in result.trace.steps[-1].after["tasks"] if task["name"] == "kswapd"] == ["ended"]
    assert head.summary == "reader is blocked for ever, whatever the others do: A0 is locked by kswapd"


def test_a_deadlock_without_a_cycle_waits_for_the_last_one_to_die() -> None:
    keeps = policy(
        "up = yield mm.find_get_page(page.mapping, 1)\nyield mm.lock_page(page)\nyield mm.lock_page(up)\n"
        "yield mm.put_page(up)\nreturn True"
    )
    result = check(keeps, KSWAPD, READER, ("reader2", "reader", "A1", False), pages=2)
    assert set(result.headline.tasks) == {"reader", "reader2"}
    # with the second lock both are dead; kswapd has two pins to drop before it ends
    assert steps(result)[-3:] == [("kswapd", "lock_page"), ("kswapd", "put_page"), ("kswapd", "put_page")]
    assert len(steps(result)) == 6


def test_a_deadlock_without_a_cycle_waits_until_nobody_else_can_die() -> None:
    """Two reclaimers keep a lock each. A reader of A0 is dead after three steps of one of them; then the reader of A1
    may still die as well, until it has its lock: one step more."""
    keeps = policy("yield mm.lock_page(page)")
    readers = READER, ("reader2", "reader", "A1", False)
    result = check(keeps, KSWAPD, ("kswapd2", "kswapd", ("A1",), 1, False), *readers, pages=2)
    assert (result.verdict, result.headline.cycle, len(result.headline.tasks)) == ("deadlock", (), 1)
    assert len(steps(result)) == 4


def test_a_deadlock_behind_works_ends_when_the_one_who_runs_them_goes_round() -> None:
    """The sync waits for its work, that one for the work before it, and that one for a flusher that has yet to spin."""
    spins = policy(
        "yield mm.queue_work()",
        "yield mm.cond_resched()\nyield mm.cond_resched()\nwhile True:\n    yield mm.cond_resched()",
    )
    result = check(spins, KSWAPD, ("sync", "sync", "A"))
    assert (result.verdict, result.headline.cycle, result.headline.tasks) == ("deadlock", (), ("sync",))
    done = sorted(steps(result))
    assert done.count(("flusher", "cond_resched")) == 2, "with the third it goes round"
    assert ("flusher", "take_work") in done


def test_a_cycle_through_somebody_who_asks_again_is_waited_for() -> None:
    """kswapd holds A0 and asks for room, in turns: between two questions it waits for nobody, and the cycle is open."""
    asks = policy(
        "if page.index:\n    yield mm.get_page(page)\n    yield mm.queue_work(page=page)\n    return True\n"
        "yield mm.get_page(page)\nyield mm.lock_page(page)\n"
        "while not (yield mm.queue_work(page=page)):\n    yield mm.cond_resched()",
        CLEAN.replace("yield mm.lock_page(page)", "if page.index:\n        yield mm.lock_page(page)"),
    )
    both = ("kswapd", "kswapd", ("A1", "A0"), 2, False)
    result = check(asks, both, ("sync", "sync", "A"), pages=2, queue_limit=1)
    head = result.headline
    assert head.kind == "deadlock"
    assert [edge["from"] for edge in head.cycle] == ["flusher", "kswapd", "work 2"]


def test_a_deadlock_whose_holder_is_idle() -> None:
    result = check(policy(execute=LOCK_AND_KEEP), KSWAPD, READER)
    assert (result.verdict, result.headline.cycle, result.headline.tasks) == ("deadlock", (), ("reader",))
    assert steps(result)[-1] == ("flusher", "put_page"), "the flusher has done its work, and idles"


def test_a_deadlock_whose_holder_spins() -> None:
    spins = policy(execute="page = work.page\nyield mm.lock_page(page)\nwhile True:\n    yield mm.cond_resched()")
    result = check(spins, KSWAPD, READER)
    assert set(kinds(result)) == {"deadlock", "livelock"}
    assert (result.headline.cycle, result.headline.tasks) == ((), ("reader",))
    assert steps(result)[-1] == ("flusher", "lock_page")


def test_a_partial_deadlock_while_the_rest_lives() -> None:
    twice = policy("yield mm.lock_page(page)\nyield mm.lock_page(page)")
    result = check(twice, KSWAPD, ("dirtier", "dirtier", "A1"), pages=2)
    assert (result.verdict, result.headline.tasks) == ("deadlock", ("kswapd",))
    assert "dirtier" not in {task for task, _ in steps(result)}


def test_a_lock_that_may_yet_be_released_is_no_deadlock() -> None:
    slow = policy(
        execute=CLEAN.replace("yield mm.unlock_page(page)", "yield mm.cond_resched()\n    yield mm.unlock_page(page)")
    )
    assert kinds(check(slow, KSWAPD, READER, ("writer", "writer", ("A0",)))) == ["safe"]


def test_an_idle_flusher_is_not_blocked() -> None:
    assert kinds(check(policy(), READER)) == ["safe"]


def test_two_flushers_where_one_would_deadlock() -> None:
    """The work in front needs the lock that travels with the one behind it: a second flusher takes that one."""
    waits = policy(
        "if page.index == 0:\n    yield mm.get_page(page)\n    yield mm.queue_work(page=page, wants=1)\n"
        "else:\n    yield mm.get_page(page)\n    yield mm.lock_page(page)\n    yield mm.queue_work(page=page)",
        "page = work.page\nif hasattr(work, 'wants'):\n    up = yield mm.find_get_page(page.mapping, 1)\n"
        "    yield mm.lock_page(up)\n    yield mm.unlock_page(up)\n    yield mm.put_page(up)\n"
        "    yield mm.lock_page(page)\n"
        "if page.dirty:\n    yield mm.writepage(page)\nyield mm.unlock_page(page)\nyield mm.put_page(page)",
    )
    both = ("kswapd", "kswapd", ("A0", "A1"), 2, False)
    one = check(waits, both, pages=2)
    assert one.verdict == "deadlock"
    assert [edge["to"] for edge in one.headline.cycle] == ["work 2", "flusher"]
    assert kinds(check(waits, both, pages=2, flushers=2)) == ["safe"]


def test_one_dead_flusher_of_two_is_a_deadlock() -> None:
    result = check(policy(execute=LOCK_AND_KEEP.replace("put_page", "lock_page")), KSWAPD, flushers=2)
    assert result.verdict == "deadlock"
    assert len(result.headline.tasks) == 1


def test_a_reachable_violation_masks_the_deadlock() -> None:
    """kswapd is blocked by its own lock; but the flusher may still break a rule, and then nothing is for ever."""
    masked = policy(
        "yield mm.lock_page(page)\nyield mm.queue_work()\nyield mm.lock_page(page)",
        "yield mm.cond_resched()\nyield mm.cond_resched()",
    )
    assert check(masked, KSWAPD).verdict == "deadlock"
    breaks = policy(
        "yield mm.lock_page(page)\nyield mm.queue_work(on=page)\nyield mm.lock_page(page)",
        "yield mm.cond_resched()\nyield mm.unlock_page(work.on)",
    )
    assert kinds(check(breaks, KSWAPD)) == ["rule-violation"]


def test_a_reachable_bound_masks_the_deadlock() -> None:
    scenario = tiny(1, KSWAPD, ("dirtier", "dirtier", "A0"))
    stuck = policy("yield mm.lock_page(page)\nyield mm.lock_page(page)")
    whole = check_scenario(stuck, scenario)
    assert whole.verdict == "deadlock"
    assert [v.kind for v in check_scenario(stuck, scenario, max_states=whole.states - 1).verdicts] == ["incomplete"]


# Bounds


def test_nobody_is_called_dead_where_something_unexplored_can_be_reached() -> None:
    stuck = policy("yield mm.lock_page(page)\nyield mm.lock_page(page)")
    machine = Machine(tiny(1, KSWAPD, ("cleaner", "cleaner", "A0"), READER), stuck)
    whole = len(explore(machine, 1_000).states)
    for bound in range(1, whole):
        graph = explore(machine, bound)
        order = components(range(graph.expanded), lambda number, graph=graph: [it.target for it in graph.edges[number]])
        masks = alive(graph, order)
        open_ended = {number for number in range(len(graph.states)) if number >= graph.expanded}
        for _ in graph.states:
            open_ended |= {n for n, edges in enumerate(graph.edges) if any(it.target in open_ended for it in edges)}
        for number in open_ended & set(range(graph.expanded)):
            assert not dead_tasks(graph, masks, number)


@pytest.mark.parametrize("bound", [1, 2, 5])
def test_a_bound_reached_is_incomplete_never_safe(bound: int) -> None:
    scenario = tiny(1, KSWAPD, READER)
    assert check_scenario(policy(), scenario, reductions=()).states > bound
    result = check_scenario(policy(), scenario, max_states=bound, reductions=())
    assert kinds(result) == ["incomplete"]
    assert "not everything was covered" in result.headline.summary
    assert result.trace is None


def test_a_bound_that_is_just_enough_is_safe() -> None:
    scenario = tiny(1, KSWAPD, READER)
    states = check_scenario(policy(), scenario).states
    assert kinds(check_scenario(policy(), scenario, max_states=states)) == ["safe"]
    assert kinds(check_scenario(policy(), scenario, max_states=states - 1)) == ["incomplete"]


def test_what_was_found_before_the_bound_is_still_reported() -> None:
    scenario = tiny(1, KSWAPD, READER)
    breaks = policy("yield mm.unlock_page(page)")
    result = check_scenario(breaks, scenario, max_states=3)
    assert (result.verdict, kinds(result)) == ("rule-violation", ["rule-violation", "incomplete"])


def test_a_counter_that_grows_for_ever_is_incomplete() -> None:
    counts = policy(execute="n = 0\nwhile True:\n    n += 1\n    yield mm.cond_resched()")
    result = check_scenario(counts, tiny(1, KSWAPD), max_states=300)
    assert kinds(result) == ["incomplete"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_an_interruption_is_incomplete(error: type[BaseException]) -> None:
    def tick(progress: Progress) -> None:
        raise error

    result = check_scenario(policy(), tiny(1, KSWAPD), tick=tick)
    assert kinds(result) == ["incomplete"]


def test_an_interruption_in_the_middle_keeps_what_was_found() -> None:
    def tick(progress: Progress) -> None:
        if progress.expanded:
            raise KeyboardInterrupt

    scenario = build("storm")
    result = check_scenario(load_policy("writearound"), scenario, tick=tick)
    assert kinds(result)[-1] == "incomplete"
    assert "1,024 states explored" in result.verdicts[-1].summary
    assert "safe" not in kinds(result)


# Rest: lost work and leaks


def test_a_page_accepted_and_forgotten_is_lost() -> None:
    result = check(policy("yield mm.cond_resched()\nreturn True"), KSWAPD)
    assert kinds(result) == ["lost-work"]
    assert steps(result) == [("kswapd", "isolate"), ("kswapd", "cond_resched"), ("kswapd", "put_page")]
    assert result.headline.summary.startswith("A0 was accepted")


def test_a_page_that_somebody_else_will_clean_is_lost_only_where_he_came_first() -> None:
    """Cleaned after it was accepted, or during the call: not lost. Before the call reclaim does not want it."""
    forgets = policy("yield mm.cond_resched()\nreturn True")
    assert kinds(check(forgets, KSWAPD, ("cleaner", "cleaner", "A0"))) == ["safe"]
    assert kinds(check(forgets, KSWAPD, ("truncate", "truncate", ("A0",)))) == ["safe"]


def test_what_only_an_endless_task_goes_on_with_is_rest_and_no_starvation() -> None:
    forgets = policy("yield mm.cond_resched()\nreturn True")
    for endless in (("dirtier", "dirtier", "A1"), ("reader", "reader", "A1", True), ENDLESS):
        assert kinds(check(forgets, KSWAPD, endless, pages=2)) == ["lost-work"]


def test_redirtied_after_it_was_cleaned_is_not_lost() -> None:
    assert (
        kinds(check(policy("yield mm.cond_resched()"), KSWAPD, ("cleaner", "cleaner", "A0"), DIRTIER))[0] == "lost-work"
    )
    assert kinds(check(policy(), KSWAPD, DIRTIER)) == ["safe"]


@pytest.mark.parametrize(
    ("enqueue", "words"),
    [
        ("yield mm.get_page(page)", "A0 still has a pin that nobody will drop: taken by kswapd in step 2 (line 2)"),
        (
            "yield mm.get_page(page)\nyield mm.get_page(page)",
            "A0 still has 2 pins that nobody will drop: "
            "taken by kswapd in step 2 (line 2) and by kswapd in step 3 (line 3)",
        ),
        (
            "inode = page.mapping\nyield mm.igrab(inode)",
            "inode A still has a reference that nobody will drop: taken by kswapd in step 2 (line 3)",
        ),
        ("yield mm.lock_page(page)", "A0 is still locked by kswapd: taken by kswapd in step 2 (line 2)"),
    ],
)
def test_what_is_left_at_rest_is_a_leak(enqueue: str, words: str) -> None:
    lost = check(policy(enqueue), KSWAPD)
    assert kinds(lost) == ["lost-work", "leak"]
    assert lost.verdicts[1].summary == words
    quiet = check(policy(enqueue + "\nyield mm.queue_work(page=page)", "yield mm.cond_resched()"), KSWAPD)
    assert "leak" in kinds(quiet)


def test_a_leak_beside_an_endless_task_is_seen_between_its_rounds() -> None:
    leaks = policy(execute=CLEAN.replace("yield mm.put_page(page)", ""))
    for endless in (DIRTIER, ENDLESS):
        assert kinds(check(leaks, KSWAPD, endless)) == ["leak"]


def test_a_lock_left_where_somebody_is_blocked_by_it_is_a_deadlock_and_no_leak() -> None:
    assert kinds(check(policy(execute=CLEAN.replace("yield mm.unlock_page(page)", "")), KSWAPD, ENDLESS)) == [
        "deadlock"
    ]


# Livelock and starvation


def lasso(result: Result, kind: str, scenario: Scenario, made: Policy) -> None:
    verdict = next(verdict for verdict in result.verdicts if verdict.kind == kind)
    assert verdict.trace is not None
    assert_fair_loop(Machine(scenario, made), kind, verdict.trace)


def test_an_execute_that_never_returns_is_a_livelock() -> None:
    spins = policy(execute="while True:\n    yield mm.cond_resched()")
    scenario = tiny(1, KSWAPD)
    result = check_scenario(spins, scenario)
    assert kinds(result) == ["livelock"]
    assert result.headline.tasks == ("flusher",)
    lasso(result, "livelock", scenario, spins)


def test_an_enqueue_that_never_returns_is_a_livelock() -> None:
    spins = policy("yield mm.lock_page(page)\nwhile not (yield mm.trylock_page(page)):\n    pass")
    scenario = tiny(1, KSWAPD)
    result = check_scenario(spins, scenario)
    assert kinds(result) == ["livelock"]
    assert "the enqueue that kswapd called never returns" in result.headline.summary
    lasso(result, "livelock", scenario, spins)


def test_an_accepted_page_that_is_never_cleaned_is_a_livelock() -> None:
    requeues = policy(execute="yield mm.queue_work(page=work.page)")
    scenario = tiny(1, KSWAPD)
    result = check_scenario(requeues, scenario)
    assert kinds(result) == ["livelock"]
    assert "A0 is never cleaned" in result.headline.summary
    lasso(result, "livelock", scenario, requeues)


def test_a_work_that_queues_itself_for_ever_is_a_livelock_though_its_page_is_clean() -> None:
    """It would otherwise hide its pin for ever: the run never comes to rest, where pins are counted."""
    requeues = policy(execute=CLEAN.replace("yield mm.put_page(page)", "yield mm.queue_work(page=page)"))
    scenario = tiny(1, KSWAPD)
    result = check_scenario(requeues, scenario)
    assert kinds(result) == ["livelock"]
    assert "the run never comes to rest" in result.headline.summary
    lasso(result, "livelock", scenario, requeues)


def test_a_task_that_never_ends_for_a_lock_left_behind_is_not_safe() -> None:
    """The flusher keeps the lock only while A0 is dirty: then the polite writer spins, and nothing rests."""
    keeps = policy(
        execute=CLEAN.replace(
            "    yield mm.unlock_page(page)",
            "    first = yield mm.find_get_page(page.mapping, 0)\n    yield mm.cond_resched()\n"
            "    if not first.dirty:\n        yield mm.unlock_page(page)\n    yield mm.put_page(first)",
        )
    )
    tasks = ("kswapd", "kswapd", ("A1",), 1, False), ("polite", "polite", ("A0", "A1"))
    scenario = tiny(2, *tasks)
    result = check_scenario(keeps, scenario)
    assert kinds(result) == ["livelock"]
    assert result.headline.tasks == ("polite",)
    lasso(result, "livelock", scenario, keeps)


def test_two_that_back_off_from_each_other() -> None:
    made = load_policy("backoff")
    result = check_scenario(made, build("polite"))
    assert set(result.headline.tasks) == {"flusher", "polite"}
    lasso(result, "livelock", build("polite"), made)


def test_starvation_is_only_because_an_endless_task_goes_on() -> None:
    made = load_policy("requeue_if_locked")
    result = check_scenario(made, build("contended"))
    assert kinds(result) == ["starvation"]
    assert set(result.headline.tasks) == {"flusher", "reader"}
    lasso(result, "starvation", build("contended"), made)
    once = check(made, KSWAPD, READER)
    assert kinds(once) == ["safe"], "a reader that ends starves nobody"


def test_spinning_beside_an_endless_task_is_still_a_livelock() -> None:
    spins = policy(execute="while True:\n    yield mm.cond_resched()")
    scenario = tiny(2, KSWAPD, ("dirtier", "dirtier", "A1"))
    result = check_scenario(spins, scenario)
    assert kinds(result) == ["livelock"], "and no starvation as well"
    assert result.headline.tasks == ("flusher",), "the dirtier stands still"
    lasso(result, "livelock", scenario, spins)


def test_waiting_for_an_endless_reader_is_starvation_of_whoever_only_tries() -> None:
    tries = policy(
        execute=CLEAN.replace("yield mm.lock_page(page)", "while not (yield mm.trylock_page(page)):\n        pass")
    )
    scenario = tiny(1, KSWAPD, ENDLESS)
    result = check_scenario(tries, scenario)
    assert kinds(result) == ["starvation"]
    lasso(result, "starvation", scenario, tries)


def test_an_execute_that_is_starved_though_its_page_is_clean() -> None:
    tries = policy(
        execute=CLEAN.replace(
            "yield mm.put_page(page)",
            "while not (yield mm.trylock_page(page)):\n        pass\n"
            "    yield mm.unlock_page(page)\n    yield mm.put_page(page)",
        )
    )
    result = check(tries, KSWAPD, ENDLESS)
    assert kinds(result) == ["starvation"]
    assert "the execute of work 1 never returns" in result.headline.summary


def test_a_livelock_and_a_starvation_of_something_else_are_both_reported() -> None:
    """A0 makes the flusher spin; A1 makes it wait for a moment at which the endless reader does not hold the lock."""
    both = policy(
        execute="page = work.page\nwhile page.index == 0:\n    yield mm.cond_resched()\n"
        "while not (yield mm.trylock_page(page)):\n    pass\n"
        "yield mm.writepage(page)\nyield mm.unlock_page(page)\nyield mm.put_page(page)"
    )
    scenario = tiny(2, ("kswapd", "kswapd", ("A0", "A1"), 1, True), ("reader", "reader", "A1", True))
    result = check_scenario(both, scenario)
    assert kinds(result) == ["livelock", "starvation"]
    lasso(result, "livelock", scenario, both)
    lasso(result, "starvation", scenario, both)


def test_a_fair_disk_finishes_each_page() -> None:
    """A0 under writeback is waited for while A1 is written for ever: the disk must come to A0 as well."""
    result = check(policy(), ("kswapd", "kswapd", ("A0", "A1"), 2, False), ("dirtier", "dirtier", "A1"), pages=2)
    assert (kinds(result), result.fairness) == (["safe"], "fair")


def test_the_disk_is_fair_to_each_page_and_not_only_as_a_whole() -> None:
    """A1 is redirtied for ever, and queued again each time it was written: the disk always has something to finish.
    kswapd writes A0 itself and waits for it. A disk that finished A1 alone would be busy, and unfair to A0."""
    both = policy(
        "if page.index:\n    yield mm.get_page(page)\n    yield mm.queue_work(page=page)\n    return True\n"
        "yield mm.lock_page(page)\nyield mm.writepage(page)\nyield mm.wait_on_page_writeback(page)\n"
        "yield mm.unlock_page(page)",
        "page = work.page\nyield mm.lock_page(page)\nyield mm.wait_on_page_writeback(page)\n"
        "if page.dirty:\n    yield mm.writepage(page)\n    yield mm.unlock_page(page)\n"
        "    yield mm.queue_work(page=page)\n    return\nyield mm.unlock_page(page)\nyield mm.put_page(page)",
    )
    tasks = ("up", "kswapd", ("A1",), 1, False), ("kswapd", "kswapd", ("A0",), 1, False), ("d", "dirtier", "A1")
    result = check(both, *tasks, pages=2)
    assert (kinds(result), result.fairness) == (["safe"], "fair")


def test_a_loop_that_only_an_unfair_scheduler_takes_is_no_livelock() -> None:
    spins = policy("while page.dirty:\n    yield mm.cond_resched()\nyield mm.cond_resched()")
    assert kinds(check(spins, KSWAPD, ("cleaner", "cleaner", "A0"))) == ["safe"]
    assert kinds(check(spins, KSWAPD)) == ["livelock"]


def test_a_loop_that_keeps_out_who_would_break_a_rule_is_no_livelock() -> None:
    """kswapd is about to unlock what is not locked. The flusher goes round meanwhile, as only an unfair one lets it."""
    breaks = policy(
        "yield mm.get_page(page)\nyield mm.queue_work(page=page)\nyield mm.unlock_page(page)",
        "while work.page.dirty:\n    yield mm.cond_resched()\nyield mm.put_page(work.page)",
    )
    assert kinds(check(breaks, KSWAPD)) == ["rule-violation"]


def test_a_fair_loop_inside_an_unfair_one_is_found() -> None:
    """The flusher holds A0 and tries A1, which kswapd locks and unlocks for ever; whenever it gets A1 it lets A0 go for
    a moment. The cleaner of A0 can run then, and leaves the loop; but the flusher may never get A1."""
    both = policy(
        "yield mm.get_page(page)\nif not page.index:\n    yield mm.queue_work(page=page)\n    return\nwhile True:\n"
        "    yield mm.lock_page(page)\n    yield mm.unlock_page(page)",
        "page = work.page\nup = yield mm.find_get_page(page.mapping, 1)\nyield mm.lock_page(page)\nwhile True:\n"
        "    if (yield mm.trylock_page(up)):\n        yield mm.unlock_page(up)\n        yield mm.unlock_page(page)\n"
        "        yield mm.lock_page(page)",
    )
    scenario = tiny(2, ("kswapd", "kswapd", ("A0", "A1"), 2, False), ("cleaner", "cleaner", "A0"))
    graph = explore(Machine(scenario, both), 10_000)
    order = components(range(graph.expanded), lambda number: [edge.target for edge in graph.edges[number]])
    loops = fair_loops(graph, order, alive(graph, order), starved=False)
    waits = [graph.machine.waits(graph.states[loop.states[0]], 1) for loop in loops]
    assert any(waits), "one in which the cleaner waits for ever"


def test_where_a_flusher_is_dead_it_is_a_deadlock_and_no_livelock() -> None:
    dies = policy("yield mm.lock_page(page)\nwhile True:\n    yield mm.cond_resched()")
    result = check(dies, KSWAPD, ("sync", "sync", "A"))
    assert kinds(result) == ["deadlock", "livelock"]
    # the sync may have been done before the page was locked: that run is the livelock, and not the other
    livelock = result.verdicts[1].trace
    assert livelock is not None
    assert {task["status"] for task in livelock.steps[-1].after["tasks"] if task["name"] == "flusher"} == {"idle"}


# Every kind at once

RANKED = (
    *("policy-error", "rule-violation", "deadlock", "lost-work", "leak", "livelock", "starvation"),
    *("incomplete", "safe"),
)


def test_the_headline_is_the_first_in_the_order_of_the_contract() -> None:
    for first, second in pairwise(RANKED):
        both = tuple(Verdict(kind, "") for kind in (second, first))
        assert Result("tiny", "made", {}, both, 1, 1, 0.0, "none").verdict == first


def test_of_the_nearest_ends_that_show_it_one_with_the_fewest_switches_is_shown() -> None:
    """A0 goes through the flusher, and A1 does not; either leaves a pin and a lost page after six steps."""
    either = policy(
        "yield mm.get_page(page)\nif page.index:\n    for _ in range(3):\n        yield mm.cond_resched()\n"
        "else:\n    yield mm.queue_work()",
        "yield mm.cond_resched()",
    )
    result = check(either, ("kswapd", "kswapd", ("A0", "A1"), 1, True), pages=2)
    assert kinds(result) == ["lost-work", "leak"]
    for verdict in result.verdicts:
        assert verdict.trace is not None
        assert [step.task for step in verdict.trace.steps] == ["kswapd"] * 6


def test_every_kind_is_reported_the_headline_by_rank() -> None:
    """A0's enqueue forgets its page and leaks a pin; a refused trylock of the next call breaks a rule."""
    many = policy(
        "yield mm.get_page(page)\nif not (yield mm.trylock_page(page)):\n    yield mm.unlock_page(page)\n"
        "else:\n    yield mm.unlock_page(page)\nreturn True"
    )
    result = check(many, KSWAPD, READER)
    assert kinds(result) == ["rule-violation", "lost-work", "leak"]
    assert result.verdict == "rule-violation"
    assert [kind for kind in ORDER if kind in kinds(result)] == kinds(result)
    lengths = [len(verdict.trace.steps) for verdict in result.verdicts if verdict.trace]
    assert len(lengths) == 3


def test_the_json_form_is_that_of_the_design() -> None:
    data = check(policy(PIN_AND_QUEUE, LOCK_AND_KEEP), KSWAPD, READER).to_json()
    assert list(data) == [
        *["scenario", "policy", "params", "verdict", "verdicts", "states", "transitions", "seconds", "fairness"],
        *["trace", "cycle"],
    ]
    assert data["verdicts"][0]["kind"] == data["verdict"] == data["trace"]["verdict"]["kind"] == "deadlock"


def test_rest_is_what_the_design_says() -> None:
    machine = Machine(tiny(1, KSWAPD, ENDLESS), policy())
    assert not resting(machine, machine.initial())
