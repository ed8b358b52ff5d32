"""Submissions, whole: what a limit is, what one call leaves to another, what reclaim does, what is hidden."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from tests.drawn import drawn
from tests.grade.policies import edit, reference
from tests.grade.test_judge_child import ROOT, need
from wbviz.cli import main
from wbviz.grade import explored
from wbviz.grade.exercise import exercises, load_exercise
from wbviz.grade.judge import Limits
from wbviz.grade.judge.command import TIERS
from wbviz.grade.judged import grade_judged
from wbviz.grade.report import html, markdown, text
from wbviz.grade.result import Report
from wbviz.grade.score import grade_policy
from wbviz.policy.load import Policy, policy_from_text

EXERCISE = load_exercise("02-pin-then-lock")
EXERCISES = {name[:2]: name for name in exercises()}
GOOD = reference("02")
QUEUES = "if not (yield mm.queue_work(page=page)):"


def graded(tmp_path: Path, policy: str, tier: str, seed: str | None = None, limits: Limits | None = None) -> Report:
    """The report on a policy in a tier."""
    need(tier)
    file = tmp_path / "policy.py"
    file.write_text(policy, encoding="utf-8")
    return grade_judged(file, tier, EXERCISE, seed, limits=limits)


def enqueue_begins(*lines: str) -> str:
    """The reference with some lines before all others in `enqueue`."""
    head, _, rest = GOOD.partition("    yield mm.get_page(page)\n")
    return head + "".join(f"    {line}\n" for line in lines) + "    yield mm.get_page(page)\n" + rest


# Limits


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(turns=30), "asked more than 30 times"),
        (Limits(answered=30), "read more than 30 attributes in all"),
        (Limits(total_bytes=4000), "sent more than 4,000 bytes in all"),
    ],
    ids=["turns", "reads", "bytes"],
)
def test_a_limit_is_told_as_a_limit(tier: str, limits: Limits, words: str, tmp_path: Path) -> None:
    report = graded(tmp_path, GOOD, tier, "a secret", limits)
    told = {one.verdict: one.sentence for one in report.properties}
    assert words in told["unsettled"]
    assert "fails" not in told
    assert "two ways" not in report.dumps()


@pytest.mark.parametrize("number", EXERCISES)
def test_a_reference_needs_less_than_a_quarter_of_what_is_granted(
    number: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limits said by how much they are wide, in numbers that were measured once: no test had held them."""
    whole = Limits()
    monkeypatch.setattr(explored, "MAX_STATES", explored.MAX_STATES // 4)
    file = tmp_path / "policy.py"
    file.write_text(reference(number), encoding="utf-8")
    quarter = whole._replace(
        reads=whole.reads // 4,
        line_bytes=whole.line_bytes // 4,
        turns=whole.turns // 4,
        answered=whole.answered // 4,
        total_bytes=whole.total_bytes // 4,
    )
    assert grade_judged(file, "none", load_exercise(EXERCISES[number]), None, limits=quarter).points == 100


def test_a_right_policy_that_takes_many_steps_gets_its_points(tmp_path: Path) -> None:
    """Sixty yields in each function were more places than the judge had room for."""
    policy = GOOD.replace(
        "    yield mm.get_page(page)\n",
        "    for _ in range(60):\n        yield mm.cond_resched()\n    yield mm.get_page(page)\n",
        1,
    )
    assert policy != GOOD
    assert graded(tmp_path, policy, "none").points == 100


def test_a_right_policy_with_a_long_line_gets_its_points(tmp_path: Path) -> None:
    policy = enqueue_begins(f"label = '{'x' * 100_000}'", "assert label")
    assert graded(tmp_path, policy, "none").points == 100


@pytest.mark.parametrize("tier", TIERS)
def test_info_without_measure_is_told_with_the_measure(tier: str, tmp_path: Path) -> None:
    policy = edit(GOOD, (QUEUES, "if not (yield mm.queue_work(page=page, all=tuple(range(300)))):"))
    report = graded(tmp_path, policy, tier)
    assert "more than 256 values into the info of one work" in report.properties[0].sentence
    assert graded(tmp_path, policy.replace("300", "250"), tier).points == 100


BOMB = """\
BIG = tuple(range(200))


def enqueue(mm, page):
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page, big=BIG)):
        yield mm.put_page(page)
        return False
    return True


def execute(mm, work):
    page = work.page
    if page is None:
        return
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    for number in range(90):
        yield mm.queue_work(big=BIG, number=number)
"""


def test_a_report_is_no_longer_than_what_can_be_read(tmp_path: Path) -> None:
    """Ninety works of as much info as there may be, in a run that fails: it was 352 MiB."""
    report = graded(tmp_path, BOMB, "none")
    assert report.points < 100
    assert len(report.dumps()) < 5_000_000
    assert len(markdown(report)) + len(text(report)) + len(html(report, lambda trace: "")) < 1_000_000


# What one call leaves to another

ON_A_MODULE = "import re\n\n\n" + enqueue_begins('re.calls = getattr(re, "calls", 0) + 1', "assert re.calls < 5000")
IN_A_CACHE = "import re\n\n\n" + enqueue_begins(
    're._cache["seen", len(re._cache)] = page', "for _ in range(len(re._cache) > 40):", "    yield mm.cond_resched()"
)


@pytest.mark.parametrize("tier", TIERS)
def test_what_is_set_on_a_module_is_a_fault_of_the_call_that_sets_it(tier: str, tmp_path: Path) -> None:
    report = graded(tmp_path, ON_A_MODULE, tier)
    assert report.points == 0
    assert report.properties[0].sentence == "the call changed re.calls"


@pytest.mark.parametrize(
    ("tier", "seed"), drawn([(tier, seed) for tier in TIERS for seed in (None, "a secret")], lambda one: one[0], 1)
)
def test_what_is_kept_where_nobody_looks_shows_when_all_is_asked_again(
    tier: str, seed: str | None, tmp_path: Path
) -> None:
    report = graded(tmp_path, IN_A_CACHE, tier, seed)
    (rules,) = [one for one in report.properties if one.name == "rules"]
    assert report.points == 0
    assert {one.verdict for one in report.properties} == {"fails", "unsettled"}
    assert "two ways" in rules.sentence
    assert "asked-again" in text(report)


def test_a_right_policy_with_classes_and_modules_is_asked_again_and_is_the_same(tmp_path: Path) -> None:
    policy = (
        "import re\nfrom dataclasses import dataclass\n\n\n@dataclass\nclass Wanted:\n    page: object\n\n\n"
        + edit(
            enqueue_begins("wanted = Wanted(page)", 'assert re.match("a", "a") and wanted.page is page'),
            (QUEUES, "if not (yield mm.queue_work(page=wanted.page)):"),
        )
    )
    assert graded(tmp_path, policy, "none", "a secret").points == 100


# Reclaim that writes

SAME_FUNCTION = """\
def enqueue(mm, page):
    return pump(mm, page, True)


def execute(mm, work):
    return pump(mm, work.page, False)


def pump(mm, page, queue):
    if queue:
        yield mm.get_page(page)
        if (yield mm.queue_work(page=page)):
            return True
    queue = None
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        yield mm.writepage(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
"""
IN_A_CLUSTER = edit(
    GOOD,
    (
        QUEUES,
        """if mm.works and page.index == 2:
        yield mm.lock_page(page)
        yield mm.wait_on_page_writeback(page)
        if page.mapping is not None and page.dirty:
            yield mm.writepage(page)
        yield mm.unlock_page(page)
        yield mm.put_page(page)
        return True
    if not (yield mm.queue_work(page=page)):""",
    ),
)


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("policy", [SAME_FUNCTION, IN_A_CLUSTER], ids=["one function for both", "in a cluster"])
def test_reclaim_that_writes_is_seen_whatever_was_asked_first(tier: str, policy: str, tmp_path: Path) -> None:
    """When the queue is full, the first writes what it could not queue: from a place where `execute` stood before."""
    report = graded(tmp_path, policy, tier)
    assert report.points == 0
    assert report.properties[0].verdict == "fails"
    assert "enqueue writes the page itself" in report.properties[0].sentence
    assert report.properties[0].failure is not None
    assert report.properties[0].failure.trace is not None


@pytest.mark.parametrize("form", ["gradescope", "prairielearn"])
def test_a_platform_gets_its_json(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "policy.py"
    file.write_text(IN_A_CLUSTER, encoding="utf-8")
    main(["grade", "02", str(file), "--format", form, "--unofficial"])
    assert json.loads(capsys.readouterr().out)["score"] == 0


# What is hidden

TELLS = GOOD.replace("    page = work.page\n", '    page = work.page\n    raise RuntimeError(f"SEEN {page.index}")\n')


def again(policy: Policy) -> object:
    """The policy that is asked what is hidden."""

    def fresh() -> AbstractContextManager[Policy]:
        return nullcontext(policy)

    return fresh


def test_no_text_of_the_hidden_scenarios_comes_back() -> None:
    report = grade_policy(EXERCISE, policy_from_text(GOOD), seed="a secret", fresh=again(policy_from_text(TELLS)))  # type: ignore[arg-type]
    assert "SEEN" in report.dumps()
    assert report.points < 100
    public = report.public()
    assert "SEEN" not in public.dumps()
    assert all("SEEN" not in shown(public) for shown in (text, markdown, lambda one: html(one, lambda trace: "")))


def test_the_public_numbers_are_those_of_what_is_public() -> None:
    without = grade_policy(EXERCISE, policy_from_text(GOOD))
    report = grade_policy(EXERCISE, policy_from_text(GOOD), seed="a secret")
    assert report.states > without.states == report.public().states
    numbers = [one.sentence.partition(", and 3 hidden")[0] for one in report.public().properties]
    assert all(one.sentence.startswith(number) for one, number in zip(without.properties, numbers, strict=True))


def test_what_is_hidden_is_asked_last_and_of_a_child_that_knows_nothing(tmp_path: Path) -> None:
    events: list[str] = []

    class Noted(Policy):
        def __init__(self, name: str) -> None:
            inner = policy_from_text(GOOD)
            super().__init__(inner.name, inner._source)
            self.told = name

        def table(self):  # type: ignore[no-untyped-def]
            table = super().table()
            ask = table.start

            def start(*args):  # type: ignore[no-untyped-def]
                events.append(self.told)
                return ask(*args)

            table.start = start  # type: ignore[method-assign]
            return table

    grade_policy(EXERCISE, Noted("public"), seed="a secret", fresh=again(Noted("hidden")))  # type: ignore[arg-type]
    assert "hidden" in events
    assert events == sorted(events, reverse=True)


# What reaches a terminal, and what a submission finds out


@pytest.mark.parametrize("command", ["grade", "check"])
def test_nothing_that_a_terminal_obeys_is_printed(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "policy.py"
    file.write_text(
        enqueue_begins('raise RuntimeError("\x1b[2J" + chr(27) + "]0;x\\u202e")  # \x1b[31m'), encoding="utf-8"
    )
    call = (
        ["grade", "02", str(file), "--unofficial"] if command == "grade" else ["check", str(file), "--scenario", "abba"]
    )
    main(call)
    said = "".join(capsys.readouterr())
    assert "RuntimeError" in said
    assert said.isprintable() or not {"\x1b", "\u202e", "\x07"} & set(said)


WHERE = """\
def enqueue(mm, page):
    (found,) = [kind for kind in object.__subclasses__() if kind.__name__ == "_wrap_close"]
    sys = found.__init__.__globals__["sys"]
    code = mm._run.__class__.step.__code__
    files = [getattr(one, "__file__", "") for one in sys.modules.values()]
    raise RuntimeError(" ".join(map(str, [sys.argv, sys.orig_argv, sys.path, code.co_filename, *files[-60:]])))
    yield


def execute(mm, work):
    yield
"""


@pytest.mark.parametrize("tier", TIERS)
def test_a_submission_does_not_find_out_where_the_package_lies(tier: str, tmp_path: Path) -> None:
    report = graded(tmp_path, WHERE, tier)
    assert "co" in report.dumps()
    assert "untrusted_run.py" in report.properties[0].sentence
    assert str(ROOT) not in report.dumps()
