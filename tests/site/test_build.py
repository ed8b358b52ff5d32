"""What makes a build forget earlier results, and how it fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from wbviz.site.builder import build_book, fingerprint

ROOT = Path(__file__).parents[2]
NOTEBOOK = """---
kernelspec: {name: python3, display_name: Python 3}
jupytext: {text_representation: {format_name: myst}}
---
"""


def test_fingerprint_changes_with_text_and_names_and_nothing_else(tmp_path: Path) -> None:
    source = tmp_path / "wbviz" / "a.py"
    source.parent.mkdir()
    source.write_text("1")
    first = fingerprint(tmp_path, ["wbviz", "absent"])
    (source.parent / "__pycache__").mkdir()
    (source.parent / "__pycache__" / "a.pyc").write_text("x")
    assert fingerprint(tmp_path, ["wbviz", "absent"]) == first
    source.write_text("2")
    second = fingerprint(tmp_path, ["wbviz", "absent"])
    source.rename(source.with_name("b.py"))
    assert len({first, second, fingerprint(tmp_path, ["wbviz", "absent"])}) == 3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("chapter", "says"),
    [
        ("# A\n\n[nowhere](nowhere.md)\n", "nowhere"),
        (f"{NOTEBOOK}# A\n\n```{{code-cell}}\nimport wbviz.errors\n1 / 0\n```\n", "ZeroDivisionError"),
    ],
)
def test_a_warning_or_a_failed_cell_fails_the_build_every_time(
    tmp_path: Path, chapter: str, says: str, capfd: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "a path with a space"
    book = root / "book"
    (book / "_templates").mkdir(parents=True)
    (book / "_static").mkdir()
    (book / "_static" / "favicon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (book / "references.bib").write_text("")
    (book / "_toc.yml").write_text("format: jb-book\nroot: a\n")
    (book / "a.md").write_text("# A\n")
    for name in ("_config.yml", "wbviz", "node_modules", "package-lock.json"):
        (root / name).symlink_to(ROOT / name)
    other = root / "_build" / "peers"
    other.mkdir(parents=True)
    assert build_book(root) == 0
    assert other.is_dir(), "an environment that a tool keeps below _build was thrown away"
    (book / "a.md").write_text(chapter)
    assert build_book(root) == 1
    assert says in capfd.readouterr().err
    assert build_book(root) == 1, "a second build forgot the failure"
