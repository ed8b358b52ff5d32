"""The slides of the four sessions: they say what the book says, and need nothing but themselves."""

import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from wbviz.commands.slides import SESSIONS, page
from wbviz.site.student import FILES, FOLDERS, write_release

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


def test_the_release_for_students_has_nothing_of_an_instructor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test looked at the names of what goes in, and would not have seen a folder inside of it."""
    monkeypatch.setattr("wbviz.site.student.write_notebooks", lambda root, into: None)
    root = tmp_path / "checkout"
    secrets = ["instructor/exam.md", "exercises/11-own/instructor/reference.py", "wbviz/own/instructor/wrong/leaky.py"]
    for name in (*FILES, *(f"{folder}/a.md" for folder in FOLDERS), "exercises/11-own/task.md", *secrets):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text", encoding="utf-8")
    _, archive = write_release(root, tmp_path / "out" / "wbviz", tasks=lambda root, into: None)
    names = ZipFile(archive).namelist()
    assert "wbviz/exercises/11-own/task.md" in names
    assert not [name for name in names if "instructor" in name]
