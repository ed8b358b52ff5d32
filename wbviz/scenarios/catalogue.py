"""Every scenario of the book: one function each, its parameters the sizes, its docstring the claim.

`expected` is the contract: which built-in policy gets which verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wbviz.errors import ScenarioError
from wbviz.machine.scenario import Scenario
from wbviz.scenarios.build import Plan, Recipe, several, span

SCENARIOS: dict[str, Recipe] = {}

SAFE, BROKEN, DEADLOCK, LOST, LEAK = "safe", "rule-violation", "deadlock", "lost-work", "leak"
LIVELOCK, STARVATION = "livelock", "starvation"


def scenario(**expected: str) -> Callable[[Callable[..., Plan]], Callable[..., Plan]]:
    """Register a scenario under its function's name."""

    def register(plan: Callable[..., Plan]) -> Callable[..., Plan]:
        name = plan.__name__.replace("_", "-")
        claim = " ".join((plan.__doc__ or "").split())
        SCENARIOS[name] = Recipe(name, claim, plan, tuple(expected.items()))
        return plan

    return register


def build(name: str, params: Mapping[str, int] | None = None) -> Scenario:
    """The scenario of that name at the given sizes. Raises `ScenarioError` for an unknown name or parameter."""
    if str(name) not in SCENARIOS:
        from difflib import get_close_matches  # for a misspelt name alone

        near = get_close_matches(str(name), SCENARIOS, 1)
        raise ScenarioError(
            f"there is no scenario {name}",
            came=f"{name}",
            expected="one of: " + ", ".join(SCENARIOS),
            cause=f"perhaps you meant {near[0]}" if near else "",
            fix=f'wbviz.check(policy, "{near[0] if near else "abba"}")',
            command="python -m wbviz scenarios    lists them all",
        )
    return SCENARIOS[str(name)].build(params)


@scenario(
    writearound=DEADLOCK,
    write_ahead=SAFE,
    range_around=SAFE,
    trylock_around=SAFE,
    lock_at_enqueue=SAFE,
    pin_then_lock=SAFE,
)
def abba(pages: int = 2, flushers: int = 1) -> Plan:
    """Writing around a locked page takes locks downwards, and meets a writer that takes them upwards."""
    wanted = f"A{pages // 2}"
    return Plan(
        files={"A": pages},
        tasks=(("kswapd", "kswapd", (wanted,), 1, False), ("writer", "writer", span("A", 0, pages))),
        flushers=flushers,
    )


@scenario(writearound=DEADLOCK, trylock_around=DEADLOCK, own_range=LIVELOCK, write_ahead=SAFE, pin_then_lock=SAFE)
def piggyback(pages: int = 3, flushers: int = 1) -> Plan:
    """A clustering filesystem locks more pages than it was asked to write, among them the one we hold."""
    return Plan(
        files={"A": pages},
        tasks=(("kswapd", "kswapd", (f"A{pages // 2}",), 1, False),),
        filesystem="cluster",
        cluster=3,
        flushers=flushers,
    )


@scenario(writearound=SAFE, trylock_around=SAFE, write_ahead=SAFE, pin_then_lock=SAFE)
def piggyback_try(pages: int = 3, flushers: int = 1) -> Plan:
    """The filesystem only trylocks what it piggy-backs: the condition on which the thread settled for trylock."""
    return piggyback(pages, flushers)._replace(filesystem="cluster-try")


@scenario(lock_at_enqueue=DEADLOCK, pin_then_lock=SAFE)
def random_order(pages: int = 3, flushers: int = 1) -> Plan:
    """One lock for each queued work, in reclaim's order, beside a writer, where writing one page needs another."""
    return Plan(
        files={"A": pages},
        tasks=(("kswapd", "kswapd", ("A0", "A2")[: pages - 1], 2, False), ("writer", "writer", span("A", 1, pages))),
        filesystem="cluster",
        cluster=2,
        flushers=flushers,
    )


@scenario(lock_at_enqueue=DEADLOCK, pin_then_lock=SAFE)
def sync_ahead(pages: int = 1, flushers: int = 1) -> Plan:
    """A sync work stands in the queue in front of a work that holds a page lock."""
    return Plan(
        files={"A": pages},
        tasks=(("kswapd", "kswapd", span("A", 0, pages), pages, False), ("sync", "sync", "A")),
        flushers=flushers,
    )


@scenario(lock_at_enqueue=DEADLOCK, pin_then_lock=SAFE)
def final_iput(pages: int = 1, flushers: int = 1) -> Plan:
    """The flusher, ending a sync that found nothing to write, drops the last reference of an unlinked inode,
    and so truncates it, while a work further down the queue holds the lock of one of its pages."""
    return Plan(
        files={"A": pages},
        clean=span("A", 0, pages),
        owners=("A",),
        tasks=(
            ("kswapd", "kswapd", ("A0",), 1, False),
            ("sync", "sync", "A"),
            ("unlink", "unlink", "A", ("A0",)),
        ),
        igrab=True,
        flushers=flushers,
    )


@scenario(no_recheck=BROKEN, no_pin=BROKEN, pin_then_lock=SAFE)
def truncated(pages: int = 2, flushers: int = 1) -> Plan:
    """The page and its neighbour are truncated between enqueue and execute."""
    return Plan(
        files={"A": pages},
        tasks=(("kswapd", "kswapd", ("A0",), 1, False), ("truncate", "truncate", span("A", 0, pages))),
        flushers=flushers,
    )


@scenario(pin_then_lock=SAFE)
def cleaned(pages: int = 1, flushers: int = 1) -> Plan:
    """Somebody else cleans the page first: nothing is written twice."""
    return Plan(
        files={"A": pages},
        tasks=(("kswapd", "kswapd", span("A", 0, pages), pages, False), ("cleaner", "cleaner", "A0")),
        flushers=flushers,
    )


@scenario(igrab_at_enqueue=BROKEN, pin_then_lock=SAFE)
def umount(pages: int = 1, flushers: int = 1) -> Plan:
    """Queued works must not hold the filesystem busy."""
    return Plan(
        files={"A": pages},
        tasks=(("kswapd", "kswapd", span("A", 0, pages), pages, False), ("umount", "umount", ("A",))),
        flushers=flushers,
    )


@scenario(igrab_at_enqueue=DEADLOCK, pin_then_lock=SAFE)
def iput_in_flusher(pages: int = 1, flushers: int = 1) -> Plan:
    """The work holds the last reference of an unlinked inode whose eviction needs journal space:
    the flusher queues a sync work for itself and waits for it."""
    return Plan(
        files={"A": pages},
        owners=("A",),
        tasks=(("kswapd", "kswapd", ("A0",), 1, False), ("unlink", "unlink", "A", ())),
        journalled=True,
        flushers=flushers,
    )


@scenario(leaky=LEAK, spin_when_full=DEADLOCK, pin_then_lock=SAFE)
def full_queue(limit: int = 1, flushers: int = 1) -> Plan:
    """The pool of works is empty: reclaim takes the pages of B, for which there is room, then A0, for which there is
    none, and a sync of A is ahead."""
    return Plan(
        files={"A": 1, "B": limit},
        tasks=(("kswapd", "kswapd", (*span("B", 0, limit), "A0"), limit + 1, False), ("sync", "sync", "A")),
        queue_limit=limit,
        flushers=flushers,
    )


@scenario(leaky=LEAK, pin_then_lock=SAFE)
def little_room(limit: int = 1, flushers: int = 1) -> Plan:
    """There is no room for a page, and nobody else will ever clean it: reclaim takes A0 and the pages of B, in any
    order, one more than the queue holds."""
    everything = ("A0", *span("B", 0, limit))
    return Plan(
        files={"A": 1, "B": limit},
        tasks=(("kswapd", "kswapd", everything, limit + 1, True),),
        queue_limit=limit,
        flushers=flushers,
    )


@scenario(keep_locked=LOST, writearound=SAFE, pin_then_lock=SAFE)
def dilemma(pages: int = 3, flushers: int = 1) -> Plan:
    """A page that is kept locked keeps its file, but code that locks each page before it writes it cannot write this
    one: Wu's dilemma. Morton's answer is to write that page under the very lock that keeps the file."""
    return Plan(
        files={"A": pages},
        tasks=(("kswapd", "kswapd", (f"A{pages // 2}",), 1, False),),
        flushers=flushers,
    )


def going(pages: int, flushers: int) -> Plan:
    """Reclaim wants the first page of a file whose last name and last reference go meanwhile."""
    return Plan(
        files={"A": pages},
        owners=("A",),
        tasks=(("kswapd", "kswapd", ("A0",), 1, False), ("unlink", "unlink", "A", ())),
        flushers=flushers,
    )


@scenario(after_unlock=BROKEN, writearound=SAFE, pin_then_lock=SAFE)
def after_unlock(pages: int = 2, flushers: int = 1) -> Plan:
    """The lock of the wanted page was the last thing that kept its file: once it is let go, the file must be left
    alone."""
    return going(pages, flushers)


@scenario(trust_pointer=BROKEN, prove_pointer=SAFE, pin_then_lock=SAFE)
def bare_pointer(pages: int = 2, flushers: int = 1) -> Plan:
    """A work carries a bare pointer to an inode, and the file may go meanwhile. A reference to one of its pages proves
    the pointer: while that page is locked and still in the file, there is such a file."""
    return going(pages, flushers)


@scenario(drop_bundle=LOST, write_ahead=SAFE, pin_then_lock=SAFE)
def bundled(pages: int = 2, flushers: int = 1) -> Plan:
    """Neighbours are bundled with the wanted page, and somebody else cleans that one first: the work is done, and what
    it was to write beside is forgotten."""
    return Plan(
        files={"A": pages},
        tasks=(("kswapd", "kswapd", span("A", 0, pages), pages, False), ("cleaner", "cleaner", "A0")),
        flushers=flushers,
    )


@scenario(wrap_round=DEADLOCK, write_ahead=SAFE, pin_then_lock=SAFE)
def range_cyclic(pages: int = 2, cluster: int = 6, flushers: int = 1) -> Plan:
    """Pages are gathered for a request that waits to be full. The flusher has the last page in its request and wraps
    round to the first; one program writes the file and calls fsync, another does so with the first page: the deadlock
    of 2018, a ring through a lock and two unsent requests."""
    return Plan(
        files={"A": pages},
        tasks=(
            ("kswapd", "kswapd", (f"A{pages - 1}",), 1, False),
            ("fsync", "fsync", span("A", 0, pages)),
            ("fsync2", "fsync", ("A0",)),
        ),
        filesystem="gather",
        cluster=cluster,
        flushers=flushers,
    )


@scenario(wrap_round=DEADLOCK, write_ahead=SAFE, pin_then_lock=SAFE)
def held_range(pages: int = 2, cluster: int = 6, flushers: int = 1) -> Plan:
    """The same flusher meets a write that holds the pages it has locked while it waits for the writeback of the next:
    the deadlock of btrfs in 2020."""
    return Plan(
        files={"A": pages},
        tasks=(
            ("kswapd", "kswapd", (f"A{pages - 1}",), 1, False),
            ("prepare", "prepare", span("A", 0, pages)),
        ),
        filesystem="gather",
        cluster=cluster,
        flushers=flushers,
    )


@scenario(make_room=DEADLOCK, write_ahead=SAFE, pin_then_lock=SAFE)
def nearly_full(pages: int = 1, cluster: int = 6, flushers: int = 1) -> Plan:
    """The disk is nearly full, and the flusher makes room while a page is in its unsent request. A truncation has the
    page's lock and waits for its writeback: the deadlock of f2fs in 2026."""
    return Plan(
        files={"A": pages},
        tasks=(("kswapd", "kswapd", ("A0",), 1, False), ("truncate", "truncate", span("A", 0, pages))),
        filesystem="gather",
        cluster=cluster,
        flushers=flushers,
    )


@scenario(skip_if_locked=LOST, pin_then_lock=SAFE)
def busy_page(pages: int = 1, flushers: int = 1) -> Plan:
    """A reader holds the page for a moment."""
    return Plan(
        files={"A": pages},
        tasks=(("kswapd", "kswapd", span("A", 0, pages), pages, False), ("reader", "reader", "A0", False)),
        flushers=flushers,
    )


@scenario(writearound=DEADLOCK, pin_then_lock=SAFE)
def daemon(pages: int = 2, flushers: int = 1) -> Plan:
    """A dirtier never stops: two tasks lock each other out for ever while the rest of the system lives."""
    plan = abba(pages, flushers)
    return plan._replace(files={"A": pages, "B": 1}, tasks=(*plan.tasks, ("dirtier", "dirtier", "B0")))


@scenario(wait_before_lock=BROKEN, pin_then_lock=SAFE)
def redirtied(pages: int = 1, cleaners: int = 1, flushers: int = 1) -> Plan:
    """The wanted page is redirtied for ever, also while it is under writeback, and somebody else writes it too."""
    return Plan(
        files={"A": pages},
        tasks=(
            ("kswapd", "kswapd", span("A", 0, pages), pages, False),
            *several(cleaners, "cleaner", "A0"),
            ("dirtier", "dirtier", "A0"),
        ),
        flushers=flushers,
    )


@scenario(racy_merge=LEAK, pin_then_lock=SAFE)
def two_reclaimers(pages: int = 1, flushers: int = 1) -> Plan:
    """Two reclaimers want the same pages."""
    return Plan(
        files={"A": pages},
        tasks=several(2, "kswapd", span("A", 0, pages), pages, False),
        flushers=flushers,
    )


@scenario(racy_merge=SAFE, pin_then_lock=SAFE)
def neighbours(pages: int = 3, flushers: int = 1) -> Plan:
    """Two reclaimers want pages that lie side by side: one takes the middle of the file and what lies below it, the
    other what lies above. A reclaimer that joins a queued work may come too late, and both may join it at once."""
    middle = pages // 2
    return Plan(
        files={"A": pages},
        tasks=(
            ("kswapd", "kswapd", span("A", 0, middle + 1)[::-1], middle + 1, False),
            ("kswapd2", "kswapd", span("A", middle + 1, pages), pages, False),
        ),
        flushers=flushers,
    )


@scenario(backoff=LIVELOCK, write_ahead=SAFE, pin_then_lock=SAFE)
def polite(pages: int = 2, flushers: int = 1) -> Plan:
    """A writer that trylocks upwards and backs off meets a policy that trylocks downwards and backs off."""
    return Plan(
        files={"A": pages},
        tasks=(("kswapd", "kswapd", (f"A{pages - 1}",), 1, False), ("polite", "polite", span("A", 0, pages))),
        flushers=flushers,
    )


@scenario(requeue_if_locked=STARVATION, pin_then_lock=SAFE)
def contended(pages: int = 1, flushers: int = 1) -> Plan:
    """A reader locks and unlocks the wanted page for ever."""
    return Plan(
        files={"A": pages},
        tasks=(("kswapd", "kswapd", span("A", 0, pages), pages, False), ("reader", "reader", "A0", True)),
        flushers=flushers,
    )


@scenario(write_ahead=SAFE, pin_then_lock=SAFE)
def storm(
    pages: int = 3,
    kswapd: int = 1,
    works: int = 1,
    writers: int = 1,
    sync: int = 1,
    truncators: int = 1,
    flushers: int = 1,
) -> Plan:
    """All of it at once: reclaimers that take any pages, writers, syncs and truncations."""
    everything = span("A", 0, pages)
    return Plan(
        files={"A": pages},
        tasks=(
            *several(kswapd, "kswapd", everything, works, True),
            *several(writers, "writer", everything),
            *several(sync, "sync", "A"),
            *several(truncators, "truncate", span("A", pages // 2, pages)),
        ),
        flushers=flushers,
    )


@scenario(writearound=SAFE, range_around=SAFE, trylock_around=SAFE, write_ahead=SAFE, pin_then_lock=SAFE)
def scattered(pages: int = 4, works: int = 2, apart: int = 2, flushers: int = 1) -> Plan:
    """Reclaim wants one page in every few of a file that is dirty all through, in any order, and nobody else is
    about: what a policy writes around the wanted page decides how large the requests are."""
    return Plan(
        files={"A": pages},
        tasks=(("kswapd", "kswapd", span("A", 0, pages)[::apart], works, True),),
        flushers=flushers,
    )
