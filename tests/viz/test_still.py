"""The still picture, the exported page, and the text of the player's code."""

from __future__ import annotations

import gzip
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.viz.samples import SAMPLES, abba
from wbviz.viz import assets
from wbviz.viz.assets import MODULES, WIDGETS, loader_script, page_script, style, widget_script
from wbviz.viz.stage.figure import still, svg, text
from wbviz.viz.stage.frames import film
from wbviz.viz.stage.page import page, write_page

EVIL = '</script><script>alert(1)</script><img src=x onerror="alert(1)">'


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes.update(name for name, _ in attrs)


def _parsed(html: str) -> _Tags:
    tags = _Tags()
    tags.feed(html)
    return tags


def _evil() -> dict[str, Any]:
    trace = json.loads(json.dumps(abba()).replace("writer", EVIL.replace('"', '\\"').replace("/", "\\/")))
    trace.update(policy=EVIL, scenario=EVIL, source=EVIL)
    return dict(trace)


@pytest.mark.parametrize("make", SAMPLES.values(), ids=SAMPLES.keys())
def test_the_still_picture_holds_every_sentence(make: Any) -> None:
    source = film(make())
    html = still(source, "here")
    assert 'id="here"' in html
    for frame in source.frames:
        assert frame.say in html
    assert svg(source).startswith("<svg")


def test_below_the_picture_of_the_end_stands_that_it_is_the_end() -> None:
    # "Nothing has run yet" stood right under a deadlock. Each sentence was tested, and not what lies above it.
    caption, _, story = still(film(abba()), "here").partition("</figcaption>")
    assert caption.endswith("The picture shows the end.")
    assert story.startswith("<p>At the start")


def test_the_text_ends_with_the_state() -> None:
    lines = text(film(abba()))
    assert lines[0].startswith("At the start")
    assert "locked by flusher" in lines[-1]


def test_what_a_trace_says_is_never_markup() -> None:
    for html in (still(_evil()), page(_evil())):
        tags = _parsed(html)
        assert "img" not in tags.seen
        assert "onerror" not in tags.attributes
    assert _parsed(page(_evil())).seen.count("script") == 2


def test_a_page_asks_for_nothing(tmp_path: Path) -> None:
    target = write_page(abba(), tmp_path / "a page.html")
    html = target.read_text(encoding="utf-8")
    assert not re.findall(r"""(?:src|href)=|@import|url\((?!#)|https?://(?!www\.w3\.org/)""", html)
    assert "default-src 'none'" in html


def test_the_joined_module_has_no_import_and_no_name_twice() -> None:
    folder = Path(assets.__file__).parent / "js"
    names: list[str] = []
    for module in (*MODULES, *WIDGETS):
        source = (folder / f"{module}.js").read_text(encoding="utf-8")
        names += re.findall(r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", source, re.MULTILINE)
    assert len(names) == len(set(names))
    for script in (page_script(), widget_script(), loader_script()):
        assert not re.search(r"^import ", script, re.MULTILINE)
    assert "export" not in page_script()
    assert re.findall(r"^export .*", widget_script(), re.MULTILINE) == ["export { render };"]


def test_the_code_of_the_widgets_stays_small() -> None:
    assert len(page_script()) < 40_000
    assert len(gzip.compress(widget_script().encode())) < 37_000, "all widgets, as a notebook has them, once"
    assert len(loader_script()) < 1_000
    assert len(gzip.compress(style().encode())) < 8_000
