"""Mutants of the certificate: an obligation not asked, knowledge kept too long, too much relied on.

Each makes it certify what it should not; what makes it refuse more is no mutant.
"""

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


def _unasked(name: str, file: str, says: str, breaks: str) -> Mutant:
    """An obligation that is not asked: where it fails, nothing is said."""
    return Mutant(
        f"certify/{name}-unasked",
        file,
        says,
        says.replace("scene.fail", "None and scene.fail"),
        breaks,
        (BY_NAME[f"{name}-unasked"],),
    )


def _at(file: str, name: str, old: str, new: str, breaks: str) -> Mutant:
    return Mutant(f"certify/{name}", file, old, new, breaks, (BY_NAME[name],))


UNASKED = (
    _at(
        SCENE,
        "touch-unasked",
        "        self.fail(Kind.PAGE_MAY_BE_FREED, line, known, number)\n",
        "",
        "a page may be used that nothing keeps",
    ),
    _at(
        SCENE,
        "touch-inode-unasked",
        "        self.fail(Kind.INODE_MAY_BE_GONE, line, known)\n",
        "",
        "a file may be used that nothing keeps",
    ),
    _unasked(
        "ended-work",
        READS,
        "        scene.fail(Kind.WORK_MAY_HAVE_ENDED, read.line, known)\n",
        "a queued work may be read after others have run",
    ),
    _unasked(
        "locked-and-unkept",
        OPERATIONS,
        "        scene.fail(Kind.LOCKED_AND_UNKEPT, line, known, number)\n",
        "the last pin of a locked page may be dropped",
    ),
    _unasked(
        "sleeps-downwards",
        OPERATIONS,
        "        scene.fail(Kind.SLEEPS_DOWNWARDS, line, known, number, max(held))\n",
        "page locks may be taken in any order",
    ),
    _unasked(
        "locks-twice",
        OPERATIONS,
        "        scene.fail(Kind.LOCKS_TWICE, line, known, number)\n",
        "a page may be locked by who holds it",
    ),
    _unasked(
        "added-pages",
        OPERATIONS,
        "        scene.fail(Kind.ADDED_PAGES, line, known, number, min(above))\n",
        "a page may be written on a clustering filesystem with a lock above it",
    ),
    _unasked(
        "evicts-locked",
        OPERATIONS,
        "        scene.fail(Kind.EVICTS_LOCKED, line, known, None, known.held()[0])\n",
        "the last reference of a file may be dropped with a page locked",
    ),
    _unasked(
        "lock-in-queue",
        OPERATIONS,
        "        scene.fail(Kind.LOCK_IN_QUEUE, line, known, page)\n",
        "a lock may wait in the queue",
    ),
    _unasked(
        "flusher-evicts",
        OPERATIONS,
        "        scene.fail(Kind.FLUSHER_EVICTS, line, known)\n",
        "the flusher may drop the last reference of a file",
    ),
    _unasked("busy", OPERATIONS, "    scene.fail(Kind.BUSY, line, known)\n", "a reference is held beside an umount"),
    _unasked(
        "writes-unlocked",
        OPERATIONS,
        "        scene.fail(Kind.WRITES_UNLOCKED, line, known, number)\n",
        "a page may be written without its lock",
    ),
    _unasked(
        "writes-gone",
        OPERATIONS,
        "            scene.fail(Kind.WRITES_GONE, line, known, number)\n",
        "a page may be written that has left its file",
    ),
    _unasked(
        "writes-twice",
        OPERATIONS,
        "            scene.fail(Kind.WRITES_TWICE, line, known, number)\n",
        "a page may be written that is under writeback",
    ),
    _unasked(
        "not-locked",
        OPERATIONS,
        "        scene.fail(Kind.NOT_LOCKED, line, known, number)\n",
        "a page may be unlocked that is not locked",
    ),
    _unasked(
        "not-pinned",
        OPERATIONS,
        "        scene.fail(Kind.NOT_PINNED, line, known, number)\n",
        "a pin may be dropped that is not one's own",
    ),
    _unasked(
        "not-referenced",
        OPERATIONS,
        "        scene.fail(Kind.NOT_REFERENCED, line, known)\n",
        "a reference may be dropped that is not one's own",
    ),
    _unasked(
        "lock-left",
        OPERATIONS,
        "            scene.fail(Kind.LOCK_LEFT, line, known, number)\n",
        "a program may end with a page locked",
    ),
    _unasked(
        "pin-left",
        OPERATIONS,
        "            scene.fail(Kind.PIN_LEFT, line, known, number)\n",
        "a program may end with a pin",
    ),
    _unasked(
        "reference-left",
        OPERATIONS,
        "        scene.fail(Kind.REFERENCE_LEFT, line, known)\n",
        "a program may end with a reference of a file",
    ),
    _unasked(
        "not-written",
        OPERATIONS,
        "            scene.fail(Kind.NOT_WRITTEN, line, known, number)\n",
        "a work may end with its page dirty",
    ),
    _unasked(
        "no-reason",
        OPERATIONS,
        "            scene.fail(Kind.NO_REASON, line, known, scene.argument)\n",
        "a page may be refused without a reason",
    ),
    _unasked(
        "not-queued",
        OPERATIONS,
        "        scene.fail(Kind.NOT_QUEUED, line, known, scene.argument)\n",
        "a page may be accepted that nobody will clean",
    ),
    _at(
        EXPLORE,
        "loop-unasked",
        "            self._scene.fail(Kind.LOOP, line_of(self._ops[first]), first.known)\n",
        "",
        "a program may go round for ever",
    ),
    _at(
        CERTIFY,
        "comes-back-unasked",
        '                tell(Finding(Kind.COMES_BACK, "execute", queued.line, None, None, wanted, queued.known))\n',
        "                pass\n",
        "a work may queue itself for ever",
    ),
    _at(
        CERTIFY,
        "faults-overlooked",
        "    if errors or any(",
        "    if any(",
        "what is no policy is certified where nothing else is wrong",
    ),
)

NARROWED = (
    _at(
        SCENE,
        "kept-where-not-known-gone",
        "facts.attached is True:",
        "facts.attached is not False:",
        "a page counts as kept unless it is known to be gone",
    ),
    _at(
        SCENE,
        "kept-by-a-work",
        "number == self.argument or",
        "number in (self.argument, self.work and self.work.page) or",
        "a work keeps its page without a pin",
    ),
    _at(
        SCENE,
        "file-kept-by-any-page",
        "any(facts.attached for _, facts in known.pages)",
        "known.pages",
        "a file counts as kept by any page that is known",
    ),
    _at(
        OPERATIONS,
        "order-by-the-lowest",
        "    elif held and max(held) > number:\n",
        "    elif held and min(held) > number:\n",
        "a lock between two that are held may be slept for",
    ),
    _at(
        OPERATIONS,
        "own-lock-refuses",
        "        return [(False, known)]  # by oneself, which is no refusal\n",
        "        return [(False, known._replace(refused=True))]\n",
        "a trylock of one's own lock is a reason to refuse a page",
    ),
    _at(
        OPERATIONS,
        "trylock-always",
        "locked=True))), (False, known._replace(refused=True))]",
        "locked=True)))]",
        "a trylock always gets the lock",
    ),
    _at(
        OPERATIONS,
        "unknown-writeback-ended",
        "        if facts.writeback is not False:\n",
        "        if facts.writeback:\n",
        "a page may be written unless it is known to be under writeback",
    ),
    _at(
        OPERATIONS,
        "unknown-attached",
        "        if not facts.attached:\n            scene.fail(Kind.WRITES_GONE",
        "        if facts.attached is False:\n            scene.fail(Kind.WRITES_GONE",
        "a page may be written unless it is known to be gone",
    ),
    _at(
        OPERATIONS,
        "written-stays-clean",
        "facts._replace(dirty=None, writeback=None))\n    return then._replace(cleaned",
        "facts._replace(dirty=False, writeback=None))\n    return then._replace(cleaned",
        "a page that was written counts as clean",
    ),
    _at(
        OPERATIONS,
        "written-at-once",
        "facts._replace(dirty=None, writeback=None))\n    return then._replace(cleaned",
        "facts._replace(dirty=None, writeback=False))\n    return then._replace(cleaned",
        "the disk has finished a page as soon as it is written",
    ),
    _at(
        OPERATIONS,
        "igrab-always",
        "    return [(True, taken), (False, known._replace(handed=known.handed | scene.duties))]",
        "    return [(True, taken)]",
        "a file is never on its way out",
    ),
    _at(
        OPERATIONS,
        "never-the-last-reference",
        "    if known.refs == 1:\n",
        "    if known.refs > 1:\n",
        "one's last reference of a file is nobody's last",
    ),
    _at(
        OPERATIONS,
        "found-always",
        "    if not facts.attached:\n        found.append((None",
        "    if facts.attached is False:\n        found.append((None",
        "a page of the file is always found",
    ),
    _at(
        OPERATIONS,
        "find-in-any-file",
        "    known = scene.touch_inode(known, line)\n    number = scene.box.find",
        "    number = scene.box.find",
        "a page may be looked up in a file that nothing keeps",
    ),
    _at(
        OPERATIONS,
        "queue-keeps-nothing",
        "        known = scene.touch(known, page, line)\n    if inode is not None:\n",
        "        pass\n    if inode is not None:\n",
        "a page may be queued that nothing keeps",
    ),
    _at(
        OPERATIONS,
        "queue-keeps-no-file",
        "        known = scene.touch_inode(known, line)\n    named",
        "        pass\n    named",
        "a file may be queued that nothing keeps",
    ),
    _at(
        OPERATIONS,
        "pins-stay",
        "        then = _without_pins(scene, line, then, number, 0)\n",
        "        pass\n",
        "a pin that goes with the work is still one's own",
    ),
    _at(
        OPERATIONS,
        "references-stay",
        "refs=0 if file else then.refs)\n    queued",
        "refs=then.refs)\n    queued",
        "a reference that goes with the work is still one's own",
    ),
    _at(
        OPERATIONS,
        "duty-by-any-work",
        "    duties = scene.duties & frozenset(pages)\n    then",
        "    duties = scene.duties\n    then",
        "a work that does not name a page is to clean it",
    ),
    _at(
        OPERATIONS,
        "never-full",
        "    return [(True, then), (False, known._replace(refused=True))]\n\n\ndef values",
        "    return [(True, then)]\n\n\ndef values",
        "the queue is never full",
    ),
    _at(
        OPERATIONS,
        "refused-once-is-enough",
        "        if not known.refused and not",
        "        if known.refused and not",
        "a page may be refused where nothing was refused",
    ),
    _at(
        OPERATIONS,
        "handed-is-written",
        "        for number in sorted(scene.duties - known.cleaned - known.handed):\n",
        "        for number in sorted(scene.duties - known.cleaned - known.handed)[1:]:\n",
        "one page of a work may stay dirty",
    ),
)

FORGOTTEN = (
    _at(
        FACTS,
        "clean-for-ever",
        "facts._replace(dirty=facts.dirty or None, writeback",
        "facts._replace(dirty=facts.dirty, writeback",
        "a clean page stays clean under its lock",
    ),
    _at(
        FACTS,
        "under-writeback-for-ever",
        "writeback=False if facts.writeback is False else None)\n",
        "writeback=facts.writeback)\n",
        "writeback does not end while others run",
    ),
    _at(
        FACTS,
        "stays-in-its-file",
        "PageFacts(facts.pins, attached=False if facts.attached is False else None)",
        "PageFacts(facts.pins, attached=facts.attached)",
        "a page stays in its file without its lock",
    ),
    _at(
        FACTS,
        "stays-dirty",
        "PageFacts(facts.pins, attached=False if facts.attached is False else None)",
        "PageFacts(facts.pins, attached=False if facts.attached is False else None, dirty=facts.dirty)",
        "a page stays dirty without its lock",
    ),
    _at(
        FACTS,
        "stays-written",
        "PageFacts(facts.pins, attached=False if facts.attached is False else None)",
        "PageFacts(facts.pins, False, False if facts.attached is False else None, None, facts.writeback)",
        "a page does not go under writeback without its lock",
    ),
    _at(
        FACTS,
        "seen-for-ever",
        "    return known._replace(pages=tuple(pages), seen=())\n",
        "    return known._replace(pages=tuple(pages))\n",
        "what was read once stays so",
    ),
    _at(
        FACTS,
        "looked-at-is-cleaned",
        "(facts.attached is False or facts.dirty is False)",
        "(facts.attached is False or facts.dirty is not None)",
        "a page that was seen dirty counts as cleaned",
    ),
    _at(
        FACTS,
        "met-is-cleaned",
        "(facts.attached is False or facts.dirty is False)",
        "(facts.attached is not None or facts.dirty is False)",
        "a page that was seen in its file counts as cleaned",
    ),
    _at(
        FACTS,
        "work-brings-pins",
        "        for number, pins in self.pins:\n            known = known.with_page(number, PageFacts(pins))\n",
        "        for number in {*dict(self.pins), *({self.page} - {None})}:\n"
        "            known = known.with_page(number, PageFacts(1))\n",
        "every work brings a pin of its page",
    ),
    _at(
        FACTS,
        "work-brings-references",
        "        known = Knowledge(refs=self.refs)\n",
        "        known = Knowledge(refs=1)\n",
        "every work brings a reference of its file",
    ),
)

READ = (
    _at(
        READS,
        "never-locked",
        "        return [(True, known)] if facts.locked else _unseen(known, (number, attr))\n",
        "        return [(facts.locked, known)]\n",
        "nobody else has a page locked",
    ),
    _at(
        READS,
        "always-in-its-file",
        "            for value in _either(facts.attached)\n",
        "            for value in _either(facts.attached)[:1]\n",
        "a page that is not known to be gone is in its file",
    ),
    _at(
        READS,
        "always-dirty",
        "_either(False if facts.attached is False else facts.dirty):",
        "_either(False if facts.attached is False else facts.dirty)[:1]:",
        "a page that is not known to be clean is dirty",
    ),
    _at(
        READS,
        "always-under-writeback",
        "facts._replace(writeback=value))) for value in _either(facts.writeback)]",
        "facts._replace(writeback=value))) for value in _either(facts.writeback)[:1]]",
        "a page that is not known to be written is under writeback",
    ),
    _at(
        READS,
        "same-moment",
        "        return [(known.remembers(what), known)]\n",
        "        return [(True, known)]\n",
        "what was read at the same moment is always true",
    ),
    _at(
        READS,
        "always-linked",
        '    return _unseen(known, ("inode", "linked"))\n',
        "    return [(True, known)]\n",
        "no file is ever unlinked",
    ),
    _at(
        READS,
        "queue-never-empty",
        '    found: list[Answer] = [(("tuple",), known)]\n    kinds',
        "    found: list[Answer] = []\n    kinds",
        "the queue is never empty",
    ),
    _at(
        READS,
        "no-syncs",
        "    for one in [SYNC_WORK, *(other",
        "    for one in [*(other",
        "no sync work waits",
    ),
    _at(
        READS,
        "no-other-pages",
        "    pages = (*range(scene.box.pages), FOREIGN)",
        "    pages = (scene.box.wanted,)",
        "every queued work is for the wanted page",
    ),
    _at(
        READS,
        "any-work-covers",
        "        cleans = frozenset({one.about} if one.cleans and one.about is not None else ()) & scene.duties\n",
        "        cleans = scene.duties\n",
        "any work in the queue cleans the page",
    ),
    _at(
        READS,
        "any-work-keeps",
        '        if one.keeps:\n            seen = (*seen, (("keeps", one.about), True))\n',
        '        seen = (*seen, (("keeps", one.about), True))\n',
        "any work in the queue keeps its page",
    ),
    _at(
        READS,
        "looks-again",
        "    if scene.queue is None or known.looked:\n",
        "    if scene.queue is None:\n",
        "who looks at the queue twice is followed",
    ),
    _at(
        READS,
        "foreign-in-the-file",
        '            either: list[Answer] = [(("inode", 0), inside), (("inode", 1), inside)]\n',
        '            either: list[Answer] = [(("inode", 0), inside)]\n',
        "every page in the queue is one of the same file",
    ),
)

FOLLOWED = (
    _at(
        EXPLORE,
        "waits-for-nothing",
        "any(facts.writeback for _, facts in arrived[2].pages)",
        "any(facts.writeback is not False for _, facts in arrived[2].pages)",
        "a loop ends that may see a page under writeback",
    ),
    _at(
        EXPLORE,
        "room-for-whoever-asks",
        "answer is False and self._scene.waits_for_room(known)",
        "answer is False",
        "a full queue has room in the end for whoever asks",
    ),
    _at(
        SCENE,
        "room-for-the-flusher",
        "        return self.work is None and not known.held()\n",
        "        return not known.held()\n",
        "the flusher may wait for room in its own queue",
    ),
    _at(
        SCENE,
        "room-for-who-holds",
        "        return self.work is None and not known.held()\n",
        "        return self.work is None\n",
        "who holds a lock may wait for room in the queue",
    ),
    _at(
        EXPLORE,
        "makes-its-own-wait",
        'return self._ops[state].name == "writepage" or ',
        "return ",
        "a loop may wait for what it writes itself",
    ),
    _at(
        EXPLORE,
        "queues-its-own-wait",
        "any((state, to) in self._added for to in loop)\n",
        "any((state, to) in self._added and (state, to) not in self._waits for to in loop)\n",
        "a loop may wait for what it queues itself",
    ),
    _at(
        CERTIFY,
        "works-of-works",
        "        todo += [queued.work for queued in found[-1].queued]\n",
        "",
        "what a work queues is not looked at",
    ),
    _at(
        CERTIFY,
        "first-work-only",
        "    todo = [queued.work for queued in first.queued]\n",
        "    todo = [queued.work for queued in first.queued[:1]]\n",
        "only the first work is looked at",
    ),
    _at(
        CERTIFY,
        "on-every-filesystem",
        "if name not in fails_on)",
        ")",
        "a certificate holds where it fails",
    ),
    _at(
        CERTIFY,
        "beside-everybody",
        "if name not in fails_beside)",
        ")",
        "a certificate holds beside those it fails beside",
    ),
    _at(
        CERTIFY,
        "any-text",
        "    stop = None if is_relative(policy.source) else Stop(Reason.TEXT, 0)\n",
        "    stop = None\n",
        "a text that may hide something is followed for every size",
    ),
    _at(
        CERTIFY,
        "for-every-size",
        "        pages=None if stop is None else SMALL,\n",
        "        pages=None,\n",
        "what was shown for small files holds for all",
    ),
    _at(
        CERTIFY,
        "one-half",
        "            todo += halves\n",
        "            todo += halves[:1]\n",
        "of two sets of files one is looked at",
    ),
    _at(
        CERTIFY,
        "other-half",
        "            todo += halves\n",
        "            todo += halves[1:]\n",
        "of two sets of files the other is looked at",
    ),
    _at(
        CERTIFY,
        "works-of-more-than-a-page",
        "        if None in made:\n            raise Unshown(Reason.WORKS, 0)\n",
        "",
        "works about several pages are not met in the queue",
    ),
    _at(
        CERTIFY,
        "kinds-of-the-first-round",
        "        if more <= kinds:\n            return parts\n",
        "        return parts\n",
        "of the queue only the empty one is looked at",
    ),
    _at(
        BOX,
        "numbers-are-indexes",
        '        return ("position", number, 1, 0) if self.more_below else ("int", number)\n',
        '        return ("int", number)\n',
        "the index of a page is its number in the smallest file",
    ),
    _at(
        BOX,
        "outside-where-far-away",
        "            raise Absolute(Reason.POSITION, line)  # a page of the file, and nobody",
        "            return None  # a page of the file, and nobody",
        "a page at no certain distance is none of the file",
    ),
    _at(
        BOX,
        "files-of-one-page",
        "for size in range(1, pages + 1) for below in range(size)]",
        "for size in range(1, pages + 1) for below in range(1)]",
        "of small files only the first page is wanted",
    ),
    _at(
        QUEUE,
        "works-with-a-file",
        "or not plain or work.inode is not None or work.lock is not None:",
        "or not plain or work.lock is not None:",
        "a work that names a file is one of a page alone",
    ),
    _at(
        QUEUE,
        "works-with-anything",
        "    if not pages <= {wanted} or not plain or",
        "    if not pages <= {wanted} or",
        "a work that says something of a place in a file is one of a page alone",
    ),
    _at(
        SEARCH,
        "tests-may-do-anything",
        "            if isinstance(node, ast.NamedExpr | ast.Yield | ast.YieldFrom | ast.Lambda):\n"
        "                return False\n",
        "",
        "a search may do operations",
    ),
    _at(
        SEARCH,
        "any-function",
        "                elif name not in _PURE or self._is_bound(name):\n                    return False\n",
        "",
        "a search may call anything",
    ),
    _at(
        SEARCH,
        "any-method",
        "                if not isinstance(node.func, ast.Name) or node.keywords:\n                    return False\n",
        "                if not isinstance(node.func, ast.Name):\n                    continue\n",
        "a search may call methods",
    ),
    _at(
        SEARCH,
        "any-helper",
        "            isinstance(step, ast.Return) and (step.value",
        "            not isinstance(step, ast.Return) or (step.value",
        "a search may use helpers with effects",
    ),
    _at(
        SEARCH,
        "any-another",
        "        if self._is_bound(call.func.id):\n            return False\n",
        "",
        "an any of the policy's own is taken for Python's",
    ),
    _at(
        SEARCH,
        "any-loop",
        "            and isinstance(step.body[-1], ast.Return | ast.Break | ast.Raise)\n",
        "",
        "a loop over the queue need not leave",
    ),
    _at(
        SEARCH,
        "or-else",
        "            and not step.orelse\n",
        "",
        "a loop over the queue may do something about works that do not fit",
    ),
    _at(
        RELATIVE,
        "any-syntax",
        "        if not isinstance(node, _CONSTRUCTS):\n            return False\n",
        "",
        "any syntax may stand in a policy that uses positions relatively",
    ),
    _at(
        RELATIVE,
        "private-attributes",
        '            return not node.attr.startswith("_") and node.attr not in _ATTRIBUTES\n',
        "            return node.attr not in _ATTRIBUTES\n",
        "the number of a page may be asked for by a private name",
    ),
    _at(
        RELATIVE,
        "any-attribute",
        '            return not node.attr.startswith("_") and node.attr not in _ATTRIBUTES\n',
        '            return not node.attr.startswith("_")\n',
        "views of a dict are no sets",
    ),
    _at(
        RELATIVE,
        "any-identity",
        "            return any(self._no_number(side) for side in (node.left, *node.comparators)) and",
        "            return",
        "two indexes may be compared by identity",
    ),
    _at(
        RELATIVE,
        "any-name",
        "            if name not in self._bound and name not in _BUILTINS | _EXCEPTIONS:\n",
        "            if False:\n",
        "a policy may ask what kind of thing an index is",
    ),
    _at(
        RELATIVE,
        "any-base",
        "            return not (node.bases or node.keywords or node.decorator_list)\n",
        "            return True\n",
        "a class of a policy may be a number",
    ),
    _at(
        RELATIVE,
        "filled-later",
        "        if any(_fills(statement) for statement in self._loose):\n            return False\n",
        "",
        "what the module fills later is not looked at",
    ),
)

APPLIED = tuple(
    _at(MEETS, name, old, new, breaks)
    for name, old, new, breaks in (
        (
            "small-files-for-all",
            "    if certificate.pages is not None and largest > certificate.pages:\n        return False\n",
            "",
            "a certificate for small files speaks of large ones",
        ),
        (
            "beside-whoever",
            "    return beside and world.filesystem in",
            "    return world.filesystem in",
            "a certificate speaks of tasks that it does not list",
        ),
        (
            "on-whatever",
            "beside and world.filesystem in certificate.filesystems and assumes",
            "beside and assumes",
            "a certificate speaks of filesystems that it does not list",
        ),
        (
            "without-flusher",
            '    ready = {"flusher", "disk"} <= programs and',
            "    ready =",
            "a certificate speaks of scenarios without a flusher or a disk",
        ),
        (
            "without-room",
            " and world.queue_limit != 0\n",
            "\n",
            "a certificate speaks of a queue without room",
        ),
        (
            "held-from-the-beginning",
            "    return ready and free and owned",
            "    return ready and owned",
            "a certificate speaks of pages that are locked from the beginning",
        ),
        (
            "files-of-nobody",
            "and free and owned and upwards",
            "and free and upwards",
            "a certificate speaks of references that nobody drops",
        ),
        (
            "locks-downwards",
            "and owned and upwards and not busy",
            "and owned and not busy",
            "a certificate speaks of writers that lock downwards",
        ),
        (
            "busy-umount",
            "and not busy and not evicts\n",
            "and not evicts\n",
            "a certificate speaks of an umount beside who is busy",
        ),
        (
            "flusher-evicts-there",
            "and not busy and not evicts\n",
            "and not busy\n",
            "a certificate speaks of a flusher that evicts in a journal",
        ),
    )
)

RELIED_ON = (
    _at(
        BUILTIN,
        "task-waits-locked",
        "        scene.fail(Kind.WAITS_LOCKED, line, known, None, known.held()[0])\n",
        "        pass\n",
        "a task may wait for a work with a lock",
    ),
    _at(
        BUILTIN,
        "task-takes-out-unlocked",
        "        scene.fail(Kind.TAKEN_OUT_UNLOCKED, line, known, number)\n",
        "        pass\n",
        "a task may take a page out of its file without its lock",
    ),
    _at(
        BUILTIN,
        "task-busy",
        "    scene.fail(Kind.BUSY, line, known)\n    return [(True, known._replace(refs",
        "    return [(True, known._replace(refs",
        "a flusher with references is not busy",
    ),
    _at(
        BUILTIN,
        "task-locks-anyhow",
        "    locked = acquire(scene, line, known, number)\n",
        "    locked = known.with_page(number, facts._replace(locked=True))\n",
        "a task may lock pages in any order",
    ),
    _at(
        BUILTIN,
        "task-submits-anyhow",
        "        known = submit(scene, line, known, number)\n",
        "        pass\n",
        "a task may write what it has not locked",
    ),
    _at(
        BUILTIN,
        "task-calls-anyhow",
        "        scene.touch(known, argument[1], line)\n",
        "        pass\n",
        "reclaim may call for a page that nothing keeps",
    ),
    _at(
        BUILTIN,
        "task-holds-for-ever",
        "            if all(state.known.held() for state in circle) or any(",
        "            if any(",
        "a task may go round for ever with a lock",
    ),
    _at(
        BUILTIN,
        "task-writes-for-ever",
        " or any(self._ops[at].name in MAKES_MORE for at in circle):\n",
        ":\n",
        "a task may write for ever",
    ),
    _at(
        BUILTIN,
        "task-evicts-in-the-flusher",
        "            scene.fail(Kind.FLUSHER_EVICTS, line_of(op), known)\n        evict",
        "            pass\n        evict",
        "a flusher that evicts is not told",
    ),
    _at(
        BUILTIN,
        "task-holds-what-others-locked",
        "                if finding.kind is not Kind.LOCK_LEFT or finding.page not in callers:\n",
        "                if finding.kind is not Kind.LOCK_LEFT:\n",
        "a task may end with a page locked",
    ),
)

OF_CERTIFICATES = UNASKED + NARROWED + FORGOTTEN + READ + FOLLOWED + APPLIED + RELIED_ON
