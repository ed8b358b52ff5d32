"""State counts derived by hand. Each graph is drawn in a comment: a box a state, an arrow a step."""

from tests.check.tiny import graph_of, tiny
from tests.machine.driving import KSWAPD, policy
from wbviz.check.graph import explore
from wbviz.machine.machine import Machine

# One writer, one page. w locks A0, waits for writeback (there is none), submits it, unlocks it; d is the disk, which
# may finish before or after the unlock.
#
#   start --lock--> locked --wait--> ready --submit--> writing --unlock--> writing, free
#                                                         |                     |
#                                                         d                     d
#                                                         v                     v
#                                                     locked, clean --unlock--> end
WRITER = (7, 7)

# The same page already clean: lock, unlock. Nothing to submit, so the writer's next operation is the unlock.
#
#   start --lock--> locked --unlock--> end
CLEAN = (3, 2)

# Two readers r and s of one page, each lock then unlock. While one holds the lock the other cannot step.
#
#              r holds --> r done --> s holds, r done --> both done
#   start <                                                 ^
#              s holds --> s done --> r holds, s done ------'
READERS = (8, 8)

# Two writers, upwards (u: A0, A1) and downwards (d: A1, A0), on clean pages, so that only locks and unlocks are left.
# u alone runs 4 steps (lock A0, lock A1, unlock A0, unlock A1), d likewise with A1, A0. Write u's progress as 0..4 and
# d's as 0..4. u may stand at 1 only while A0 is free of d, and so on. Held pages: u: {} {0} {0,1} {1} {};
# d: {} {1} {0,1} {0} {}. A pair is reachable if what they hold is disjoint: from (0,0)
#   d=0 or 4 (holds nothing): u = 0..4             10 states
#   d=1 (A1): u = 0, 1, 4                           3
#   d=2 (both): u = 0, 4                            2
#   d=3 (A0): u = 0, 3, 4; (3,3) would need both to have passed 2 with the other past 2: u at 3 came from 2 when d was
#   at 0 or 4, d then reaches 3 only through 2, which needs A1, which u holds: unreachable. So u = 0, 4: 2 states
# 17 states. (1,1) is the deadlock: u wants A1, d wants A0.
# Steps: u moves: with d=0: 4, with d=4: 4; with d=1: 0->1 (then stuck), none from 4: 1; d=2 and 3: none. 9, and the
# same for d with u=0 (4), u=4 (4), u=1 (0->1): 9. Together 18.
ABBA = (17, 18)


# A reclaimer whose enqueue queues a work without a page, and a flusher whose execute does one cond_resched. Write k
# for the steps of kswapd (take the page, queue_work, put_page: 0..3) and f for those of the flusher (take the work,
# cond_resched, which ends it: 0..2). The flusher can start once the work is queued, at k = 2.
#
#   k: 0 --> 1 --> 2 --> 3    f = 0
#                  |     |
#                  v     v
#                  2 --> 3    f = 1
#                  |     |
#                  v     v
#                  2 --> 3    f = 2
QUEUED = (8, 9)

# A clean page, and a writer and a truncation that want it. Each locks; then the writer unlocks, and the truncation
# waits for writeback (there is none), detaches and unlocks. Neither can step while the other holds the lock of the
# attached page. The writer finds the page gone after the truncation: its lock is then one step that ends it.
#
#           w locks --> w done --> t locks --> t ready --> detached --> t done (end)
#   start <                        (w done)    (w done)    (w done)       ^
#           t locks --> t ready --> detached --> t done --> w sees it gone'
#                                      |                    ^ the same end
#                                      w sees it gone --> t unlocks
# While the page is detached and still locked the writer need not wait: it is no longer in the file.
# States: start, w locks, w done, (w done, t locks), (w done, t ready), (w done, detached), end,
#         t locks, t ready, detached, t done = 11.
# Steps: start 2, w locks 1, w done 1, (w done, t locks) 1, (w done, t ready) 1, (w done, detached) 1,
#        t locks 1, t ready 1, detached 2, t done 1 = 12.
TRUNCATED = (11, 12)


# A reclaimer that unlocks a page which it has not locked, beside a reader. k is 0 before it takes the page and 1 after;
# its next step breaks a rule wherever the reader r stands (0 before, 1 holding the lock, 2 done).
#
#   r: 0 --> 1 --> 2    k = 0
#      |     |     |
#      v     v     v
#      0 --> 1 --> 2    k = 1, and a step that breaks a rule from each of the three
BREAKS = (6, 3 + 4 + 3)


def size(graph: object) -> tuple[int, int]:
    return len(graph.states), graph.transitions  # type: ignore[attr-defined]


def test_one_writer_one_dirty_page() -> None:
    assert size(graph_of(tiny(1, ("writer", "writer", ("A0",))))) == WRITER


def test_one_writer_one_clean_page() -> None:
    assert size(graph_of(tiny(1, ("writer", "writer", ("A0",)), clean=("A0",)))) == CLEAN


def test_two_readers_take_turns() -> None:
    graph = graph_of(tiny(1, ("r", "reader", "A0", False), ("s", "reader", "A0", False)))
    assert size(graph) == READERS


def test_two_writers_in_opposite_order() -> None:
    scenario = tiny(2, ("u", "writer", ("A0", "A1")), ("d", "writer", ("A1", "A0")), clean=("A0", "A1"))
    graph = graph_of(scenario)
    assert size(graph) == ABBA
    stuck = [number for number, edges in enumerate(graph.edges) if not edges]
    assert len(stuck) == 2, "the deadlock, and the end"


def test_a_reclaimer_and_a_flusher() -> None:
    made = policy("yield mm.queue_work()\nreturn None", "yield mm.cond_resched()")
    assert size(explore(Machine(tiny(1, KSWAPD), made), 100)) == QUEUED


def test_a_writer_and_a_truncation() -> None:
    scenario = tiny(1, ("w", "writer", ("A0",)), ("t", "truncate", ("A0",)), clean=("A0",))
    assert size(graph_of(scenario)) == TRUNCATED


def test_a_broken_rule_hides_nothing_that_others_do() -> None:
    breaks = policy("yield mm.unlock_page(page)")
    assert size(explore(Machine(tiny(1, KSWAPD, ("reader", "reader", "A0", False)), breaks), 100)) == BREAKS


def test_an_endless_reader_has_two_states() -> None:
    # between two rounds <--> holding the lock
    graph = graph_of(tiny(1, ("reader", "reader", "A0", True)))
    assert size(graph) == (2, 2)


def test_a_bound_is_said_and_the_rest_is_not_explored() -> None:
    scenario = tiny(2, ("u", "writer", ("A0", "A1")), ("d", "writer", ("A1", "A0")), clean=("A0", "A1"))
    graph = graph_of(scenario, max_states=10)
    assert not graph.complete
    assert "10 states" in graph.why_incomplete
    assert graph.expanded < len(graph.states) <= 12
