"""Mutants of the reduced exploration: of what conflicts, what lies ahead, what is remembered by what, and how it ends.

Each makes it count on something that is not so. What only makes it slower is no mutant.
"""

from __future__ import annotations

from tests.mutation.harness import Mutant

FOOTPRINT, LAYOUT = "wbviz/check/reduced/footprint.py", "wbviz/check/reduced/layout.py"
PERSISTENT, SEARCH = "wbviz/check/reduced/persistent.py", "wbviz/check/reduced/search.py"
WATCHED, ORDERED = "wbviz/check/reduced/watched.py", "wbviz/check/reduced/ordered.py"
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
    )
)
COMPARED = (*BY_HAND, *HUNT)


def _footprint(name: str, old: str, new: str, breaks: str, tests: tuple[str, ...] = COMPARED) -> Mutant:
    return Mutant(f"footprint/{name}", FOOTPRINT, old, new, breaks, tests)


CONFLICTS = (
    _footprint(
        "bag-looked-at",
        '        raise Decline("the policy looks at the order of the queue")\n',
        "        pass\n",
        "the queue is a bag though the policy looks at its order",
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
        "read-dirty",
        '                log.note(R, page_of["D"][number], held)\n',
        "                pass\n",
        "reading dirty conflicts with nothing",
    ),
    _footprint(
        "write-cleans",
        '        log.note(W, page_of["D"][page], True)\n        log.note(W, page_of["WS"]',
        '        log.note(W, page_of["WS"]',
        "who reads whether a page is dirty does not conflict with its being written",
    ),
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
        "end-of-writeback",
        '                log.note(C, page_of["WC"][choice])\n',
        "                pass\n",
        "nobody conflicts with the end of writeback",
    ),
)

AHEAD = (
    Mutant(
        "persistent/closure-of-one",
        PERSISTENT,
        "                        need |= meets[group]\n",
        "                        pass\n",
        "who conflicts with a chosen step is not taken in",
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
        "persistent/disk-let-go",
        PERSISTENT,
        "        if task == self.disk:\n            return ALL\n",
        "",
        "the disk is let go by a future in which somebody still waited for it",
        SOUND,
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
