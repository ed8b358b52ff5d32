"""The book's questions give nothing away: the place of an option says nothing about whether it is right."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from wbviz.viz.question import checked

BOOK = Path(__file__).parents[2] / "book"
CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def questions() -> Iterator[tuple[str, dict]]:
    """All questions of the book, quizzes and those before a player, as they stand in the chapters."""
    for page in sorted(BOOK.glob("*.md")):
        for cell in CELL.findall(page.read_text(encoding="utf-8")):
            lines = [line for line in cell.splitlines() if not line.startswith((":", "%"))]
            for node in ast.walk(ast.parse("\n".join(lines))):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "quiz":
                    text, options = map(ast.literal_eval, node.args[1:3])
                    yield page.stem, {"text": text, "options": options}
                elif isinstance(node, ast.Dict) and {"text", "options"} <= {getattr(k, "value", "") for k in node.keys}:
                    yield page.stem, ast.literal_eval(node)


ALL = list(questions())


def test_the_right_answer_stands_everywhere():
    places = Counter()
    for _, question in ALL:
        right = [option["right"] for option in checked(question)["options"]]
        if len(right) == 3 and sum(right) == 1:
            places[right.index(True)] += 1
    assert sum(places.values()) > 35
    assert max(places.values()) < sum(places.values()) / 2


@pytest.mark.parametrize(("page", "question"), ALL, ids=[f"{page}-{i}" for i, (page, _) in enumerate(ALL)])
def test_each_option_has_its_feedback(page, question):
    del page
    assert all(option["feedback"] for option in question["options"])
    assert len({option["text"] for option in question["options"]}) == len(question["options"])


def test_the_order_is_the_same_in_each_build_and_whatever_the_author_wrote():
    question = ALL[0][1]
    turned = {"text": question["text"], "options": question["options"][::-1]}
    assert checked(question) == checked(turned)
