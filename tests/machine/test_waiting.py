"""Who waits for whom: locks, works, the queue, the disk, a reclaimer that was refused."""

from tests.machine.driving import KSWAPD, go, machine, policy, task
from wbviz.kernel.state import State
from wbviz.machine.machine import Machine
from wbviz.machine.record import edge_json
from wbviz.machine.waiting import edges_of, find_cycle
from wbviz.policy.load import load_policy

TWO = ("kswapd", "kswapd", ("A0", "A1"), 2, False)


def edges(machine: Machine, state: State, name: str) -> list[tuple[str, str]]:
    """(whom, why) for a task's name or "work N"."""
    names = machine.world.task_names
    node = ("task", names.index(name)) if name in names else ("work", int(name.split()[1]))
    found = [edge_json(machine, edge) for edge in edges_of(machine, state, node)]
    assert all(edge["from"] == name for edge in found)
    return [(edge["to"], edge["why"]) for edge in found]


def test_a_lock() -> None:
    m = machine(("reader", "reader", "A0", False), ("writer", "writer", ("A0",)))
    state = go(m, "reader")
    assert edges(m, state, "writer") == [("reader", "A0 is locked by reader")]
    assert edges(m, state, "reader") == []


def test_a_lock_that_a_work_holds_and_what_that_work_waits_for() -> None:
    m = machine(TWO, ("writer", "writer", ("A1",)), pages=2, policy=load_policy("lock_at_enqueue"))
    state = go(m, "kswapd*10")
    assert edges(m, state, "writer") == [("work 2", "A1 is locked by work 2")]
    assert edges(m, state, "work 2") == [
        ("work 1", "work 1 is before it in the queue"),
        ("flusher", "it is queued for flusher"),
    ]
    assert edges(m, state, "work 1") == [("flusher", "it is queued for flusher")]
    taken = go(m, "kswapd*10 flusher")
    assert edges(m, taken, "work 1") == [("flusher", "flusher runs it")]
    assert edges(m, taken, "work 2") == [("flusher", "it is queued for flusher")]


def test_a_queued_work_waits_for_every_flusher() -> None:
    m = machine(KSWAPD, flushers=2)
    state = go(m, "kswapd*3")
    assert [whom for whom, _ in edges(m, state, "work 1")] == ["flusher", "flusher2"]
    assert [whom for whom, _ in edges(m, go(m, "kswapd*3 flusher2"), "work 1")] == ["flusher2"]


def test_completion_and_the_disk() -> None:
    m = machine(("sync", "sync", "A"), ("writer", "writer", ("A0",)), ("truncate", "truncate", ("A0",)))
    state = go(m, "sync writer*4 truncate")
    assert edges(m, state, "sync") == [("work 1", "work 1 is not completed")]
    assert edges(m, state, "truncate") == [("disk", "A0 is under writeback")]
    assert edges(m, state, "flusher") == [], "ready"
    assert edges(m, state, "writer") == [], "ended"


def test_an_idle_flusher_waits_for_nobody() -> None:
    m = machine(KSWAPD)
    assert edges(m, m.initial(), "flusher") == []
    assert edges(m, m.initial(), "disk") == []


def test_a_refused_reclaimer_that_asks_again_waits_for_the_queued_works_though_it_runs() -> None:
    again = policy("while not (yield mm.queue_work(page=page)):\n    yield mm.cond_resched()\nreturn True")
    m = machine(TWO, ("sync", "sync", "A"), pages=2, policy=again, queue_limit=1)
    first = go(m, "kswapd sync kswapd*3")
    assert edges(m, first, "kswapd") == [], "it has not been refused yet"
    assert edges(m, go(m, "kswapd sync kswapd*4"), "kswapd") == [], "it is about to let others run"
    asks = go(m, "kswapd sync kswapd*5")
    assert m.waits(asks, task(m, "kswapd")) is None
    assert edges(m, asks, "kswapd") == [("work 2", "the queue is full")], "and not for the sync"
    room = go(m, "kswapd sync kswapd*5 flusher*11")
    assert edges(m, room, "kswapd") == []
    three = machine(("kswapd", "kswapd", ("A0", "A1", "A2"), 3, False), pages=3, policy=again, queue_limit=2)
    assert edges(three, go(three, "kswapd*9"), "kswapd") == [(f"work {n}", "the queue is full") for n in (1, 2)]
    assert edges(three, go(three, "kswapd*9 flusher"), "kswapd") == [], "one is left, and there is room beside it"


def test_a_cycle_is_the_shortest_one_through_a_start_and_over_stuck_nodes_only() -> None:
    m = machine(("u", "writer", ("A0", "A1")), ("d", "writer", ("A1", "A0")), ("w", "writer", ("A0",)), pages=2)
    state = go(m, "u d")
    everyone = [("task", number) for number in range(3)]
    cycle = find_cycle(m, state, everyone, lambda node: True)
    assert [(edge.waiter, edge.holder) for edge in cycle] == [(("task", 0), ("task", 1)), (("task", 1), ("task", 0))]
    assert find_cycle(m, state, [("task", 2)], lambda node: True) == (), "w waits for the cycle, and is not on it"
    assert find_cycle(m, state, [("task", 0)], lambda node: node != ("task", 1)) == ()


def test_a_task_may_wait_for_itself() -> None:
    m = machine(KSWAPD, policy=policy("yield mm.lock_page(page)\nyield mm.lock_page(page)"))
    state = go(m, "kswapd*2")
    (edge,) = find_cycle(m, state, [("task", 0)], lambda node: True)
    assert edge.waiter == edge.holder == ("task", 0)
