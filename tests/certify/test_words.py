"""Every finding, obligation and reason has its words; what is advised is Python, and the chapters exist."""

import re
from pathlib import Path
from textwrap import indent

import pytest

from wbviz.certify.box import Reason
from wbviz.certify.facts import Knowledge, PageFacts
from wbviz.certify.findings import OBLIGATION, ONLY_BESIDE, ONLY_ON, Finding, Kind, Obligation
from wbviz.certify.report import only
from wbviz.certify.words import CHAPTERS, LESSONS, OBLIGATIONS, REASONS, facts_words, known_words, page_words, what

BOOK = Path(__file__).parents[2] / "book"


def test_nothing_is_without_words() -> None:
    assert set(LESSONS) == set(OBLIGATION) == set(Kind)
    assert set(OBLIGATIONS) == set(OBLIGATION.values()) == set(Obligation)
    assert set(REASONS) == set(Reason)


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.value)
def test_a_finding_is_a_sentence_with_a_cure_and_a_chapter(kind: Kind) -> None:
    finding = Finding(kind, "execute", 7, -1, 2, 3, Knowledge())
    assert not re.search(r"[{}]|None|\.$", what(finding))
    lesson = LESSONS[kind]
    compile("def policy(mm, page, inode):\n" + indent(lesson.fix, "    "), "fix", "exec")
    assert (BOOK / f"{lesson.chapter}.md").is_file()
    assert bool(only(finding)) == (kind in ONLY_ON or kind in ONLY_BESIDE)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_chapters_are_called_as_in_the_book(chapter: str) -> None:
    assert f"\n# {CHAPTERS[chapter]}\n" in (BOOK / f"{chapter}.md").read_text(encoding="utf-8")


def test_what_is_known_in_words() -> None:
    assert [page_words(offset) for offset in (0, 1, -1, 3, -2)] == [
        "the wanted page",
        "the page after the wanted one",
        "the page before the wanted one",
        "the page 3 after the wanted one",
        "the page 2 before the wanted one",
    ]
    assert facts_words(PageFacts(1, True, True, False, None)) == (
        "pinned, locked, in its file, clean; not known: whether it is under writeback"
    )
    known = Knowledge().with_page(2, PageFacts(0, False, False))
    assert known_words(Finding(Kind.PIN_LEFT, "execute", 7, -1, None, 3, known)) == (
        "not pinned, not locked, gone from its file; not known: whether it is dirty or under writeback"
    )
    assert known_words(Finding(Kind.LOOP, "execute", 7, None, None, 3, known)) == ""
