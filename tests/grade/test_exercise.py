"""A rubric that says something else than it can is an error that names the file, the key, and what to write."""

from pathlib import Path

import pytest

from wbviz.errors import UsageError
from wbviz.grade.exercise import exercises, load_exercise
from wbviz.grade.hidden import MOST_AHEAD, MOST_SYNCS, Draw, hidden_draws, hidden_seeds

GOOD = """
title = "A test"
chapter = "pages"
version = 1

[points]
duty = 40
rules = 60

[[check]]
scenario = "truncated"
"""


def exercise(folder: Path, text: str) -> Path:
    place = folder / "77-test"
    place.mkdir()
    (place / "rubric.toml").write_text(text, encoding="utf-8")
    return place


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('title = "A test"', "", "no title"),
        ('title = "A test"', "title = 7", "7"),
        ("version = 1", "version = true", "True"),
        ("version = 1", "version = 1\nmax_stats = 5", "max_stats"),
        ("duty = 40", "dutty = 40", "dutty"),
        ("duty = 40\n", "", "without it idleness scores"),
        ("duty = 40", "duty = -1", "-1"),
        ("rules = 60", "cost = 60", "points for cost and no"),
        ("rules = 60", 'rules = 60\n[[asked]]\nsentence = "x"\npages = 2\nwanted = [0]', "and no points for it"),
        ("truncated", "truncatd", "truncatd"),
        ('scenario = "truncated"', 'scenario = "truncated"\npags = 3', "pags"),
        ('scenario = "truncated"', 'scenario = "truncated"\npages = 0', "pages=0"),
        ("[[check]]", "[check]", "double brackets"),
        ("[points]", "[points", "TOML"),
        ("[[check]]", '[hidden]\nbeside = ["flusher"]\n[[check]]', "flusher"),
        ("[[check]]", "[hidden]\nqueue_limit = 3\n[[check]]", "list of whole numbers"),
        ("rules = 60", 'rules = 50\nasked = 10\n[[asked]]\nsentence = "x"\nworld = "slow-dsk"', "slow-dsk"),
        ("rules = 60", 'rules = 50\nasked = 10\n[[asked]]\nsentence = "x"\nworld = "slow-disk"\npages = 2', "pages"),
        ("[points]", "points = 3\n[pints]", "pints"),
    ],
)
def test_a_slip_in_a_rubric(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_exercise(exercise(tmp_path, GOOD.replace(old, new, 1)))
    message = str(caught.value)
    assert "77-test/rubric.toml" in message
    assert says in message
    assert "expected:" in message
    assert "try:" in message


BAND = '\n[[cost]]\nmeasure = "requests"\nscenario = "scattered"\nagainst = "pin_then_lock"\nfull = 1.1\nhalf = 2\n'


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("requests", "request", "one of: requests"),
        ("pin_then_lock", "pin_and_lock", "a built-in policy"),
        ("full = 1.1", "full = 3", "full <= half"),
        ("full = 1.1", "full = 0", "full <= half"),
        ("half = 2", 'half = "2"', "a number"),
        ("scattered", "scatered", "scatered"),
    ],
)
def test_a_slip_in_a_band(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = GOOD.replace("rules = 60", "rules = 50\ncost = 10") + BAND
    load_exercise(exercise(tmp_path, text))
    (tmp_path / "77-test" / "rubric.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UsageError, match=says):
        load_exercise(tmp_path / "77-test")


def test_draws_depend_on_the_secret_and_the_exercise_and_on_nothing_else() -> None:
    one, two = load_exercise("02"), load_exercise("03")
    draws = [hidden_draws(one, "a"), hidden_draws(one, "a"), hidden_draws(one, "b")]
    built = [[drawn.recipe.build() for drawn in draw] for draw in draws]
    assert built[0] == built[1] != built[2]
    assert hidden_seeds(one, "a", 2) == hidden_seeds(one, "a", 2)
    assert len({hidden_seeds(e, s, 2) for e in (one, two) for s in ("a", "b")}) == 4


def test_a_draw_is_the_same_in_every_python() -> None:
    draw = Draw("secret", "topic")
    assert [draw.below(10) for _ in range(8)] == [1, 1, 2, 9, 1, 9, 0, 7], "as sha256sum has it"
    assert sorted(draw.some("abc", 5)) == ["a", "b", "c"]


@pytest.mark.parametrize("name", exercises())
def test_hidden_scenarios_stay_within_what_the_rubric_names(name: str) -> None:
    exercise = load_exercise(name)
    for drawn in (drawn for seed in "abcdef" for drawn in hidden_draws(exercise, seed)):
        scenario = drawn.recipe.build()
        dirty = [scenario.world.page_name(number) for number, page in enumerate(scenario.pages) if page.dirty]
        beside = [task.name for task in scenario.tasks if task.name not in ("kswapd", "flusher", "disk")]
        more = sum(task.startswith("sync") for task in beside) - ("sync" in exercise.hidden.beside)
        assert 1 <= len(dirty) <= exercise.hidden.pages + MOST_AHEAD
        assert scenario.world.filesystem in exercise.hidden.filesystem
        assert any(
            0 <= (scenario.world.queue_limit or 0) - limit <= MOST_AHEAD for limit in exercise.hidden.queue_limit
        )
        assert 1 <= len(beside) <= exercise.hidden.tasks + MOST_SYNCS
        assert more <= MOST_SYNCS
        known = {"kswapd" if task == "kswapd2" else "sync" if task.startswith("sync") else task for task in beside}
        assert known <= {*exercise.hidden.beside, "sync"}


def test_hidden_scenarios_lie_in_many_places() -> None:
    """Not only at the first pages of the first file, alone in the queue."""
    exercise = load_exercise("02")
    drawn = [one.recipe.build() for seed in range(20) for one in hidden_draws(exercise, str(seed))]
    wanted = [scenario.page(str(named)) for scenario in drawn for named in ["A0"] if scenario.pages[0].dirty]
    dirty = {scenario.world.pages[n] for scenario in drawn for n, page in enumerate(scenario.pages) if page.dirty}
    assert len(wanted) < len(drawn) / 2
    assert {file for file, _ in dirty} >= {0, 1, 2, 3}
    assert {index for _, index in dirty} >= set(range(8))
    assert {sum(task.program == "sync" for task in scenario.tasks) for scenario in drawn} >= {0, 1, 2}
