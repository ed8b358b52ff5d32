"""Where the corrected form of a policy-error belongs in the policy's text, as a student would put it there.

- What begins with `def` is a function of the file: it takes the place of the head that is quoted, or of the head of the
  function of that name, or of the quoted line that it holds; else it is put at the end.
- Two lines of which the first is the line above the quoted one are these two.
- Everything else takes the place of the statement that is quoted; of one with a body, of its head.
"""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

from wbviz.errors import PolicyError


class Edit(NamedTuple):
    """Lines `first` to `last` of a text, from 1, become `text`; with `last` = `first` - 1 it comes before `first`."""

    first: int
    last: int
    text: str


def correction(text: str, error: PolicyError) -> Edit | None:
    """The edit that does what a message prints under "write instead"; None where it prints nothing to write."""
    if not error.fix:
        return None
    lines, fix = text.split("\n"), error.fix.split("\n")
    quoted = lines[error.line - 1] if error.line and error.line <= len(lines) else ""
    function = re.match(r"def (\w+)\(", fix[0])
    if function and not quoted.lstrip().startswith(("def ", "async def ")):
        heads = [number for number, line in enumerate(lines, 1) if line.lstrip().startswith(f"def {function[1]}(")]
        if heads:
            return _put(heads[0], heads[0], fix, _indent(lines[heads[0] - 1]))
        if quoted.strip() and fix[-1].strip() == quoted.strip() and error.line:
            return _put(error.line, error.line, fix, 0)
        kept = len(text.rstrip("\n").split("\n"))
        return Edit(kept + 1, len(lines), f"\n{error.fix}\n")
    if not quoted or not error.line:
        return None
    above = next((number for number in range(error.line - 1, 0, -1) if lines[number - 1].strip()), 0)
    if len(fix) == 2 and above and fix[0].strip() == lines[above - 1].strip() and fix[1].strip() == quoted.strip():
        least = min(len(line) - len(line.lstrip()) for line in fix)
        indent = _indent(lines[above - 1]) - (len(fix[0]) - len(fix[0].lstrip()) - least)
        return _put(above, error.line, fix, indent)
    first, last = _statement(text, error.line)
    return _put(first, last, fix, _indent(lines[first - 1]))


def applied(text: str, edit: Edit) -> str:
    """The text with the edit in it."""
    lines = text.split("\n")
    return "\n".join([*lines[: edit.first - 1], *edit.text.split("\n"), *lines[edit.last :]])


def _put(first: int, last: int, fix: list[str], indent: int) -> Edit:
    return Edit(first, last, "\n".join(" " * indent + line for line in fix))


def _indent(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())


def _statement(text: str, line: int) -> tuple[int, int]:
    """The first and the last line of the statement on a line, or of its head; the line alone in what does not parse."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return line, line
    best = (0, 0, 0)
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0):
            last = node.end_lineno or node.lineno
            if body := getattr(node, "body", None):
                last = max(node.lineno, body[0].lineno - 1)
            best = max(best, (node.lineno, -node.col_offset, last))
    return (best[0], best[2]) if best[0] else (line, line)
