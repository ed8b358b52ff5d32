"""From Jupyter Book's pages to what is served: states taken out, places left, one style sheet, scripts by digest."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from ipywidgets.embed import embed_data

from tests.viz.samples import abba
from wbviz.errors import UsageError
from wbviz.site.finish import finish
from wbviz.site.places import lift, placed
from wbviz.viz.question import quiz
from wbviz.viz.stage.player import player

ROOT = Path(__file__).parents[2]
OPTIONS = [{"text": "Both </script>", "right": True, "feedback": "Each for the other."}]


def raw_page() -> str:
    """A page as Jupyter Book writes it, with a quiz and a player."""
    widgets = [quiz("a-1", "Who waits?", OPTIONS), player(abba())]
    data = embed_data(views=widgets, drop_defaults=False)
    state = json.dumps(data["manager_state"]).replace("</", "<\\/")
    cells = "".join(
        f'<div class="wb-place" data-wb-for="{widget.still}">{widget.picture()}</div>'
        f'<script type="application/vnd.jupyter.widget-view+json">{json.dumps(view)}</script>'
        for widget, view in zip(widgets, data["view_specs"], strict=True)
    )
    return (
        "<!DOCTYPE html>\n<html lang='en'><head><title>A page</title>"
        '<link rel="stylesheet" href="_static/theme.css?v=1" /><script src="_static/theme.js"></script></head>'
        f'<body><script type="application/vnd.jupyter.widget-state+json">{state}</script>'
        f"<h1>A</h1>{cells}</body></html>"
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same pages finished twice."""
    folder = tmp_path_factory.mktemp("site")
    raw = folder / "raw"
    (raw / "_static").mkdir(parents=True)
    (raw / "_sources").mkdir()
    (raw / "_static" / "favicon.svg").write_text("<svg/>")
    (raw / "_static" / "theme.css").write_text(
        ".used-by-no-page { color: red } h1 { color: blue } @font-face { font-family: x; src: url(x.woff2) }"
    )
    for sheet in (ROOT / "book" / "_static").glob("*.css"):
        (raw / "_static" / sheet.name).write_text(sheet.read_text())
    (raw / "a.html").write_text(raw_page())
    (raw / "notes").mkdir()
    (raw / "notes" / "b.html").write_text(raw_page().replace("_static/", "../_static/"))
    (raw / "index.html").write_text('<meta http-equiv="Refresh" content="0; url=a.html" />')
    (raw / "genindex.html").write_text(
        '<html><head><title>Index</title><link rel="stylesheet" href="_static/theme.css?v=1" /></head>'
        '<body><a href="a.html">A</a></body></html>'
    )
    for name in ("one", "two"):
        finish(ROOT, raw, folder / name)
    return folder / "one", folder / "two"


def test_the_same_pages_come_out_the_same(site: tuple[Path, Path]) -> None:
    one, two = ({path.relative_to(top): path.read_bytes() for path in top.rglob("*") if path.is_file()} for top in site)
    assert one == two


def test_pages_ask_for_what_is_there_and_for_nobody_else(site: tuple[Path, Path]) -> None:
    page = (site[0] / "a.html").read_text()
    named = re.findall(r'<(?:script|link)[^>]* (?:src|href)="([^"#]+)"', page)
    assert len(named) == 4
    assert all((site[0] / name).is_file() for name in named), named
    assert "theme.js" not in page
    assert "vnd.jupyter" not in page
    assert page.count('name="viewport"') == 1


def test_the_files_of_the_policy_lab_are_there_and_no_page_loads_them(site: tuple[Path, Path]) -> None:
    made = [path.name for path in (site[0] / "_static").glob("*.js")]
    page = (site[0] / "a.html").read_text()
    for name in ("editor", "policylab"):
        (file,) = (one for one in made if one.startswith(f"{name}."))
        assert f'<script defer src="_static/{file}"' not in page
    assert (site[0] / "_static" / file).read_text().count("editor.") >= 1, "the lab names the editor's file"


def test_a_page_in_a_folder_finds_its_files(site: tuple[Path, Path]) -> None:
    page = (site[0] / "notes" / "b.html").read_text()
    named = re.findall(r'(?:<(?:script|link)[^>]* (?:src|href)|data-file)="([^"#]+)"', page)
    large = [name for name in named if "/quiz." not in name]  # a small state is in the page
    assert len(large) == 5
    assert all((site[0] / "notes" / name).is_file() for name in large), large


def test_the_first_page_is_a_page(site: tuple[Path, Path]) -> None:
    assert "<h1>A</h1>" in (site[0] / "index.html").read_text()


def test_the_style_sheet_has_what_is_used(site: tuple[Path, Path]) -> None:
    (sheet,) = site[0].glob("_static/book.*.css")
    style = sheet.read_text()
    assert "h1{color:#00f}" in style
    assert "used-by-no-page" not in style
    assert "font-face" not in style
    assert ".wb-scene" in style


def test_every_widget_has_its_place_and_its_state(site: tuple[Path, Path]) -> None:
    page = (site[0] / "a.html").read_text()
    places = re.findall(r'<div class="wb-place" data-kind="([^"]*)" data-id="([^"]*)" data-state="([^"]*)"', page)
    assert [place[:2] for place in places] == [("quiz", "a-1"), ("player", "abba-writearound")]
    small = re.findall(r'<script type="application/json" id="wb-state-([^"]*)">(.*?)</script>', page)
    assert [key for key, _ in small] == [places[0][2]], "a small state stands in the page, a large one in a file"
    assert json.loads(small[0][1])["question"]["options"][0]["text"] == "Both </script>"
    (file,) = site[0].glob(f"_static/player.{places[1][2]}.js")
    assert file.read_text().startswith(f'wbvizState("{places[1][2]}",{{')
    assert "IPY_MODEL_" not in file.read_text()


def test_a_shell_has_the_form_of_its_widget_and_none_of_its_names(site: tuple[Path, Path]) -> None:
    page = (site[0] / "a.html").read_text()
    shells = re.findall(r'<div class="wb-shell" aria-hidden="true" inert>(.*?)<\w+ class="wbviz wb-still', page)
    assert len(shells) == 2
    assert "Who waits?" in shells[0]
    assert "wb-controls" in shells[1]
    assert not any(re.search(r"\s(?:id|role|aria-\w+)=", shell) for shell in shells)


def test_a_widget_without_a_place_is_refused() -> None:
    with pytest.raises(UsageError, match="no places"):
        lift(raw_page().replace('<div class="wb-place" data-wb-for="wb-quiz-a-1">', "<div>"))


def test_a_page_without_widgets_stays_as_it_is() -> None:
    html = "<html><body><p>text</p></body></html>"
    assert placed(lift(html), {}, "_static") == html
