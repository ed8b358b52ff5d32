"""Loops without a yield: found once at the full price, then cheaply, wherever they stand and whatever they read."""

from __future__ import annotations

import pytest

from tests.policy.driving import begin, execute, programs_of, reader
from wbviz.check.check import check_scenario
from wbviz.policy import tracing
from wbviz.policy.load import policy_from_text
from wbviz.policy.protocol import Fault, Read
from wbviz.policy.provably_pure import is_plain
from wbviz.scenarios.catalogue import build

LOOPS = {
    "reads": "while page.locked or not page.locked:\n    pass",
    "counts": "n = 0\nwhile True:\n    n += 1",
    "one line": "while True: pass",
    "calls": "while True:\n    same(page)",
    "in a helper": "forever(page)",
}
HELPERS = "def same(page):\n    return page\ndef forever(page):\n    while page is not None:\n        page.dirty\n"


@pytest.fixture
def watches(monkeypatch: pytest.MonkeyPatch) -> list[tracing.LineCounter]:
    """All turns that are watched from here on."""
    made: list[tracing.LineCounter] = []

    class Kept(tracing.LineCounter):
        def __init__(self, *args: object) -> None:
            super().__init__(*args)  # type: ignore[arg-type]
            made.append(self)

    monkeypatch.setattr(tracing, "LineCounter", Kept)
    return made


def long(watches: list[tracing.LineCounter]) -> int:
    """How many turns ran for more lines than a loop that is known needs."""
    return sum(watch.count > tracing.LINES_OF_KNOWN + 1 for watch in watches)


@pytest.mark.parametrize("name", LOOPS)
@pytest.mark.parametrize("first", ["", "yield mm.lock_page(page)\n"])
def test_a_loop_runs_to_the_limit_once_in_all_scenarios(
    name: str, first: str, watches: list[tracing.LineCounter]
) -> None:
    policy = policy_from_text(execute(f"page = work.page\n{first}{LOOPS[name]}\nyield mm.put_page(page)") + HELPERS)
    for scenario in ("abba", "truncated", "busy-page"):
        result = check_scenario(policy, build(scenario, {}))
        assert result.verdict == "policy-error", result
        assert result.headline.summary == "an endless loop without a yield"
    assert long(watches) == 1
    assert len(watches) > 10


def test_what_a_loop_reads_again_is_not_asked_again() -> None:
    asked: list[Read] = []

    def read(asking: Read) -> object:
        asked.append(asking)
        return reader()(asking)

    programs = programs_of(execute("page = work.page\nwhile page.dirty:\n    pass\nyield mm.put_page(page)"))
    turn = programs.start("execute", ("work", 0), read)
    assert isinstance(turn.request, Fault)
    assert [asking.attr for asking in asked] == ["page", "dirty"]


def test_another_loop_is_given_the_whole_limit(watches: list[tracing.LineCounter]) -> None:
    """A long loop that ends is no endless one, though another loop of the policy is."""
    body = """\
        if work.page.dirty:
            while True:
                pass
        for n in range(20_000):
            n += 1
        yield mm.put_page(work.page)
    """
    programs = programs_of(execute(body))
    assert isinstance(begin(programs).request, Fault)
    assert begin(programs, dirty=False).request[0] == "put_page"
    assert long(watches) == 2


def test_a_thousand_tries_are_no_endless_loop() -> None:
    body = """\
        page = work.page
        for tries in range(1000):
            if (yield mm.trylock_page(page)):
                break
        else:
            yield mm.lock_page(page)
        yield mm.wait_on_page_writeback(page)
        if page.mapping is not None and page.dirty:
            yield mm.writepage(page)
        yield mm.unlock_page(page)
        yield mm.put_page(page)
    """
    assert check_scenario(policy_from_text(execute(body)), build("busy-page", {})).verdict == "safe"


MANY_TRIES = """\
    page = work.page
    later = mm.put_page(page)
    for tries in range(40):
        if page.dirty and (yield mm.trylock_page(page)):
            other = yield mm.find_get_page(page.mapping, tries)
            yield mm.unlock_page(other)
            yield later
            return
        yield mm.cond_resched()
    yield later
"""


def test_a_history_that_is_made_again_unlooked_at_leads_where_it_led() -> None:
    """Each place is resumed twice with each answer: by the run that came there, and by one that was brought there."""
    plain, looked_at = execute(MANY_TRIES), execute(MANY_TRIES + "    assert 7 % 2\n")
    assert is_plain(plain)
    assert not is_plain(looked_at)
    assert explored(plain) == explored(looked_at)


def explored(text: str) -> list[object]:
    """All turns of `execute`, each asked for twice."""
    programs = programs_of(text)
    turns = [begin(programs)]
    told: list[object] = [turns[0]]
    known = {turns[0].place}
    while turns:
        turn = turns.pop(0)
        name = getattr(turn.request, "name", None)
        for answer in (
            {"trylock_page": (True, False), "find_get_page": (("page", 1),)}.get(name, (None,)) if name else ()
        ):
            first = programs.resume(turn.place, answer, reader())
            assert programs.resume(turn.place, answer, reader()) == first
            told.append(first)
            if first.place not in known:
                known.add(first.place)
                turns.append(first)
    return told
