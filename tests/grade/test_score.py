"""A report: what it says, that it is the same each time, and that no idleness scores."""

import json
import os
import subprocess
import sys

import pytest

from tests.grade.policies import edit, reference
from wbviz.errors import UsageError
from wbviz.grade.exercise import load_exercise
from wbviz.grade.report import Report, html, markdown, text
from wbviz.grade.score import grade_policy
from wbviz.policy.load import load_policy, policy_from_text

EXERCISE = load_exercise("02-pin-then-lock")
GOOD, BAD = policy_from_text(reference("02")), load_policy("lock_at_enqueue")


def test_a_correct_policy_gets_everything() -> None:
    report = grade_policy(EXERCISE, GOOD)
    assert report.points == report.total == 100
    assert {one.verdict for one in report.properties} == {"holds"}
    assert sum(one.possible for one in report.properties) == 100


def test_a_failure_comes_with_all_that_teaches() -> None:
    report = grade_policy(EXERCISE, BAD)
    (deadlock,) = [one for one in report.properties if one.name == "deadlock"]
    assert (deadlock.points, deadlock.verdict, deadlock.chapter) == (0, "fails", "queue")
    failure = deadlock.failure
    assert failure is not None
    assert failure.trace is not None
    assert [edge["from"] for edge in failure.cycle] == ["flusher", "work 2"]
    assert [line for _, line in failure.lines] == ["if not (yield mm.trylock_page(page)):"]
    shown = text(report)
    for part in (
        "What happens:",
        "Where: In the scenario sync-ahead (pages=1, flushers=1).",
        "step  kswapd",
        "Who waits for whom:",
        "Your lines:",
        "The rule:",
        "The lock that waits in the queue",
        "wbviz.replay(",
    ):
        assert part in shown


@pytest.mark.parametrize(
    ("exercise", "lines"),
    [
        ("01-two-pages-in-order", ["below = yield mm.find_get_page(page.mapping, page.index - 1)"]),
        (
            "07-a-full-queue",
            ["grabbed = inode is not None and (yield mm.igrab(inode))", "yield mm.get_page(page)"],
        ),
    ],
)
def test_a_leak_quotes_the_lines_that_took_what_is_left_and_no_others(exercise: str, lines: list[str]) -> None:
    """The page's lock was taken and given back: its line is not to blame for a pin."""
    found = load_exercise(exercise)
    report = grade_policy(found, load_policy(found.folder / "policy.py"))
    (leak,) = [one for one in report.properties if one.name == "leak"]
    assert leak.failure is not None
    assert [line for _, line in leak.failure.lines] == lines


def test_what_the_task_asks_for_is_told_apart_from_what_happened() -> None:
    report = grade_policy(load_exercise("04-write-ahead"), GOOD)
    shown = text(report)
    assert "The task says: The three pages that follow the wanted one are written too. But here A1, A2 and A3" in shown
    (asked,) = [one for one in report.properties if one.name == "asked"]
    assert asked.failure is not None
    assert [line for _, line in asked.failure.lines] == ["yield mm.writepage(page)"]


@pytest.mark.parametrize("policy", [GOOD, BAD], ids=["good", "bad"])
@pytest.mark.parametrize("seed", [None, "a secret"])
def test_the_same_policy_and_seed_give_the_same_bytes(policy: object, seed: str | None) -> None:
    reports = [grade_policy(EXERCISE, policy, seed=seed) for _ in range(2)]  # type: ignore[arg-type]
    assert reports[0].dumps() == reports[1].dumps()
    again = Report.from_json(json.loads(reports[0].dumps()))
    assert again == reports[0]
    assert again.dumps() == reports[0].dumps()
    assert "a secret" not in reports[0].dumps()
    assert reports[0].seeded == (seed is not None)


def test_the_bytes_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "from wbviz.grade.exercise import load_exercise; from wbviz.grade.score import grade_policy;"
        "from wbviz.policy.load import load_policy; e = load_exercise('08');"
        "print(grade_policy(e, load_policy(e.starter), seed='a secret').dumps())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=EXERCISE.folder.parents[1],
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_what_is_published_does_not_tell_hidden_scenarios() -> None:
    report = grade_policy(EXERCISE, BAD, seed="a secret")
    assert any(one.hidden for one in report.checked)
    public = report.public()
    assert "hidden-" not in public.dumps()
    assert public.points == report.points


def test_what_only_hidden_scenarios_show_is_told_without_them() -> None:
    exercise = load_exercise("03")
    report = grade_policy(exercise._replace(checks=()), load_policy(exercise.starter), seed="another secret")
    (rules,) = [one for one in report.properties if one.name == "rules"]
    assert rules.failure is not None
    assert rules.failure.hidden
    (told,) = [one for one in report.public().properties if one.name == "rules"]
    assert told.failure is None
    assert told.points == rules.points == 0
    assert "In a hidden scenario: rule-violation" in text(report.public())
    assert told.rule


def test_a_syntax_error_costs_nothing_and_says_so() -> None:
    report = grade_policy(EXERCISE, policy_from_text("def enqueue(mm, page:\n    pass\n", "mine.py"))
    assert not report.gradable
    assert report.properties == ()
    for shown in (text(report), markdown(report), html(report, lambda trace: "")):
        assert "mine.py, line 1" in shown
        assert "costs nothing" in shown


def test_html_plays_and_escapes() -> None:
    nasty = BAD.source.replace("return False", "return False  # </pre><script>alert(1)</script>", 1)
    report = grade_policy(EXERCISE, policy_from_text(nasty, "mine.py"))
    page = html(report, lambda trace: f"<b>plays {trace.scenario}</b>")
    assert "<b>plays sync-ahead</b>" in page
    assert "<script>" not in page


@pytest.mark.parametrize("name", ["02", "02-pin-then-lock", str(EXERCISE.folder)])
def test_an_exercise_is_found_by_number_name_and_folder(name: str) -> None:
    assert load_exercise(name).name == "02-pin-then-lock"


def test_an_unknown_exercise_is_an_error_with_a_suggestion() -> None:
    with pytest.raises(UsageError, match="02-pin-then-lock"):
        load_exercise("pin-then-lok")


def test_data_that_is_no_report() -> None:
    for data in (None, [], {}, {"format": "wbviz-report"}, {"format": "wbviz-trace", "format_version": 1}):
        with pytest.raises(UsageError, match="not a report"):
            Report.from_json(data)


def test_what_a_policy_prints_is_in_its_report_but_nothing_of_hidden_scenarios() -> None:
    """Once, bounded, and the same in every form."""
    loud = edit(GOOD.source, ("    page = work.page\n", "    page = work.page\n    print('<b>', page.index)\n"))
    line = next(number for number, one in enumerate(loud.splitlines(), 1) if "print" in one)
    policy = policy_from_text(loud, "loud")
    public = grade_policy(EXERCISE, policy)
    seeded = grade_policy(EXERCISE, policy_from_text(loud, "loud"), seed="secret")
    assert public.points == 100
    assert seeded.printed == public.printed
    assert f"line {line}: <b> 0" in public.printed
    assert len(public.printed) <= 21
    for shown in (text(public), markdown(public)):
        assert shown.count("the policy's own output") == 1
        assert shown.replace("\\", "").count(": <b> 0\n") == 1
    assert "&lt;b&gt; 0" in html(public, lambda trace: "")
    assert Report.from_json(json.loads(public.dumps())) == public
    assert "own output" not in text(grade_policy(EXERCISE, GOOD))


def test_the_steps_of_a_report_fit_into_80_columns() -> None:
    shown = text(grade_policy(EXERCISE, BAD))
    steps = shown.partition("The steps:\n")[2].partition("  Who waits")[0]
    assert " step " in steps
    assert max(map(len, steps.splitlines())) <= 80
