"""What all messages have in common."""

from __future__ import annotations

from wbviz.errors import PolicyError
from wbviz.kernel.api import API
from wbviz.policy.source import LONGEST_LINE, Source

USUAL_ARGUMENT = {"enqueue": "page", "execute": "work"}


def fault(
    source: Source, line: int | None, what: str, *, came: str = "", expected: str = "", cause: str = "", fix: str = ""
) -> PolicyError:
    line = line or None
    if any(len(row) > LONGEST_LINE for row in fix.split("\n")):
        fix = ""  # what is not quoted whole is not corrected either
    return PolicyError(
        what, file=source.file, line=line, source=source.line(line), came=came, expected=expected, cause=cause, fix=fix
    )


def call(name: str) -> str:
    """An operation as it is usually called."""
    parameters = API[name].arguments
    usual = f"{parameters[0]}={parameters[0]}" if API[name].optional else ", ".join(parameters)
    return f"mm.{name}({usual})"


def with_result(name: str) -> str:
    """The same, yielded, with what becomes of its answer."""
    answer = API[name].answer
    return f"{answer} = yield {call(name)}" if answer else f"yield {call(name)}"
