"""The form of a chapter: what it promises, what it leaves out, key points, exercises, sources; and short cells."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from wbviz.check.check import check_scenario
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import build

BOOK = Path(__file__).parents[2] / "book"
TOC = yaml.safe_load((BOOK / "_toc.yml").read_text(encoding="utf-8"))
CHAPTERS = [chapter["file"] for part in TOC["parts"] if part.get("numbered") for chapter in part["chapters"]]
CELL = re.compile(r"^```\{code-cell\}[^\n]*\n((?::[^\n]*\n)*)(.*?)^```", re.MULTILINE | re.DOTALL)


def text(name):
    return (BOOK / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_has_its_parts_in_order(name):
    heads = ("What the model leaves out", "Key points", "Exercises", "Further reading")
    parts = [r"^At the end( of this chapter)? you can$", *(rf"^## {head}$" for head in heads)]
    found = [re.search(part, text(name), re.MULTILINE) for part in parts]
    places = [at.start() if at else -1 for at in found]
    assert -1 not in places, f"missing: {[part for part, at in zip(parts, places, strict=True) if at < 0]}"
    assert places == sorted(places)


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_has_two_to_five_exercises_with_hidden_solutions(name):
    exercises = text(name).partition("## Exercises")[2].partition("## Further reading")[0]
    asked = len(re.findall(r"^\*\*\d+\. ", exercises, re.MULTILINE))
    assert 2 <= asked <= 5
    assert exercises.count("```{dropdown} Solution") == asked
    folded = re.findall(r"^```\{dropdown\} (\w+)$", exercises, re.MULTILINE)
    assert folded == ["Hint", "Solution"] * asked


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_says_its_crux_in_two_sentences(name):
    (crux,) = re.findall(r"^```\{admonition\} The crux\n:class: tip\n(.*?)^```$", text(name), re.MULTILINE | re.DOTALL)
    assert len(re.findall(r"[.?!](?:\s|$)", crux)) == 2


@pytest.mark.parametrize("name", CHAPTERS[1:])
def test_a_chapter_looks_back_and_says_how_long_it_takes(name):
    """A question about earlier chapters before the exercises; minutes by 150 words of prose each, and two a widget."""
    before = text(name).partition("## Looking back\n")[2].partition("## Exercises")[0]
    assert before.count("wbviz.quiz(") == 1
    prose = re.sub(r"\{cite\}`[^`]*`|<[^>]+>", "", CELL.sub("", text(name)).partition("## Exercises")[0])
    minutes = len(prose.split()) / 150 + 2 * len(re.findall(r"wbviz\.(?:play|quiz|game|lab)\(", text(name)))
    (stated,) = re.findall(rf"^\| \[[^]]+\]\({name}\.md\) \|.*\| (\d+) \|$", text("why-this-book"), re.MULTILINE)
    assert abs(int(stated) - minutes) <= 5


def test_every_claim_of_the_mail_has_its_passage_its_scenario_and_its_question():
    """No empty cell; the chapter shows the scenario."""
    table = text("scenarios").partition("## The mail's claims")[2].partition("\n## ")[0]
    rows = [
        [cell.strip() for cell in row.strip("|").split("|")] for row in re.findall(r"^\|.*\|$", table, re.MULTILINE)
    ]
    claims = rows[2:]
    assert len(claims) >= 12
    assert all(len(row) == 4 and all(row) for row in claims)
    for _, chapter, scenario, _ in claims:
        (file,) = re.findall(r"\((.*)\.md\)", chapter)
        if scenario != "all of them":
            build(scenario.strip("`"))
            assert f'"{scenario.strip("`")}"' in text(file), (file, scenario)


@pytest.mark.parametrize("name", CHAPTERS)
def test_further_reading_has_sources(name):
    assert "{cite}`" in text(name).partition("## Further reading")[2]


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_has_a_widget_and_a_question(name):
    assert re.search(r"wbviz\.(play|replay|lab)\(|^timeline\(\)", text(name), re.MULTILINE)
    assert re.search(r"question=\{|wbviz\.quiz\(", text(name))


@pytest.mark.parametrize("name", CHAPTERS)
def test_what_a_reader_sees_of_a_cell_is_short(name):
    for options, code in CELL.findall(text(name)):
        if "remove-input" not in options:
            assert len(code.strip().splitlines()) <= 15, code


@pytest.mark.parametrize("name", CHAPTERS)
def test_questions_of_a_chapter_bear_its_name(name):
    asked = re.findall(r'wbviz\.quiz\(\s*"([^"]+)"', text(name))
    assert asked == [f"{name}-{number}" for number in range(1, len(asked) + 1)]


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_answer_has_its_feedback(name):
    for _, code in CELL.findall(text(name)):
        assert code.count('"right":') == code.count('"feedback":')


def test_the_list_of_exercises_agrees_with_their_rubrics():
    row = r"^\| \[`(\d\d-[\w-]+)`\]\(exercises/\1\.md\) \|.*\| ([^|]+) \|$"
    shown = dict(re.findall(row, text("write-your-own"), re.MULTILINE))
    rubrics = {
        path.parent.name: tomllib.loads(path.read_text(encoding="utf-8"))["chapter"]
        for path in BOOK.parent.glob("exercises/*/rubric.toml")
    }
    assert list(shown) == sorted(rubrics)
    for name, chapter in rubrics.items():
        assert f"({chapter}.md)" in shown[name] or (chapter, shown[name]) == ("write-your-own", "this chapter"), name


@pytest.mark.parametrize("name", ["progress", "how-far-a-proof-reaches"])
def test_the_bound_that_a_page_shows_is_reached(name):
    (bound,) = re.findall(r"build\(\"storm\"\), max_states=(\d+)\)", text(name))
    result = check_scenario(load_policy("pin_then_lock"), build("storm"), max_states=int(bound))
    assert result.verdict == "incomplete"
