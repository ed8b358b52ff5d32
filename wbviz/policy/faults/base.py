"""What all messages have in common."""

from __future__ import annotations

from wbviz.errors import PolicyError
from wbviz.policy.arguments import SIGNATURES
from wbviz.policy.source import LONGEST_LINE, Source

USUAL_ARGUMENT = {"enqueue": "page", "execute": "work"}
_ANSWERS = frozenset({"trylock_page", "igrab", "find_get_page", "queue_work", "extend_work"})
"""Operations whose answer a policy needs."""


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
    parameters = ", ".join(SIGNATURES[name]) if name != "queue_work" else "page=page"
    return f"mm.{name}({parameters})"


def with_result(name: str) -> str:
    """The same, yielded, with what becomes of its answer."""
    result = {"find_get_page": "neighbour", "trylock_page": "locked", "queue_work": "queued"}.get(name, "done")
    return f"{result} = yield {call(name)}" if name in _ANSWERS else f"yield {call(name)}"
