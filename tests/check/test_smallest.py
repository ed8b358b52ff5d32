"""The smallest failing configuration."""

import json

import pytest

from wbviz.check.smallest import Size, Tried, size_of, smallest, smallest_text
from wbviz.errors import ScenarioError, UsageError
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import SCENARIOS, build


def test_the_deadlock_of_two_pages_is_found_below_three() -> None:
    found = smallest(load_policy("writearound"), SCENARIOS["abba"], {"pages": 3, "flushers": 2})
    assert found.kind == "deadlock"
    assert found.result is not None
    assert found.result.params == {"pages": 2, "flushers": 1}
    assert [tried.params for tried in found.tried] == [{"pages": 1, "flushers": 1}, {"pages": 1, "flushers": 2}]
    assert {tried.verdict for tried in found.tried} == {"safe"}
    text = smallest_text(found)
    assert "2 smaller configurations were explored completely: none of them is deadlock" in text
    assert "abba (pages=2, flushers=1): writearound is not safe: deadlock" in text
    data = json.loads(json.dumps(found.to_json()))
    assert data["params"] == {"pages": 2, "flushers": 1}
    assert data["smallest"]["asked"] == {"pages": 3, "flushers": 2}


def test_tasks_that_are_not_needed_are_left_out() -> None:
    found = smallest(load_policy("lock_at_enqueue"), SCENARIOS["storm"], {"pages": 2})
    assert found.result is not None
    assert found.result.params == {
        "pages": 1,
        "kswapd": 1,
        "works": 1,
        "writers": 0,
        "sync": 1,
        "truncators": 0,
        "flushers": 1,
    }, "one page, one work, and the sync work that stands before it in the queue"


def test_sizes_grow() -> None:
    found = smallest(load_policy("writearound"), SCENARIOS["storm"], {"pages": 2, "sync": 0})
    assert found.result is not None
    sizes = [tried.size for tried in found.tried]
    assert sizes == sorted(sizes)
    assert sizes[-1] <= size_of(build("storm", found.result.params))


def test_what_makes_a_scenario_large() -> None:
    # kswapd, writer, sync, truncate, flusher, disk; reclaim may ask for two works, in a file of three pages
    assert size_of(build("storm", {"works": 2})) == Size(3, 2, 6, 10)
    assert size_of(build("storm", {"works": 5, "kswapd": 2})).works == 6, "three pages each, not five"


def test_nothing_to_make_smaller() -> None:
    found = smallest(load_policy("pin_then_lock"), SCENARIOS["abba"])
    assert found.result is None
    assert found.given.verdict == "safe"
    assert "nothing fails at pages=2 flushers=1" in smallest_text(found)


def test_the_least_sizes_of_all() -> None:
    found = smallest(load_policy("lock_at_enqueue"), SCENARIOS["sync-ahead"])
    assert not found.tried
    assert "nothing smaller can be asked for" in smallest_text(found)


def test_what_is_not_settled_is_named() -> None:
    found = smallest(load_policy("no_pin"), SCENARIOS["truncated"], {"pages": 2})
    tried = Tried({"pages": 1, "flushers": 1}, Size(1, 1, 4, 2), "incomplete", 10, complete=False)
    text = smallest_text(found._replace(tried=(tried,)))
    assert "not settled (incomplete): pages=1 flushers=1" in text
    assert "explored completely" not in text


def test_a_bound_leaves_smaller_ones_unsettled() -> None:
    """At a bound that hides the bug everywhere nothing is claimed."""
    found = smallest(load_policy("backoff"), SCENARIOS["polite"], max_states=20)
    assert found.given.verdict == "incomplete"
    assert found.result is None
    assert len(found.unsettled) == len(found.tried) == 2
    assert "was seen to fail" in smallest_text(found)


def test_ctrl_c_ends_the_search() -> None:
    def tick(scenario: object) -> object:
        def stop(_: object) -> None:
            if getattr(scenario, "params")[0] == ("pages", 1):  # noqa: B009
                raise KeyboardInterrupt

        return stop

    found = smallest(load_policy("writearound"), SCENARIOS["abba"], {"pages": 3}, tick=tick)  # type: ignore[arg-type]
    assert found.result is None
    assert found.left == 2
    assert "2 were not tried" in smallest_text(found)


def test_too_many_configurations() -> None:
    with pytest.raises(UsageError, match="configurations of storm"):
        smallest(load_policy("writearound"), SCENARIOS["storm"], dict.fromkeys(SCENARIOS["storm"].defaults, 9))


def test_an_unusable_size() -> None:
    with pytest.raises(ScenarioError):
        smallest(load_policy("writearound"), SCENARIOS["abba"], {"pages": 0})
