"""A child that is no program at all: a function from question to the bytes of its answer."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from wbviz.grade.judge.limits import Limits
from wbviz.grade.judge.pipe import Pipe
from wbviz.grade.judge.policy import ChildPolicy
from wbviz.grade.judge.talk import Talk
from wbviz.policy.source import Source

TEXT = "def enqueue(mm, page):\n    yield mm.get_page(page)\n"
Liar = Callable[[Any], bytes | None]


@contextmanager
def answered_by(
    liar: Liar,
    limits: Limits = Limits(answer_seconds=5),  # noqa: B008
    status: int | None = None,
    text: str = TEXT,
) -> Iterator[ChildPolicy]:
    """A policy whose child is `liar`, called with each question in turn; None: it hangs up, and ends with a status."""
    questions, asks = os.pipe()
    answers, says = os.pipe()

    def run() -> None:
        with os.fdopen(questions) as lines, os.fdopen(says, "wb", buffering=0) as out:
            next(lines)  # the policy's text
            out.write(message("plain", True))
            for line in lines:
                answer = liar(json.loads(line))
                if answer is None:
                    break
                try:
                    out.write(answer)
                except BrokenPipeError:
                    break

    thread = threading.Thread(target=run)
    thread.start()
    source = Source("liar.py", text)
    pipe = Pipe(asks, answers, limits, lambda: status)
    try:
        yield ChildPolicy("liar", source, "liar.py", Talk(pipe, source, limits))
    finally:
        os.close(answers)
        os.close(asks)
        thread.join()


def scripted(*answers: bytes | None) -> Liar:
    """These answers, one after another; then it says nothing more."""
    left = iter(answers)
    return lambda question: next(left, b"")


def message(*parts: Any) -> bytes:
    """A message as it travels."""
    return json.dumps(parts).encode() + b"\n"


def op(place: int, name: str, *args: Any, works: Any = (), info: Any = (), lines: Any = (2,)) -> bytes:
    """An operation as it travels."""
    return message("op", place, works, name, args, info, lines)
