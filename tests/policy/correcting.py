"""Apply what a message prints under "write instead", as a student would: by putting it where it belongs.

- What begins with `def` is a function of the file: it takes the place of the head that is quoted, or of the head of the
  function of that name, or of the quoted line that it holds; else it is put at the end.
- Two lines of which the first is the line above the quoted one are these two.
- Everything else takes the place of the statement that is quoted; of one with a body, of its head.
"""

from __future__ import annotations

import ast
import re

from wbviz.errors import PolicyError


def corrected(text: str, error: PolicyError) -> str:
    """The text with the correction in it."""
    lines, fix = text.split("\n"), error.fix.split("\n")
    quoted = lines[error.line - 1] if error.line else ""
    function = re.match(r"def (\w+)\(", fix[0])
    if function and not quoted.lstrip().startswith(("def ", "async def ")):
        heads = [number for number, line in enumerate(lines) if line.lstrip().startswith(f"def {function[1]}(")]
        if not heads and quoted.strip() and fix[-1].strip() == quoted.strip() and error.line:
            return _put(lines, error.line - 1, error.line, fix, 0)
        if not heads:
            return text.rstrip("\n") + "\n\n" + error.fix + "\n"
        return _put(lines, heads[0], heads[0] + 1, fix, _indent(lines[heads[0]]))
    assert error.line, "a correction without a line is a function"
    first = last = error.line
    above = next((number for number in range(first - 1, 0, -1) if lines[number - 1].strip()), 0)
    if len(fix) == 2 and above and fix[0].strip() == lines[above - 1].strip() and fix[1].strip() == quoted.strip():
        least = min(len(line) - len(line.lstrip()) for line in fix)
        indent = _indent(lines[above - 1]) - (len(fix[0]) - len(fix[0].lstrip()) - least)
        return _put(lines, above - 1, first, fix, indent)
    first, last = _statement(text, error.line)
    return _put(lines, first - 1, last, fix, _indent(lines[first - 1]))


def _indent(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())


def _put(lines: list[str], first: int, last: int, fix: list[str], indent: int) -> str:
    return "\n".join([*lines[:first], *(" " * indent + line for line in fix), *lines[last:]])


def _statement(text: str, line: int) -> tuple[int, int]:
    """The first and the last line of the statement on a line, or of its head; the line alone in what does not parse."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return line, line
    best = (0, 0, 0)
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0):
            last = node.end_lineno or node.lineno
            if hasattr(node, "body"):
                last = max(node.lineno, node.body[0].lineno - 1)
            best = max(best, (node.lineno, -node.col_offset, last))
    return best[0], best[2]
