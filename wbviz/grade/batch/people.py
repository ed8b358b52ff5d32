"""Who is meant: names in an instructor's files against the students who handed something in.

A file may call a student by the name in the table of grades, by login, number, e-mail address or full name. Whoever is
meant by nothing, or by more than one student, is told: an extension must not fail to work without a word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Generic, NamedTuple, TypeVar

from wbviz.grade.collect.submission import Who

V = TypeVar("V")


class Meant(NamedTuple, Generic[V]):
    """What was said of whom: by place among the students; and the words that nobody, or more than one, answers to."""

    by_place: dict[int, V]
    nobody: list[str]
    several: list[str]
    twice: list[str]


def meant(said: Sequence[tuple[Sequence[str], V]], everybody: Sequence[Who]) -> Meant[V]:
    """Match what was said, each with all words that name the student, the first of them the one to show.

    What is said twice of one student counts as it is said first, and is told.
    """
    by_student: dict[str, list[int]] = {}
    by_word: dict[str, list[int]] = {}
    for place, who in enumerate(everybody):
        by_student.setdefault(_plain(who.student), []).append(place)
        for word in {*map(_plain, words_of(who))}:
            by_word.setdefault(word, []).append(place)
    found: Meant[V] = Meant({}, [], [], [])
    for words, value in said:
        plain = [word for word in map(_plain, words) if word]
        answers = [places for table in (by_student, by_word) for word in plain if (places := table.get(word))]
        places = min(answers, key=len, default=[])  # the first word that means one student, though others mean more
        if not places:
            found.nobody.append(words[0])
        elif len(places) > 1:
            found.several.append(f"{words[0]} ({', '.join(everybody[place].student for place in places)})")
        elif places[0] in found.by_place:
            found.twice.append(words[0])
        else:
            found.by_place[places[0]] = value
    return found


def words_of(who: Who) -> list[str]:
    """Every word by which a student may be called."""
    numbers = [who.moodle, f"Participant {who.moodle}"] if who.moodle else []
    return [word for word in (who.student, who.name, who.email, who.login, who.canvas, *numbers) if word]


def nobody_called(what: str, names: Sequence[str], everybody: Sequence[Who], expected: bool = False) -> list[str]:
    """A line for names that nobody here has, with whom they may mean; none if there are no such names.

    expected: it is no surprise that some have handed nothing in, so only names that look misspelt are told.
    """
    known = {_local(word): who.student for who in everybody for word in words_of(who)}
    told = []
    for name in names:
        near = get_close_matches(_local(name), known, 1, 0.75)
        if near:
            told.append(f"{name} (perhaps {known[near[0]]} is meant)")
        elif not expected:
            told.append(name)
    return [f"{what}: {', '.join(told)}"] if told else []


def _local(word: str) -> str:
    """What tells two e-mail addresses of one university apart."""
    return _plain(word).partition("@")[0]


def _plain(word: str) -> str:
    return " ".join(unicodedata.normalize("NFC", word).casefold().split())
