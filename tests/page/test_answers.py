"""What the pages ask and are told: the same as the command line says, and an answer to whatever they ask."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wbviz.certify.certify import certify
from wbviz.certify.report import to_json
from wbviz.check.check import check_scenario
from wbviz.check.smallest import smallest
from wbviz.grade.exercise import load_exercise
from wbviz.grade.score import grade_policy
from wbviz.page import checks
from wbviz.page.answers import KINDS, answer
from wbviz.policy.load import load_policy, policy_from_text
from wbviz.scenarios.catalogue import SCENARIOS, build
from wbviz.viz.labs import reclaim
from wbviz.viz.labs.pack import unpack
from wbviz.viz.stage.board import board
from wbviz.viz.stage.frames import film
from wbviz.viz.stage.levels import LEVELS

BAD, GOOD = (load_policy(name).source for name in ("writearound", "range_around"))
UNYIELDED = """def enqueue(mm, page):
    mm.get_page(page)
    return True


def execute(mm, work):
    yield mm.lock_page(work.page)
"""
OWN = """[files]
A = 2

[[task]]
program = "kswapd"
pages = ["A1"]

[[task]]
program = "writer"
pages = ["A0", "A1"]
"""
HUNG = """INFO: task kswapd0:42 blocked for more than 120 seconds.
      Not tainted 6.1.0 #1
task:kswapd0         state:D stack:0     pid:42    ppid:2      flags:0x00004000
Call Trace:
 <TASK>
 __schedule+0x351/0xa20
 schedule+0x5d/0xe0
 io_schedule+0x42/0x70
 folio_wait_bit_common+0x13d/0x350
 </TASK>
"""


def ask(kind: str, **more: Any) -> Any:
    return json.loads(answer(json.dumps({"ask": kind, **more}), lambda told: None))


def timeless(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != "seconds"}


def as_json(data: Any) -> Any:
    return json.loads(json.dumps(data))


def test_scenarios_are_those_of_the_catalogue() -> None:
    told = ask("scenarios")
    assert [one["name"] for one in told] == list(SCENARIOS)
    for one in told:
        assert {size["name"]: size["value"] for size in one["parameters"]} == SCENARIOS[one["name"]].defaults
        build(one["name"], {size["name"]: size["least"] for size in one["parameters"]})


@pytest.mark.parametrize("text", [BAD, GOOD, UNYIELDED])
def test_a_check_is_what_the_checker_says(text: str) -> None:
    told = ask("check", policy=text, scenario="abba", params={"pages": 3})
    result = check_scenario(policy_from_text(text, "policy.py"), build("abba", {"pages": 3}))
    said = timeless(as_json(result.to_json()))
    assert {key: told[key] for key in said} == said
    steps = result.trace is not None and result.trace.steps
    assert told["film"] == (as_json(film(result.trace).bundle()) if steps else None)
    assert result.headline.summary.split("\n")[0] in told["summary"]


def test_the_lines_of_a_counterexample_are_those_that_wait() -> None:
    told = ask("check", policy=BAD, scenario="abba")
    last = told["film"]["frames"][-1]["lines"]["flusher"]
    assert last in [one["line"] for one in told["blame"]]
    assert all("flusher" in one["message"] for one in told["blame"])


def test_a_policy_error_brings_its_correction() -> None:
    (blame,) = ask("check", policy=UNYIELDED, scenario="abba")["blame"]
    assert blame["line"] == 2
    lines = UNYIELDED.split("\n")
    fix = blame["fix"]
    lines[fix["from_line"] - 1 : fix["to_line"]] = fix["text"].split("\n")
    assert ask("check", policy="\n".join(lines), scenario="abba")["verdict"] != "policy-error"


def test_the_smallest_sizes_that_fail() -> None:
    told = ask("check", policy=BAD, scenario="abba", params={"pages": 3}, smallest=True)
    found = smallest(policy_from_text(BAD), SCENARIOS["abba"], {"pages": 3, "flushers": 1})
    assert found.result is not None
    assert told["params"] == found.result.params
    assert told["film"] is not None


def test_a_scenario_of_ones_own() -> None:
    assert ask("check", policy=BAD, described=OWN)["verdict"] == "deadlock"
    assert "no program kswap" in ask("check", policy=BAD, described=OWN.replace("kswapd", "kswap"))["error"]


def test_a_bound_is_said_as_incomplete() -> None:
    assert ask("check", policy=GOOD, scenario="storm", max_states=20)["verdict"] == "incomplete"


def test_progress_is_told() -> None:
    heard: list[dict[str, Any]] = []
    answer(json.dumps({"ask": "check", "policy": BAD, "scenario": "storm", "max_states": 3000}), heard.append)
    assert {one["scenario"] for one in heard} == {"storm"}
    assert max(one["states"] for one in heard) > 1000


def test_the_game_of_ones_own_policy_is_the_levels_game() -> None:
    told = ask("game", policy=BAD, scenario="abba")
    level = as_json(board(next(level for level in LEVELS if level.name == "abba")).bundle())
    own = ("id", "title", "task", "won", "policy", "source")
    assert {k: v for k, v in told.items() if k not in own} == {k: v for k, v in level.items() if k not in own}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"policy": GOOD, "scenario": "abba"}, "nothing can go wrong in abba"),
        ({"policy": BAD, "scenario": "storm"}, "storm is too large for the game: more than 5,000 states"),
        ({"policy": UNYIELDED, "scenario": "abba"}, "was made, but not yielded"),
        ({"policy": BAD, "scenario": "abba", "goal": "sleep"}, "no such goal"),
    ],
)
def test_the_game_refuses_in_words(more: dict[str, Any], words: str) -> None:
    assert words in ask("game", **more)["error"]


def test_a_grade_is_the_graders() -> None:
    told = ask("grade", exercise="02-pin-then-lock", policy=BAD)
    report = grade_policy(load_exercise("02"), policy_from_text(BAD, "policy.py"))
    said = report.to_json()
    assert {key: told[key] for key in said if key != "properties"} == {
        k: v for k, v in said.items() if k != "properties"
    }
    for ours, theirs in zip(told["properties"], said["properties"], strict=True):
        assert {key: ours[key] for key in theirs} == theirs
        assert bool(ours["film"]) == bool(theirs["failure"] and theirs["failure"]["trace"])
        assert (ours["points"] == ours["possible"]) or ours["lesson"]


def test_a_certificate_is_what_certify_says() -> None:
    told = ask("certify", policy=GOOD)
    said = as_json(to_json(certify(policy_from_text(GOOD, "policy.py"))))
    assert {key: told[key] for key in said if key != "error"} == {k: v for k, v in said.items() if k != "error"}
    assert "unindent" in ask("certify", policy="def enqueue(mm, page):\n        pass\n    pass\n")["problem"]


def test_one_more_run_of_a_lab() -> None:
    told = ask("run", lab="reclaim", settings={"memory": 600}, seed=7)
    assert unpack(told["runs"]) == [as_json(reclaim.simulate({"memory": 600}, 7).to_json())]
    assert told["chosen"]["memory"] == 600
    assert "no setting colour" in ask("run", lab="flusher", settings={"colour": 1})["error"]
    assert "no such lab" in ask("run", lab="physics")["error"]


def test_a_kernels_report() -> None:
    told = ask("kernel", text=HUNG)
    assert "kswapd0" in told["words"]
    assert told["html"].startswith("<!DOCTYPE html>")
    assert "no sleeping task" in ask("kernel", text="all is well")["error"]


# Whatever is asked, it is answered

HOSTILE = [
    "",
    "[",
    "null",
    "[]",
    '{"ask": []}',
    '{"ask": "__init__"}',
    '{"ask": "checks"}',
    '{"ask": "check"}',
    '{"ask": "check", "policy": 3}',
    '{"ask": "check", "policy": "", "scenario": null}',
    '{"ask": "check", "policy": "", "scenario": "abba", "params": [1]}',
    '{"ask": "check", "policy": "", "scenario": "abba", "params": {"pages": 1e99}}',
    '{"ask": "check", "policy": "", "scenario": "abba", "max_states": 1e9}',
    '{"ask": "check", "policy": "", "scenario": "abba", "max_states": true}',
    '{"ask": "check", "policy": "", "scenario": "abba", "smallest": 1}',
    '{"ask": "check", "policy": "", "described": "x = 1", "smallest": true}',
    '{"ask": "grade", "policy": "", "exercise": "../../etc"}',
    '{"ask": "grade", "policy": "", "exercise": ""}',
    '{"ask": "run", "lab": "reclaim", "settings": {"memory": "many"}}',
    '{"ask": "run", "lab": "reclaim", "settings": {"who": []}}',
    '{"ask": "run", "lab": "reclaim", "seed": -1}',
    '{"ask": "kernel", "text": 5}',
    "[" * 100_000,
]


@pytest.mark.parametrize("request_", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_question_is_answered_in_words(request_: str) -> None:
    told = json.loads(answer(request_, lambda said: None))
    assert isinstance(told["error"], str)
    assert told["error"]
    assert "Traceback" not in told["error"]
    assert "fault" not in told


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0",
        "(" * 50_000,
        "x" * 300_000,
        "def enqueue(mm, page):\n    while True: pass\ndef execute(mm, work): yield",
        "def enqueue(mm, page):\n    def f(): f()\n    f()\n    yield\ndef execute(mm, work):\n    yield",
        "import js\ndef enqueue(mm, page):\n    yield\ndef execute(mm, work):\n    yield",
        "raise SystemExit",
        "\ud800",
    ],
    ids=range(9),
)
def test_a_hostile_policy_is_judged_or_refused(text: str) -> None:
    told = ask("check", policy=text, scenario="abba")
    assert told.get("verdict") == "policy-error" or "fault" not in told


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.sampled_from(["ask", "policy", "scenario", "params", "seed", "settings", "lab", "exercise", "text", "file"]),
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.lists(st.integers(), max_size=2)),
    ),
    st.sampled_from(sorted(KINDS)),
)
def test_any_question_is_answered(data: dict[str, Any], kind: str) -> None:
    told = json.loads(answer(json.dumps({**data, "ask": kind}), lambda said: None))
    assert isinstance(told, list) or "fault" not in told


def test_a_mistake_of_ours_says_that_it_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a value: who packs the library looked for words in whatever was answered, a policy's own text included."""
    monkeypatch.setattr(checks, "check_scenario", lambda *given: 1 // 0)
    told = ask("check", policy=BAD, scenario="abba")
    assert told["fault"] is True
    assert "ZeroDivisionError" in told["error"]
