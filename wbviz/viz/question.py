"""A question with a few answers: what a quiz asks, and what a player asks before it plays."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from zlib import crc32

import traitlets

from wbviz.errors import UsageError
from wbviz.viz.assets import palette_style
from wbviz.viz.widgets import Shown


def checked(question: Mapping[str, Any]) -> dict[str, Any]:
    """A copy with just what the front end reads, the options in an order that says nothing about which is right.

    question: {"text": …, "options": [{"text": …, "right": bool, "feedback": …}, …]}, at least one of them right; the
    feedback may be left out. Raises UsageError when something is missing.
    """
    try:
        options = [
            {"text": str(o["text"]), "right": bool(o["right"]), "feedback": str(o.get("feedback", ""))}
            for o in question["options"]
        ]
        copy = {"text": str(question["text"]), "options": options}
    except (KeyError, TypeError) as error:
        raise _bad(question) from error
    if not any(option["right"] for option in options):
        raise _bad(question)
    options.sort(key=lambda option: crc32(f"{copy['text']}\n{option['text']}".encode()))
    return copy


def _bad(question: object) -> UsageError:
    return UsageError(
        "this question cannot be asked",
        came=repr(question),
        expected="a text and some options, at least one of them right",
        cause="a key is missing or misspelt, or no option is marked right",
        fix='{"text": "Who waits?", "options": [{"text": "flusher", "right": True, "feedback": "It wants A0."}]}',
    )


def task_mark(kind: str, name: str, text: str) -> str:
    """The attributes by which the page of progress finds what a page asks; see `wbviz.site.tasks`."""
    return f'data-wb-task="{escape(kind)}" data-wb-id="{escape(name)}" data-wb-text="{escape(text)}"'


class Quiz(Shown):
    """A question of its own, with feedback on every answer. Answers stay in the reader's browser."""

    name = traitlets.Unicode().tag(sync=True)
    question = traitlets.Dict().tag(sync=True)

    def picture(self) -> str:
        """The question, its answers, and behind a click which of them is right."""
        options = self.question["options"]
        answers = "".join(f"<li>{escape(option['text'])}</li>" for option in options)
        told = "".join(
            f"<li>{escape(option['text'])}: <strong>{'right' if option['right'] else 'not quite'}.</strong> "
            f"{escape(option['feedback'])}</li>"
            for option in options
        )
        mark = task_mark("quiz", self.name, self.question["text"])
        return (
            f'{palette_style()}<div class="wbviz wb-still wb-quiz" id="{self.still}" {mark}>'
            f"<p><strong>{escape(self.question['text'])}</strong></p><ul>{answers}</ul>"
            f"<details><summary>What each answer is worth</summary><ul>{told}</ul></details></div>"
        )


def quiz(name: str, text: str, options: Sequence[Mapping[str, Any]]) -> Quiz:
    """Ask the reader something.

    name: unique in the book, `chapter-1`; the answer is kept in the browser under it.
    text: the question.
    options: [{"text": …, "right": bool, "feedback": …}, …], at least one of them right.
    Raises UsageError for a name that cannot stand in an address, and for a question that cannot be asked.
    """
    if not re.fullmatch(r"[\w-]+", name):
        raise UsageError(
            "this cannot be the name of a question",
            came=repr(name),
            expected="letters, digits, - and _, at least one",
            fix=f'wbviz.quiz("my-1", {text!r}, options)',
        )
    return Quiz(kind="quiz", name=name, question=checked({"text": text, "options": options}), still=f"wb-quiz-{name}")
