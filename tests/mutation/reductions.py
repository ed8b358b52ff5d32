"""Mutants of the reduced exploration: of what conflicts, what lies ahead, what is remembered by what, and how it ends.

Each makes it count on something that is not so. What only makes it slower is no mutant.
"""

from __future__ import annotations

from tests.mutation.harness import Mutant

FOOTPRINT, FUTURE, LAYOUT = (
    "wbviz/check/reduced/footprint.py",
    "wbviz/check/reduced/future.py",
    "wbviz/check/reduced/layout.py",
)
PERSISTENT, SEARCH, STEPS = (
    "wbviz/check/reduced/persistent.py",
    "wbviz/check/reduced/search.py",
    "wbviz/check/reduced/steps.py",
)
SYMMETRY, WATCHED, ORDERED = (
    "wbviz/check/reduced/symmetry.py",
    "wbviz/check/reduced/watched.py",
    "wbviz/check/reduced/ordered.py",
)
STEP_BY_STEP = ("tests/check/test_reduced_steps.py",)
SOUND = ("tests/check/test_sound.py",)
CASES = "tests/differential/test_hunt.py::test_random_policies_in_random_scenarios"
HUNT = tuple(f"{CASES}[{first}]" for first in (0, 50, 100, 150))
BY_HAND = tuple(
    f"{SOUND[0]}::{name}"
    for name in (
        "test_two_who_lock_pages_of_a_file_crosswise_are_not_hidden",
        "test_two_who_lock_pages_crosswise_that_have_left_their_file_are_not_hidden",
        "test_what_is_done_with_a_queued_work_counts_later_on",
        "test_what_is_in_the_queue_counts_for_who_looks",
        "test_the_disk_is_not_forgotten",
        "test_what_waits_in_the_queue_counts_though_nobody_may_queue_it_any_more",
        "test_who_waits_for_a_lock_counts_for_its_holder",
        "test_who_looks_at_the_queue_before_it_queues_nothing_is_not_hidden",
        "test_a_work_that_is_taken_before_it_is_extended_is_not_hidden",
        "test_who_waits_for_ever_and_holds_nothing_is_not_hidden",
        "test_a_disk_that_is_faster_than_the_one_who_looks_is_not_hidden",
    )
)
COMPARED = (*BY_HAND, *HUNT)


def _footprint(name: str, old: str, new: str, breaks: str, tests: tuple[str, ...] = COMPARED) -> Mutant:
    return Mutant(f"footprint/{name}", FOOTPRINT, old, new, breaks, tests)


CONFLICTS = (
    _footprint(
        "trylock-sees-no-release",
        '                log.note(R, page_of["LQ"][page])\n            log.note(C, page_of["LQ"][page])\n',
        '                pass\n            log.note(C, page_of["LQ"][page])\n',
        "a trylock does not conflict with the release of the lock",
    ),
    _footprint(
        "release-unseen",
        'fields["detaching"][page]\n            log.note(C, page_of["LQ"][page])\n',
        'fields["detaching"][page]\n',
        "nobody conflicts with the release of a lock",
    ),
    _footprint(
        "lock-by-anybody",
        '            log.note(W, page_of["LB"][page], True)\n',
        "",
        "two who lock a page of a file do not conflict",
    ),
    _footprint(
        "lock-by-pin",
        '                log.note(W, page_of["LA"][page], True)\n',
        "                pass\n",
        "two who lock a page that they have pinned do not conflict",
    ),
    _footprint(
        "end-of-writeback",
        '                log.note(C, page_of["WC"][choice])\n',
        "                pass\n",
        "nobody conflicts with the end of writeback",
    ),
    _footprint(
        "write-cleans",
        '        log.note(W, page_of["D"][page], True)\n        log.note(W, page_of["WS"]',
        '        log.note(W, page_of["WS"]',
        "who reads whether a page is dirty does not conflict with its being written",
    ),
    _footprint(
        "read-dirty",
        '                log.note(R, page_of["D"][number], held)\n',
        "                pass\n",
        "reading dirty conflicts with nothing",
    ),
    _footprint(
        "bag-looked-at",
        '        raise Decline("the policy looks at the order of the queue")\n',
        "        pass\n",
        "the queue is a bag though the policy looks at its order",
    ),
)

AHEAD = (
    Mutant(
        "future/all-behind-a-wait",
        FUTURE,
        "                self._barrier[node] = ~(half | half << self.variables.half)\n",
        "                self._barrier[node] = 0\n",
        "nothing behind a wait for writeback is counted",
        COMPARED,
    ),
    Mutant(
        "future/calls-forgotten",
        FUTURE,
        "        if common < len(after):\n            self._chain",
        "        if common < len(after) and len(after) <= len(before):\n            self._chain",
        "what a call does is not counted for those who call",
        COMPARED,
    ),
    Mutant(
        "future/first-seen-only",
        FUTURE,
        "        if bits & ~known:\n            self.accesses[node] = known | bits",
        "        if not known:\n            self.accesses[node] = known | bits",
        "of a place only what was accessed at the first visit is counted",
        COMPARED,
    ),
    Mutant(
        "persistent/disk-let-go",
        PERSISTENT,
        "        if task == self.disk:\n            return ALL\n",
        "",
        "the disk is let go by a future in which somebody still waited for it",
        SOUND,
    ),
    Mutant(
        "persistent/rest-without-works",
        PERSISTENT,
        "            bits |= self._works(code >> self.layout.queue_at)\n        for other",
        "            pass\n        for other",
        "what is done with queued works is not counted later on",
        COMPARED,
    ),
    Mutant(
        "persistent/rest-without-new-works",
        PERSISTENT,
        "                bits |= outcome.entry.queued\n            if other",
        "                pass\n            if other",
        "what is done with works that others may still queue is not counted later on",
        COMPARED,
    ),
    Mutant(
        "persistent/rest-without-disk",
        PERSISTENT,
        "        bits = self.disk_future\n",
        "        bits = 0\n",
        "what the disk does is not counted later on",
        COMPARED,
    ),
    Mutant(
        "persistent/choice-without-disk",
        PERSISTENT,
        "direct, queued = {always: self.disk_future}, dict[int, int]()",
        "direct, queued = {always: 0}, dict[int, int]()",
        "what the disk does is not counted in a choice",
        COMPARED,
    ),
    Mutant(
        "persistent/choice-without-works",
        PERSISTENT,
        "        direct[flusher] = direct.get(flusher, 0) | works\n",
        "",
        "what the flusher does with queued works is not counted in a choice",
        COMPARED,
    ),
    Mutant(
        "persistent/choice-without-new-works",
        PERSISTENT,
        "                elif entry.queued:\n                    queued[root]",
        "                elif False:\n                    queued[root]",
        "what the flusher does with works that others may queue is not counted in a choice",
        COMPARED,
    ),
    Mutant(
        "persistent/choice-without-blocked",
        PERSISTENT,
        "            if kind == ENDED or task == disk:\n                continue\n            root",
        "            if kind != MOVES or task == disk:\n                continue\n            root",
        "what blocked tasks do once they are let go is not counted in a choice",
        COMPARED,
    ),
    Mutant(
        "persistent/closure-of-one",
        PERSISTENT,
        "                        need |= meets[group]\n",
        "                        pass\n",
        "who conflicts with a chosen step is not taken in",
        COMPARED,
    ),
    Mutant(
        "persistent/closure-without-works",
        PERSISTENT,
        "                        need |= meets_works[group]\n",
        "                        pass\n",
        "who may queue a work that conflicts with a chosen step is not taken in",
        COMPARED,
    ),
    Mutant(
        "persistent/waits-for-disk-forgotten",
        PERSISTENT,
        "            return self.tasks + outcomes[task].who\n",
        "            return NOBODY\n",
        "who waits for the disk counts as dead",
        COMPARED,
    ),
    Mutant(
        "persistent/waits-for-lock-forgotten",
        PERSISTENT,
        "            return self._root(outcomes, outcomes[task].who, seen | 1 << task)\n",
        "            return NOBODY\n",
        "who waits for a lock counts as dead",
        COMPARED,
    ),
    Mutant(
        "persistent/gone-though-attached",
        PERSISTENT,
        '                if not code & fields["attached"][page]:\n',
        "                if True:\n",
        "a page that is in its file counts as gone for ever",
        COMPARED,
    ),
    Mutant(
        "persistent/remembered-without-outcomes",
        PERSISTENT,
        "        key = signs, works, self._still_open(code)\n",
        "        key = 0, works, self._still_open(code)\n",
        "a choice is remembered without what the tasks may do",
        COMPARED,
    ),
    Mutant(
        "persistent/remembered-without-flags",
        PERSISTENT,
        "        found = self._open.get(code & self.flags)\n",
        "        found = self._open.get(0)\n",
        "what may still change is remembered without the state of the pages",
        COMPARED,
    ),
)

SEARCHED = (
    Mutant(
        "search/cycles-overlooked",
        SEARCH,
        "                if colour == ON_WAY:\n                    raise Stop(CYCLE)\n",
        "",
        "a run that comes back to where it was is overlooked",
        COMPARED,
    ),
    Mutant(
        "search/ends-not-at-rest",
        SEARCH,
        "if not machine.at_rest(state) or lost_pages(machine, state) or leaks(machine, state):",
        "if lost_pages(machine, state) or leaks(machine, state):",
        "an end where somebody is blocked is fine",
        COMPARED,
    ),
    Mutant(
        "search/leaks-overlooked",
        SEARCH,
        "if not machine.at_rest(state) or lost_pages(machine, state) or leaks(machine, state):",
        "if not machine.at_rest(state) or lost_pages(machine, state):",
        "an end with a leak is fine",
        COMPARED,
    ),
    Mutant(
        "watched/disk-does-more",
        WATCHED,
        "        if finishes != (task in self.disks) or (takes and task not in self.flushers):\n",
        "        if False:\n",
        "a task that finishes writeback beside other things counts as no disk",
        SOUND,
    ),
    Mutant(
        "watched/detached-unlocked",
        WATCHED,
        "            if now.attached != was.attached and (now.attached or not mine):\n",
        "            if False:\n",
        "a page may leave its file without its lock, or come back",
        SOUND,
    ),
    Mutant(
        "watched/dirtied-by-anything",
        WATCHED,
        "            if now.dirty and not was.dirty and not dirtied >> number & 1:\n",
        "            if False:\n",
        "an operation that nobody knows may make a page dirty",
        SOUND,
    ),
    Mutant(
        "watched/writeback-unlocked",
        WATCHED,
        "            if now.writeback != was.writeback and not (mine if now.writeback else task in self.disks):\n",
        "            if False:\n",
        "writeback may begin without the lock, or end without the disk",
        SOUND,
    ),
    Mutant(
        "watched/works-lock-lost",
        WATCHED,
        "            if was.holder < 0 and now.holder != was.holder and now.holder != task + 1:\n",
        "            if False:\n",
        "a work may lose its lock to nobody",
        SOUND,
    ),
    Mutant(
        "watched/work-ended-by-others",
        WATCHED,
        "            if by != work.by and (work.by != task if by is None else (work.by, by) != (QUEUED, task)):\n",
        "            if False:\n",
        "a task may end a work that another runs",
        SOUND,
    ),
    Mutant(
        "watched/reclaims-pin-travels",
        WATCHED,
        "            going = tasks[task][page] - (call is not None and call.page == page)\n",
        "            going = tasks[task][page]\n",
        "reclaim's own pin goes with the work",
        (*STEP_BY_STEP, *COMPARED, "tests/differential/test_reduced.py::test_what_is_safe_without_a_cycle_is_proved"),
    ),
    Mutant(
        "watched/pins-stay-with-the-work",
        WATCHED,
        "                if count:\n                    tasks[task] = _add(tasks[task], page, count)\n",
        "                pass\n",
        "the pins of a work are nobody's once it is taken",
        (*STEP_BY_STEP, *COMPARED, "tests/differential/test_reduced.py::test_what_is_safe_without_a_cycle_is_proved"),
    ),
    Mutant(
        "ordered/append-commutes",
        ORDERED,
        '        log.note(W, self.variables.queue["QT"])\n',
        "        pass\n",
        "with an order, two who queue works do not conflict",
        COMPARED,
    ),
    Mutant(
        "ordered/looks-at-nothing",
        ORDERED,
        '        for name in ("QT", "QH"):\n            log.note(R, self.variables.queue[name])\n',
        "",
        "reading mm.works conflicts with nothing",
        COMPARED,
    ),
    Mutant(
        "ordered/extends-nothing",
        ORDERED,
        '        log.note(W, self.variables.queue["WK"])  # which whoever takes a work reads\n',
        "",
        "extending a work does not conflict with who takes it",
        COMPARED,
    ),
    Mutant(
        "layout/owed-forgotten",
        LAYOUT,
        "| page.owed << 3 | page.detaching << 4",
        "| page.detaching << 4",
        "states that differ in what is owed are one",
        STEP_BY_STEP,
    ),
    Mutant(
        "layout/calls-forgotten",
        LAYOUT,
        "        bits = bits << CALL_BITS | self._calls.number(task.call)\n",
        "        bits = bits << CALL_BITS\n",
        "states that differ in what a call was told are one",
        STEP_BY_STEP,
    ),
    Mutant(
        "layout/works-hold-nothing",
        LAYOUT,
        "        content = Content(work._replace(id=0), owned.works[index], locks)\n",
        "        content = Content(work._replace(id=0, info=()), owned.works[index], locks)\n",
        "works that hold different things are one",
        STEP_BY_STEP,
    ),
)

OF_REDUCTIONS = CONFLICTS + AHEAD + SEARCHED
