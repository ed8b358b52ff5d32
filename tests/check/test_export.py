"""The explored graph as data."""

import json
from typing import Any

import pytest

from tests.check.tiny import graph_of, tiny
from wbviz.check.check import check_scenario
from wbviz.check.dot import digraph, quoted
from wbviz.check.export import export, graph_dot, graph_json, state_picture
from wbviz.errors import UsageError
from wbviz.machine.record import snapshot
from wbviz.policy.load import load_policy, policy_from_text
from wbviz.scenarios.catalogue import SCENARIOS, build

Json = dict[str, Any]
# Two writers in opposite order on clean pages: 17 states, counted in test_counts. The deadlock is two steps away, rest
# is eight; only from the start, the two states with one first lock taken, and the deadlock itself, can it be reached.
ABBA = tiny(2, ("u", "writer", ("A0", "A1")), ("d", "writer", ("A1", "A0")), clean=("A0", "A1"))


def test_two_writers_in_opposite_order() -> None:
    data = graph_json(graph_of(ABBA))
    states = data["states"]
    assert len(states) == 17
    assert (states[0]["to_bug"], states[0]["to_rest"], states[0]["depth"]) == (2, 8, 0)
    marks = [state["mark"] for state in states]
    assert (marks.count("deadlock"), marks.count("rest"), marks.count(None)) == (1, 1, 15)
    stuck = states[marks.index("deadlock")]
    assert (stuck["depth"], stuck["to_bug"], stuck["to_rest"], stuck["moves"]) == (2, 0, None, [])
    assert {(edge["from"], edge["to"]) for edge in stuck["cycle"]} == {("u", "d"), ("d", "u")}
    assert sum(state["safe"] for state in states) == 13
    assert [(move["task"], move["says"]) for move in states[0]["moves"]] == [
        ("u", "u locks A0 and holds it"),
        ("d", "d locks A1 and holds it"),
    ]
    assert data["verdicts"][0]["kind"] == "deadlock"


def test_a_state_can_be_put_together_again() -> None:
    graph = graph_of(build("sync-ahead"), "lock_at_enqueue")
    data = json.loads(json.dumps(graph_json(graph)))
    for number, state in enumerate(graph.states):
        assert state_picture(data, number) == json.loads(json.dumps(snapshot(graph.machine, state)))


PAIRS = [
    (recipe.name, policy)
    for recipe in SCENARIOS.values()
    for policy, _ in recipe.expected
    if recipe.name not in ("storm", "scattered", "random-order")
]


@pytest.mark.parametrize(("scenario", "policy"), PAIRS)
def test_distances_agree_with_the_check(scenario: str, policy: str) -> None:
    data = export(load_policy(policy), build(scenario))
    result = check_scenario(load_policy(policy), build(scenario))
    first = data["states"][0]
    assert data["verdicts"][0]["kind"] == result.verdict
    if result.verdict == "safe":
        assert first["to_bug"] is None
        assert all(state["safe"] and state["to_rest"] is not None for state in data["states"])
    else:
        assert not first["safe"]
        assert result.trace is not None
        if len(result.verdicts) == 1 and result.trace.loop is None:
            assert first["to_bug"] == len(result.trace.steps)


@pytest.mark.parametrize(
    ("scenario", "policy"), [("truncated", "no_pin"), ("polite", "backoff"), ("abba", "writearound")]
)
def test_every_distance_is_one_more_than_the_nearest_neighbour(scenario: str, policy: str) -> None:
    states = export(load_policy(policy), build(scenario))["states"]

    def nearest(state: Json, key: str) -> int | None:
        ways = [1 for move in state["moves"] if key == "to_bug" and move["ends"]]
        ways += [
            states[move["to"]][key] + 1
            for move in state["moves"]
            if move["to"] is not None and states[move["to"]][key] is not None
        ]
        return min(ways, default=None)

    for state in states:
        for key in ("to_bug", "to_rest", "to_safe"):
            goal = state["mark"] is not None and (state["mark"] == "rest") == (key == "to_rest")
            goal = state["safe"] if key == "to_safe" else goal
            assert state[key] == (0 if goal else nearest(state, key))
        if state["safe"]:
            assert state["to_bug"] is None
            assert all(states[move["to"]]["safe"] for move in state["moves"]), "safe for ever"


def test_a_broken_rule_ends_the_run() -> None:
    data = export(load_policy("no_pin"), build("truncated"))
    last = [move for state in data["states"] for move in state["moves"] if move["ends"]]
    assert last
    assert all(move["to"] is None and move["ends"] == "rule-violation" for move in last)
    assert any("was freed" in move["says"] for move in last)


def test_a_livelock_marks_its_loop() -> None:
    states = export(load_policy("backoff"), build("polite"))["states"]
    assert "livelock" in {state["mark"] for state in states}
    assert all(state["safe"] == (state["to_bug"] is None) for state in states)


def test_every_livelock_is_marked_not_only_the_one_shown() -> None:
    spins = policy_from_text(
        "def enqueue(mm, page):\n    yield mm.queue_work(page=page)\n\n\n"
        "def execute(mm, work):\n    while True:\n        yield mm.cond_resched()\n"
    )
    data = export(spins, tiny(2, ("kswapd", "kswapd", ("A0", "A1"), 1, True)))
    assert len(check_scenario(spins, tiny(2, ("kswapd", "kswapd", ("A0", "A1"), 1, True))).verdicts) == 1
    ends = [number for number, state in enumerate(data["states"]) if state["mark"] == "livelock"]
    assert {state_picture(data, number)["works"][0]["page"] for number in ends} == {"A0", "A1"}
    assert all(state["to_bug"] is not None for state in data["states"])


def test_a_graph_that_is_too_large_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        export(load_policy("writearound"), build("abba"), most=100)
    assert "100 states" in str(caught.value)
    assert "--smallest" in str(caught.value)


def test_an_interrupted_one_is_not_written() -> None:
    def stop(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(load_policy("writearound"), build("abba"), tick=stop)


def test_as_dot() -> None:
    text = graph_dot(graph_json(graph_of(ABBA)))
    assert text.count("->") == 18, "the steps counted in test_counts"
    assert text.count("octagon") == text.count("doublecircle") == 1
    assert text.startswith('digraph "tiny pin_then_lock" {')
    assert text.endswith("}\n")


def test_dot_quotes_whatever_comes() -> None:
    assert quoted('a "b" \\ c\nd') == '"a \\"b\\" \\\\ c\\nd"'
    assert digraph("g", [("a b", {"label": "x\ny"})], [("a b", "a b", {})]) == (
        'digraph "g" {\n  "a b" [label="x\\ny"];\n  "a b" -> "a b";\n}\n'
    )
