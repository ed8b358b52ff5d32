"""What the code did: an exception, an endless loop, a result that says nothing."""

from __future__ import annotations

import builtins
import re
from collections.abc import Sequence
from types import GeneratorType
from typing import Any

from wbviz.errors import PolicyError
from wbviz.policy.arguments import SIGNATURES
from wbviz.policy.faults.base import call, fault
from wbviz.policy.source import Source
from wbviz.policy.words import describe, nearest, word_before


def raised(source: Source, error: BaseException) -> PolicyError:
    """An exception came out of the policy."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == source.file:
            line = trace.tb_lineno
        trace = trace.tb_next
    kind, text = type(error).__name__, str(error)
    cause, fix = _cause_of(error, text, source.line(line).strip())
    return fault(
        source,
        line,
        f"the policy raised {kind}" + (f": {text}" if text else ""),
        came=f"{kind}, which nothing caught",
        expected="no exception leaves enqueue, execute, or the file when it is read",
        cause=cause,
        fix=fix,
    )


def _cause_of(error: BaseException, text: str, quoted: str) -> tuple[str, str]:
    if isinstance(error, AttributeError) and "'NoneType' object" in text:
        owner = word_before(quoted, f".{error.name}") or "page"
        return (
            "find_get_page answers None where there is no page, page.mapping is None after truncation, "
            "work.page is None for a sync work",
            f"if {owner} is not None and {owner}.{error.name}:",
        )
    if isinstance(error, AttributeError) and "did you mean " in text:
        right = text.rpartition("did you mean ")[2].rstrip("?")
        return f"{error.name} is misspelt: {right}", _respelt(quoted, error.name, right)
    if isinstance(error, AttributeError) and text.startswith("this work has no "):
        return (
            "only what queue_work or extend_work was given is there; a work of somebody else's does not have it",
            f'value = getattr(work, "{error.name}", None)',
        )
    if isinstance(error, AttributeError) and ": it has " in text:
        first = text.rpartition(": it has ")[2].removeprefix("the operations ").split(",")[0]
        return f"there is no {error.name} in this model; what there is, is above", _respelt(quoted, error.name, first)
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError) and error.name:
        near = nearest(error.name, _names_at(error))
        if error.name in SIGNATURES:
            return "the operations belong to mm", f"yield {call(error.name)}"
        if near:
            return f"{error.name} is misspelt: {near}", _respelt(quoted, error.name, near)
        return "it is not defined in this file", f"{error.name} = ...      # before this line"
    if isinstance(error, UnboundLocalError):
        return (
            "a path through the function reaches this line without giving the name a value",
            f"{error.name or 'name'} = None",
        )
    if "'Operation'" in text:
        return (
            "yield is missing before an operation, so this is the request and not its answer",
            "answer = yield mm.find_get_page(inode, index)",
        )
    if isinstance(error, TypeError) and ("'Page'" in text or "'Inode'" in text or "'Work'" in text):
        return (
            "pages, inodes and works can be compared by == and `is`; their order is that of their index or name",
            "page.index < other.index",
        )
    if isinstance(error, RecursionError):
        return "a function calls itself without an end", "for index in range(page.index + 1, inode.nr_pages):\n    ..."
    if isinstance(error, RuntimeError) and "StopIteration" in text:
        return (
            "next() found nothing more; inside a generator that must be caught, or given a default",
            "first = next(iterator, None)",
        )
    if quoted.startswith("raise"):
        return "there is nobody to catch it: what goes wrong is a result, or a path through the code", "return False"
    return "a case the code does not expect", f"if ...:      # ask first\n    {quoted}" if quoted else ""


def _respelt(quoted: str, wrong: str | None, right: str) -> str:
    corrected = re.sub(rf"\b{re.escape(wrong)}\b", right, quoted, count=1) if wrong else quoted
    return corrected if corrected != quoted else right


def _names_at(error: BaseException) -> set[str]:
    trace = error.__traceback__
    if trace is None:
        return set()
    while trace.tb_next is not None:
        trace = trace.tb_next
    frame = trace.tb_frame
    return {name for name in (*frame.f_locals, *frame.f_globals, *vars(builtins)) if not name.startswith("__")}


def endless(source: Source, *looping: int) -> PolicyError:
    """Too many lines without a yield; `looping` are lines of the innermost frame that went round."""
    line = _loop_of(source, looping)
    return fault(
        source,
        line,
        "an endless loop without a yield",
        came="100000 lines of the policy executed, and no operation among them",
        expected="an operation in every round: before the next yield nothing changes, however long one waits",
        cause="a loop that waits for a lock, for writeback or for room without letting anybody else run",
        fix=f"{_head(source.line(line))}\n    yield mm.cond_resched()      # lets others run",
    )


def _head(loop: str) -> str:
    """The head of a loop that perhaps stands on one line with its body."""
    head, colon, _ = loop.strip().partition(": ")
    return head.rstrip(":") + ":" if colon or head.endswith(":") else "while page.locked:"


def _loop_of(source: Source, looping: Sequence[int]) -> int:
    """The line of the loop: the nearest `while` or `for` that is indented less than the first line going round."""
    first = min(looping)
    quoted = source.line(first)
    indent = len(quoted) - len(quoted.lstrip())
    if quoted.lstrip().startswith(("while ", "while(", "for ")):
        return first
    for line in range(first - 1, 0, -1):
        above = source.line(line)
        if above.strip() and len(above) - len(above.lstrip()) < indent:
            if above.lstrip().startswith(("while ", "while(", "for ")):
                return line
            indent = len(above) - len(above.lstrip())
    return first


def not_understood(source: Source, line: int, function: str, value: Any, culprit: Any) -> PolicyError:
    """A result that nobody can make sense of."""
    if isinstance(value, GeneratorType):
        return fault(
            source,
            line,
            f"{function} returned a generator",
            came=describe(value),
            expected="True, False or None",
            cause=f"{value.__name__} is a generator of your own: `yield from` runs it and gives its result",
            fix=f"return (yield from {value.__name__}(mm, page))",
        )
    inside = "" if culprit is value else f", and in it {describe(culprit)}"
    return fault(
        source,
        line,
        f"the result of {function} is not understood",
        came=describe(value) + inside,
        expected="True (or nothing) if the page was accepted, False if it was refused",
        cause="the result says only whether somebody will clean the page; what is to be remembered goes into the work",
        fix="return True",
    )
