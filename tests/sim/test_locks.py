"""Locks are handed over in the order of asking, and nobody gets in between."""

from tests.sim.small import COSTS, ONE, run, small, steps


def test_first_come_first_served() -> None:
    # The cleaner has A0 from 10 to 111. The writer asks for it at 20, once it has B0; the reader asks at 10,
    # though it comes after the writer in the scenario; kswapd is not there.
    result = run(
        ONE,
        small(
            {"A": 1, "B": 1},
            ("cleaner", "cleaner", "A0"),
            ("writer", "writer", ("B0", "A0")),
            ("reader", "reader", "A0", False),
        ),
    )
    locks = [(task, time) for task, what, time in steps(result) if what == "lock_attached A0"]
    # The cleaner waits for writeback (there is none) at 11, writes until 111, unlocks at 112.
    # Handed over in the moment of the unlock; who gets it wakes up after 1000 and unlocks one later.
    assert locks == [("cleaner", 10), ("reader", 112), ("writer", 112 + 1001)]


def test_nobody_slips_in_with_a_trylock() -> None:
    # `polite` tries again and again, every 10 seconds; the readers, who wait, all come before it.
    result = run(
        ONE,
        small(
            {"A": 1},
            ("cleaner", "cleaner", "A0"),
            ("polite", "polite", ("A0",)),
            ("reader", "reader", "A0", False),
            ("reader2", "reader", "A0", False),
        ),
        COSTS._replace(wake=45),
    )
    taken = [step.task for step in result.trace.steps if step.op.endswith("lock_attached") and step.result is True]
    assert taken == ["cleaner", "reader", "reader2", "polite"]
    refused = [step.time for step in result.trace.steps if step.op == "trylock_attached" and step.result is False]
    assert len(refused) > 10


def test_every_unlock_with_a_waiter_is_followed_at_once_by_the_next_lock() -> None:
    readers = [(f"reader{number}", "reader", "A0", False) for number in range(1, 6)]
    result = run(ONE, small({"A": 1}, ("cleaner", "cleaner", "A0"), *readers))
    happened = [(what, time) for task, what, time in steps(result) if "lock" in what and task != "disk"]
    for (before, when), (after, then) in zip(happened[1::2][:-1], happened[2::2], strict=True):
        assert (before, after) == ("unlock_page A0", "lock_attached A0")
        assert when == then
