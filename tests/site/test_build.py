"""What the build gathers, what makes it forget earlier results, and how it fails."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wbviz.errors import UsageError
from wbviz.site.builder import build_book, fingerprint
from wbviz.site.pages import to_root
from wbviz.site.runtime import MODULES, assemble, head, patient, trim

ROOT = Path(__file__).parents[2]
NOTEBOOK = """---
kernelspec: {name: python3, display_name: Python 3}
jupytext: {text_representation: {format_name: myst}}
---
"""
BUNDLE = """/*! licence */
define("@jupyter-widgets/base",[],a);
//# sourceMappingURL=base.js.map;
define("@jupyter-widgets/base7",[],b);
define("@jupyter-widgets/controls7",[],c);
define("@jupyter-widgets/html-manager",[],d);

(()=>{"use strict";window.require(["libembed-amd"],(function(e){e.renderWidgets()}))})();
//# sourceMappingURL=render.js.map"""


def test_trim_drops_the_widgets_of_ipywidgets_7_and_the_maps() -> None:
    text = trim(BUNDLE)
    assert re.findall(r'define\("([^"]*)"', text) == ["@jupyter-widgets/base", "@jupyter-widgets/html-manager"]
    assert "renderWidgets" not in text
    assert "sourceMappingURL" not in text


def test_anywidget_waits_for_a_slow_telephone() -> None:
    text = patient("before(); AbortSignal.timeout(2e3).then(x); after();")
    assert text == "before(); AbortSignal.timeout(6e4).then(x); after();"
    with pytest.raises(UsageError, match=r"another version of anywidget"):
        patient("nothing of the kind")


def test_trim_says_what_to_do_about_another_bundle() -> None:
    with pytest.raises(UsageError, match=r"package-lock\.json"):
        trim("(()=>{})()")


def test_runtime_is_whole(tmp_path: Path) -> None:
    assemble(ROOT, tmp_path / "site")
    folder = tmp_path / "site" / "widgets"
    assert {path.name for path in folder.glob("*.js")} == {"require.js", "embed-amd.js", *(f"{m}.js" for m in MODULES)}
    for script in folder.glob("*.js"):
        assert not re.search("^//# source", script.read_text(encoding="utf-8"), re.MULTILINE)


def test_a_missing_part_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="npm ci"):
        assemble(tmp_path, tmp_path / "site")


@pytest.mark.parametrize(("page", "way"), [("intro", ""), ("part/chapter", "../"), ("a/b/c", "../../")])
def test_the_way_to_the_root(page: str, way: str) -> None:
    assert to_root(page) == way


def test_head_asks_nobody_else() -> None:
    assert "//" not in head("../").replace("</", "")
    assert head("../").count('"../widgets') == 8


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
    for name in ("_config.yml", "wbviz", "node_modules"):
        (root / name).symlink_to(ROOT / name)
    other = root / "_build" / "peers"
    other.mkdir(parents=True)
    assert build_book(root) == 0
    assert other.is_dir(), "an environment that a tool keeps below _build was thrown away"
    (book / "a.md").write_text(chapter)
    assert build_book(root) == 1
    assert says in capfd.readouterr().err
    assert build_book(root) == 1, "a second build forgot the failure"
