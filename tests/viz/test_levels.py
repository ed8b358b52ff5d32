"""The levels of the game: what they promise holds by the checker, and their own hints win them."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from wbviz.check.check import check_scenario
from wbviz.errors import UsageError
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import build
from wbviz.viz.stage.board import Board, board
from wbviz.viz.stage.frames import compact
from wbviz.viz.stage.game import game
from wbviz.viz.stage.layers import LAYERS, Stress
from wbviz.viz.stage.layout import cast, layout
from wbviz.viz.stage.levels import BREAK, CIRCLE, LEVELS, SAVE, Level, find_level
from wbviz.viz.stage.links import ring_nodes
from wbviz.viz.stage.marks import marks
from wbviz.viz.stage.words import describe

ROOT = Path(__file__).parents[2]
KILOBYTES = 45
"""The most that a level may add to a page, compressed."""

every_level = pytest.mark.parametrize("level", LEVELS, ids=[level.name for level in LEVELS])


@cache
def explored(level: Level) -> Board:
    return board(level)


@cache
def bundled(level: Level) -> dict[str, Any]:
    return explored(level).bundle()


@cache
def played() -> dict[str, dict[str, Any]]:
    """Every level played by its own hints, in node."""
    if shutil.which("node") is None:
        reason = "No node, so the levels were not played. On Debian: apt-get install nodejs."
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    script = ROOT / "tests/viz/js/play_levels.mjs"
    boards = json.dumps([bundled(level) for level in LEVELS])
    command = ["node", "--no-warnings", "--experimental-default-type=module", str(script), "/dev/stdin"]
    done = subprocess.run(command, input=boards, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {told["id"]: told for told in json.loads(done.stdout)}


def test_there_are_levels_of_every_kind() -> None:
    assert {level.goal for level in LEVELS} == {BREAK, SAVE, CIRCLE}
    assert len({level.name for level in LEVELS}) == len(LEVELS) >= 6


@every_level
def test_par_is_the_shortest_counterexample_of_the_checker(level: Level) -> None:
    result = check_scenario(load_policy(level.policy), build(level.scenario))
    assert result.verdict != "safe"
    assert len(result.verdicts) == 1, "a level teaches one thing"
    assert (result.verdict == "livelock") == (level.goal == CIRCLE)
    if level.goal != SAVE:
        assert not level.begin
        assert result.trace is not None
        assert explored(level).par == len(result.trace.steps) == len(explored(level).shortest())


@pytest.mark.parametrize("level", [level for level in LEVELS if level.goal == SAVE], ids=lambda level: level.name)
def test_a_level_to_be_saved_has_a_way_out_and_a_way_into_ruin(level: Level) -> None:
    states, start = explored(level).graph["states"], explored(level).start
    assert states[start]["to_safe"] == explored(level).par > 1
    reached, frontier = {start}, [start]
    while frontier:
        for move in states[frontier.pop()]["moves"]:
            if move["to"] is not None and move["to"] not in reached:
                reached.add(move["to"])
                frontier.append(move["to"])
    late = {number for number in reached if states[number]["to_safe"] is None}
    assert late
    assert all(move["to"] in late for number in late for move in states[number]["moves"] if move["to"] is not None)
    safe = {number for number in reached if states[number]["to_safe"] == 0}
    assert all(states[number]["to_bug"] is None for number in safe)
    assert all(move["to"] in safe for number in safe for move in states[number]["moves"]), "safe for ever"


def test_every_fair_round_of_the_circle_is_a_livelock() -> None:
    """The game asks for a round that leaves nobody out: whichever the reader finds, the checker calls it a livelock."""
    (level,) = (level for level in LEVELS if level.goal == CIRCLE)
    data = bundled(level)
    steps = [
        [(to, 1 << data["steps"][step][0]) for step, to in zip(flat[::2], flat[1::2], strict=True)]
        for flat in data["moves"]
    ]
    found = 0
    for start in range(len(steps)):
        nodes = {(start, 0, 0)}
        frontier = list(nodes)
        while frontier:
            at, ran, could = frontier.pop()
            able = could | sum(bit for _, bit in steps[at])
            for offset, bit in steps[at]:
                node = (at + offset, ran | bit, able)
                if node not in nodes:
                    nodes.add(node)
                    frontier.append(node)
        if any(at == start and ran and not could & ~ran for at, ran, could in nodes):
            assert data["marks"][start] == "livelock"
            found += 1
    assert found > 1


@every_level
def test_following_the_hints_wins_with_par(level: Level) -> None:
    told = played()[level.name]
    assert set(told["outcomes"][:-1]) == {"open"}
    assert told["outcomes"][-1] == "won", told["schedule"]
    assert told["steps"] == explored(level).par
    assert told["linked"] == told["at"], "the link gives the position back"


@every_level
def test_the_page_draws_what_python_draws(level: Level) -> None:
    told, source = played()[level.name], explored(level)
    pictures = list(source.pictures())
    who = cast(pictures)
    cycle = tuple(source.graph["states"][told["at"]]["cycle"])
    ring = source.ring()
    at = layout(who, False, ring_nodes(ring, [page["name"] for page in pictures[0]["pages"]]))
    wanted = marks(pictures[told["at"]], who, at, Stress(cycle=cycle, ring=ring))
    for layer, row in zip(LAYERS, told["rows"], strict=True):
        assert sorted(map(str, row)) == sorted(str(compact(mark)) for mark in wanted[layer.name].values())


@every_level
def test_the_words_of_a_state_are_whole(level: Level) -> None:
    data, source = bundled(level), explored(level)
    tasks = len(data["tasks"])
    for number, picture in enumerate(source.pictures()):
        looks = [data["looks"][place] for place in data["who"][number * tasks : (number + 1) * tasks]]
        places = [*data["words"][number], *(look[1] for look in looks)]
        assert [data["texts"][place] for place in places] == describe(picture)


@every_level
def test_how_a_run_ends_is_not_told_before(level: Level) -> None:
    data = bundled(level)
    for _, told, before, ends, *_ in data["steps"]:
        assert (told != before) == bool(ends)
        assert data["texts"][before].split()[0] in data["tasks"], "each begins with its task's name"


@every_level
def test_a_level_is_small(level: Level) -> None:
    size = len(gzip.compress(json.dumps(bundled(level), separators=(",", ":")).encode()))
    assert size < KILOBYTES * 1000


def test_without_scripts_there_is_a_picture_the_task_and_a_way() -> None:
    widget = game("abba-save")
    picture = widget.picture()
    assert f'id="{widget.still}"' in picture
    assert 'data-wb-task="game" data-wb-id="abba-save"' in picture
    assert "<svg" in picture
    assert widget.source.level.task in picture
    assert picture.count("<li>") == widget.source.par
    assert "writer can run: next lock_page(A0)." in picture


def test_an_unknown_level_says_which_there_are() -> None:
    with pytest.raises(UsageError) as caught:
        find_level("aba")
    assert 'wbviz.game("abba")' in str(caught.value)
    assert "dance" in str(caught.value)
