"""The drawing of the package is made from its imports."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wbviz.viz.cells.house import House, arrows, house, rooms, rows

ROOT = Path(__file__).parents[2]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A package of four rooms: a uses b and c, b uses c, d is used by nobody."""
    texts = {
        "a/one.py": "from wbviz.b import thing\nimport wbviz.c.deep\n",
        "a/two.py": "x = 1\n",
        "b.py": "def f():\n    from wbviz import c\n    from wbviz.c import x\n",
        "c/deep.py": "",
        "d.py": "import os\n",
        "__init__.py": "from wbviz.d import y\n",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_rooms_are_found_with_what_they_import(small: Path) -> None:
    found = rooms(small)
    used = {name: sorted(room.imports) for name, room in found.items()}
    assert used == {"a": ["b", "c"], "b": ["c"], "c": [], "d": []}
    assert (found["a"].modules, found["a"].lines) == (2, 3)


def test_a_room_stands_below_all_that_import_it(small: Path) -> None:
    assert rows(rooms(small)) == {"a": 0, "b": 1, "c": 2, "d": 0}


def test_an_arrow_that_a_longer_way_says_is_left_out(small: Path) -> None:
    assert arrows(rooms(small)) == [("a", "b"), ("b", "c")]


def test_a_circle_is_told(small: Path) -> None:
    (small / "c" / "deep.py").write_text("import wbviz.a.one\n")
    with pytest.raises(ValueError, match="circle"):
        rows(rooms(small))


def test_the_figure_has_all_rooms_and_says_it_in_words(small: Path) -> None:
    picture = House(rooms(small))._repr_html_()
    assert picture.count("<rect") == 4
    assert picture.count("class='line'") == 2
    assert "<li>a imports b, c</li>" in picture
    assert "<li>d imports nothing</li>" in picture


def test_this_package_can_be_drawn() -> None:
    assert {"kernel", "check", "sim", "viz", "grade"} <= set(house().rooms)
    assert rows(house().rooms)["kernel"] > rows(house().rooms)["check"] > rows(house().rooms)["cli"]


NOTES = [ROOT / "book" / "architecture.md", *sorted((ROOT / "book" / "design").glob("*.md"))]


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.stem)
def test_a_design_note_names_files_that_exist(note: Path) -> None:
    named = re.findall(r"`((?:wbviz|tests|book|exercises)/[\w./-]+)`", note.read_text(encoding="utf-8"))
    assert [name for name in named if "NN-" not in name and not (ROOT / name).exists()] == []


def test_all_design_notes_are_in_the_book() -> None:
    assert "- glob: design/*\n" in (ROOT / "book" / "_toc.yml").read_text(encoding="utf-8")
