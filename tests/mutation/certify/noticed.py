"""Which test should notice which mutant of the certificate, and the files that they are in."""

from __future__ import annotations

from tests.mutation.harness import Mutant

SCENE, OPERATIONS, FACTS = (
    "wbviz/certify/scene.py",
    "wbviz/certify/operations.py",
    "wbviz/certify/facts.py",
)
EXPLORE, READS, CERTIFY = (
    "wbviz/certify/explore.py",
    "wbviz/certify/reads.py",
    "wbviz/certify/certify.py",
)
BOX, QUEUE, SEARCH = "wbviz/certify/box.py", "wbviz/certify/queue.py", "wbviz/certify/search.py"
RELATIVE, MEETS, BUILTIN = "wbviz/certify/relative.py", "wbviz/certify/meets.py", "wbviz/certify/builtin.py"

NOTICED_BY = {
    "tests/certify/test_search.py::test_works_about_more_than_their_page_are_not_found_in_the_queue": """
        works-with-anything works-with-a-file works-of-more-than-a-page
    """,
    "tests/certify/test_sizes.py::test_the_first_page_of_the_file_is_at_no_certain_distance": """
        outside-where-far-away
    """,
    "tests/certify/test_certify.py::test_a_loop_that_queues_works_waits_for_what_they_write": """
        queues-its-own-wait
    """,
    "tests/certify/test_certify.py::test_each_wrong_one_is_refused_for_its_own_reason": """
        touch-unasked sleeps-downwards-unasked lock-in-queue-unasked writes-gone-unasked writes-twice-unasked
        pin-left-unasked loop-unasked comes-back-unasked kept-where-not-known-gone kept-by-a-work
        trylock-always unknown-writeback-ended unknown-attached work-brings-pins waits-for-nothing
        room-for-who-holds
    """,
    "tests/certify/test_certify.py::test_a_single_mistake_is_found_at_its_line": """
        touch-inode-unasked locked-and-unkept-unasked locks-twice-unasked writes-unlocked-unasked
        not-locked-unasked not-pinned-unasked lock-left-unasked not-written-unasked no-reason-unasked
        not-queued-unasked file-kept-by-any-page find-in-any-file never-full refused-once-is-enough
        handed-is-written met-is-cleaned
    """,
    "tests/certify/test_search.py::test_who_rests_on_another_work_is_not": """
        ended-work-unasked queue-never-empty no-syncs no-other-pages any-work-covers foreign-in-the-file
        kinds-of-the-first-round
    """,
    "tests/certify/test_certify.py::test_the_safe_built_in_policies_are_certified_for_every_size": """
        added-pages-unasked on-every-filesystem
    """,
    "tests/certify/test_certify.py::test_no_file_is_taken_apart_with_a_page_locked": """
        evicts-locked-unasked
    """,
    "tests/certify/test_certify.py::test_a_reference_of_the_file_is_certified_beside_nobody_who_minds": """
        flusher-evicts-unasked busy-unasked never-the-last-reference beside-everybody
    """,
    "tests/certify/test_relies.py::test_a_work_that_counts_on_too_much": """
        not-referenced-unasked written-at-once queue-keeps-nothing seen-for-ever looked-at-is-cleaned
        work-brings-references
    """,
    "tests/certify/test_certify.py::test_a_reference_of_the_file_is_dropped_in_the_end": """
        reference-left-unasked
    """,
    "tests/certify/test_certify.py::test_what_is_no_policy_is_told_as_such": """
        faults-overlooked
    """,
    "tests/certify/test_relies.py::test_a_lock_between_two_that_are_held_is_downwards": """
        order-by-the-lowest
    """,
    "tests/certify/test_certify.py::test_who_is_in_its_own_way_was_not_refused": """
        own-lock-refuses
    """,
    "tests/certify/test_certify.py::test_a_page_that_was_written_may_be_dirty_again_at_once": """
        written-stays-clean
    """,
    "tests/certify/test_relies.py::test_a_reference_that_counts_on_too_much": """
        igrab-always references-stay
    """,
    "tests/certify/test_certify.py::test_a_page_of_the_file_may_have_left_it": """
        found-always
    """,
    "tests/certify/test_relies.py::test_a_call_that_counts_on_too_much": """
        queue-keeps-no-file pins-stay duty-by-any-work
    """,
    "tests/certify/test_certify.py::test_what_stays_true_while_others_run": """
        clean-for-ever under-writeback-for-ever stays-in-its-file stays-dirty stays-written
    """,
    "tests/certify/test_relies.py::test_whatever_may_be_seen_is_looked_at": """
        never-locked always-in-its-file always-dirty always-under-writeback same-moment
    """,
    "tests/certify/test_relies.py::test_a_work_in_the_queue_keeps_its_page_by_the_pin_it_carries": """
        any-work-keeps
    """,
    "tests/certify/test_relies.py::test_a_file_may_have_lost_its_name_or_not": """
        always-linked
    """,
    "tests/certify/test_search.py::test_whoever_does_more_than_search_cannot_be_followed": """
        looks-again tests-may-do-anything any-function any-method any-loop or-else
    """,
    "tests/certify/test_certify.py::test_who_spins_for_room_may_hold_no_lock": """
        room-for-whoever-asks
    """,
    "tests/certify/test_certify.py::test_the_flusher_may_not_ask_its_own_queue_for_room_again_and_again": """
        room-for-the-flusher
    """,
    "tests/certify/test_certify.py::test_a_loop_that_writes_waits_for_what_it_makes_itself": """
        makes-its-own-wait
    """,
    "tests/certify/test_sizes.py::test_a_text_that_could_hide_something_is_not_relative": """
        any-attribute any-base filled-later
    """,
    "tests/certify/test_sizes.py::test_who_asks_for_the_index_itself_gets_no_certificate_for_every_size": """
        any-text for-every-size numbers-are-indexes any-syntax private-attributes any-identity any-name
    """,
    "tests/certify/test_sizes.py::test_a_mistake_that_shows_in_some_files_only_is_found": """
        one-half other-half files-of-one-page
    """,
    "tests/certify/test_search.py::test_helpers_without_effects_may_be_used_and_no_others": """
        any-helper any-another
    """,
    "tests/certify/test_meets.py::test_a_scenario_that_voids_every_certificate": """
        without-flusher without-room held-from-the-beginning files-of-nobody locks-downwards busy-umount
        flusher-evicts-there
    """,
    "tests/certify/test_meets.py::test_a_certificate_for_small_files_speaks_of_no_larger_one": """
        small-files-for-all
    """,
    "tests/certify/test_builtin.py::test_a_task_that_breaks_the_assumption_is_found": """
        task-waits-locked task-takes-out-unlocked task-locks-anyhow task-submits-anyhow task-calls-anyhow
        task-holds-for-ever task-writes-for-ever task-holds-what-others-locked
    """,
    "tests/certify/test_builtin.py::test_a_built_in_task_keeps_what_a_policy_relies_on": """
        task-busy task-evicts-in-the-flusher
    """,
    "tests/certify/test_meets.py::test_a_certificate_speaks_of_what_it_lists_and_of_nothing_else": """
        beside-whoever on-whatever
    """,
    "tests/certify/test_certify.py": """
        works-of-works first-work-only
    """,
}
"""The test that should notice, with the names of the mutants that it should notice."""
BY_NAME = {name: test for test, names in NOTICED_BY.items() for name in names.split()}


def unasked(name: str, file: str, says: str, breaks: str) -> Mutant:
    """An obligation that is not asked: where it fails, nothing is said."""
    return Mutant(
        f"certify/{name}-unasked",
        file,
        says,
        says.replace("scene.fail", "None and scene.fail"),
        breaks,
        (BY_NAME[f"{name}-unasked"],),
    )


def at(file: str, name: str, old: str, new: str, breaks: str) -> Mutant:
    return Mutant(f"certify/{name}", file, old, new, breaks, (BY_NAME[name],))
