"""Schedules: what is written is read back, and what is not a schedule is refused with the word that is wrong."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wbviz.errors import TraceError
from wbviz.trace.schedule import Move, Schedule, parse

NAMES = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
WORDS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
PAGE_NAMES = st.from_regex(r"[A-C][0-9]{1,2}", fullmatch=True)
MOVES = st.lists(
    st.builds(Move, WORDS, st.none() | PAGE_NAMES).flatmap(lambda move: st.integers(1, 4).map(lambda n: [move] * n))
)
SCHEDULES = st.builds(
    Schedule,
    NAMES,
    NAMES,
    st.lists(st.tuples(WORDS, st.integers(0, 10**9))).map(tuple),
    MOVES.map(lambda runs: tuple(move for run in runs for move in run)),
    st.sampled_from(["", "leak", "lost-work"]),
)


@given(SCHEDULES)
@example(Schedule("abba", ":", (), (Move("kswapd"),)))
@example(Schedule(":", "'", (("pages", 2),), ()))
@example(Schedule("", "my policy.py", (), (Move("disk", "A0"), Move("disk", "A1"))))
def test_round_trip(schedule: Schedule) -> None:
    assert parse(str(schedule)) == schedule


def test_the_form_that_people_see() -> None:
    moves = (*[Move("kswapd")] * 3, Move("writer"), Move("disk", "A0"), Move("disk", "A0"), Move("disk", "A1"))
    text = str(Schedule("abba", "my policy", (("pages", 2), ("flushers", 1)), moves))
    assert text == "wb1 abba 'my policy' pages=2 flushers=1 : kswapd*3 writer disk:A0*2 disk:A1"
    assert str(parse(text)._replace(shows="lost-work")) == f"{text} = lost-work"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "it begins with 'nothing'"),
        ("hello", "it begins with 'hello', not with 'wb1'"),
        ("wb2 abba p : flusher", "it begins with 'wb2', not with 'wb1'"),
        ("wb1", "scenario, policy and ' : '"),
        ("wb1 abba p", "scenario, policy and ' : '"),
        ("wb1 abba : flusher", "scenario, policy and ' : '"),
        ("wb1 abba 'p : flusher", "a quotation mark is not closed"),
        ("wb1 abba p pages : flusher", "'pages' is not a parameter"),
        ("wb1 abba p =2 : flusher", "'=2' is not a parameter"),
        ("wb1 abba p pages=two : flusher", "'pages=two' is not a parameter"),
        ("wb1 abba p pages=-1 : flusher", "'pages=-1' is not a parameter"),
        ("wb1 abba p pages=² : flusher", "is not a parameter"),
        ("wb1 abba p pages=" + "9" * 5000 + " : flusher", "is not a parameter"),
        ("wb1 abba p : *3", "'\\*3' is not a step"),
        ("wb1 abba p : flusher*", "is not a step"),
        ("wb1 abba p : flusher =", "has to follow '=', not ''"),
        ("wb1 abba p : flusher = a leak", "has to follow '=', not 'a leak'"),
        ("wb1 abba p : flusher = leak = leak", "has to follow '=', not 'leak = leak'"),
        ("wb1 abba p : flusher = 3", "has to follow '=', not '3'"),
        ("wb1 abba p : flusher*0", "is not a step"),
        ("wb1 abba p : flusher*x", "is not a step"),
        ("wb1 abba p : flusher*" + "9" * 5000, "is not a step"),
        ("wb1 abba p : disk:", "'disk:' is not a step"),
        ("wb1 abba p : disk:*2", "is not a step"),
        ("wb1 abba p : :A0", "':A0' is not a step"),
    ],
)
def test_what_is_not_a_schedule(text: str, cause: str) -> None:
    with pytest.raises(TraceError, match="this is not a schedule") as caught:
        parse(text)
    assert re.search(cause, caught.value.cause)
    assert len(caught.value.came) < 81
    assert "wb1 abba writearound" in caught.value.fix


@given(st.text(max_size=60) | st.text(max_size=30).map(lambda text: f"wb1 abba p {text}"))
def test_any_text_is_a_schedule_or_a_trace_error(text: str) -> None:
    try:
        schedule = parse(text)
    except TraceError:
        return
    assert parse(str(schedule)) == schedule
