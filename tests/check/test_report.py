"""What a terminal is told: the policy's own lines, and no more columns than there are."""

from __future__ import annotations

import pytest

from tests.policy.correcting import corrected
from tests.policy.driving import execute
from wbviz.check.check import check_scenario
from wbviz.check.report import report
from wbviz.policy.load import load_policy, policy_from_text
from wbviz.scenarios.catalogue import build

READS_TOO_LATE = """\
    page = work.page
    yield mm.lock_page(page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)
    if page.dirty:
        yield mm.cond_resched()
"""


def told(policy: str, scenario: str) -> str:
    """The report on a built-in policy in a scenario."""
    return report(check_scenario(load_policy(policy), build(scenario, {})))


@pytest.mark.parametrize(
    ("policy", "scenario", "line"),
    [
        ("writearound", "abba", "yield mm.lock_page("),
        ("leaky", "full-queue", "yield mm.get_page(page)"),
        ("skip_if_locked", "busy-page", "yield mm.put_page(page)"),
        ("own_range", "piggyback", "mm.trylock_page("),
        ("no_recheck", "truncated", "yield mm.writepage(page)"),
    ],
)
def test_a_verdict_quotes_the_lines_that_it_is_about(policy: str, scenario: str, line: str) -> None:
    text = told(policy, scenario)
    quoted = text.partition("  the lines:\n")[2].partition("\n\n")[0]
    source = load_policy(policy).source.splitlines()
    rows = [row.strip().split(" | ", 1) for row in quoted.splitlines()]
    assert rows
    assert all(source[int(number) - 1].strip() == shown for number, shown in rows)
    assert any(line in shown for _, shown in rows), quoted


def test_a_read_that_breaks_a_rule_is_shown_with_its_attribute_and_line() -> None:
    policy = policy_from_text(execute(READS_TOO_LATE))
    text = report(check_scenario(policy, build("truncated", {})))
    assert "(line 9 reads .dirty of it)" in text
    assert "then line 9" in text
    assert "   9 | if page.dirty:" in text


@pytest.mark.parametrize(("columns", "most"), [("60", 60), ("100", 100), ("", 80), ("wide", 80), ("3", 80)])
def test_tables_honour_columns(columns: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    text = told("lock_at_enqueue", "final-iput")
    table = text.partition("  step ")[2].partition("\n\n")[0]
    assert max(map(len, table.splitlines())) <= most
    assert "  step " in text


LOOKS_FOR_A_WORK = """\
def enqueue(mm, page):
    for other in mm.works:
        if other.page.index == page.index:
            return True
    yield mm.get_page(page)
    if not (yield mm.queue_work(page=page)):
        yield mm.put_page(page)
        return False
    return True


def execute(mm, work):
    page = work.page
    yield mm.lock_page(page)
    yield mm.wait_on_page_writeback(page)
    if page.mapping is not None and page.dirty:
        write(mm, page)
    yield mm.unlock_page(page)
    yield mm.put_page(page)


def write(mm, page):
    yield mm.writepage(page)
"""


def test_a_policy_is_put_right_by_nothing_but_what_the_messages_print() -> None:
    """The page of a sync work, also where index 0 is the one looked for; then a helper without `yield from`."""
    text, fixes = LOOKS_FOR_A_WORK, []
    for scenario in ("sync-ahead", "full-queue", "cleaned", "truncated"):
        while (result := check_scenario(policy_from_text(text), build(scenario, {}))).headline.error is not None:
            fixes.append(result.headline.error.fix)
            text = corrected(text, result.headline.error)
            assert len(fixes) < 3
        assert result.verdict == "safe", scenario
    assert fixes == [
        "if other.page is not None and other.page.index == page.index:",
        "yield from write(mm, page)",
    ]
