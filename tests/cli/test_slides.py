"""The slides of the four sessions: they say what the book says, and need nothing but themselves."""

import re
from pathlib import Path

import pytest

from wbviz.commands.slides import SESSIONS, page
from wbviz.site.student import FILES, FOLDERS

EXERCISES = Path(__file__).parents[2] / "exercises"


@pytest.mark.parametrize("number", range(len(SESSIONS)))
def test_a_session_is_one_page_that_loads_nothing(number: int) -> None:
    text = page(SESSIONS[number], number + 1)
    assert text.count("<section>") == text.count("</section>") == len(SESSIONS[number].slides) + 1
    assert "<script" not in text
    assert not re.search(r"(?:src|href)=|url\(|@import", text)
    assert SESSIONS[number].predict in text


def test_what_is_given_as_homework_exists() -> None:
    given = [line for session in SESSIONS for line in session.slides[-1].lines if re.match(r"\d\d-", line)]
    assert len(given) >= 4
    assert all((EXERCISES / name).is_dir() for name in given)


def test_the_release_for_students_has_no_exam() -> None:
    assert not any(name.startswith("instructor") for name in (*FILES, *FOLDERS))
