"""A text that is no Python: what stands there instead, and the line corrected.

Python tells its kinds of syntax errors apart by words alone, so here, and nowhere else, words are looked at.
"""

from __future__ import annotations

import ast
import re

from wbviz.errors import PolicyError
from wbviz.policy.faults.base import fault
from wbviz.policy.faults.functions import asynchronous
from wbviz.policy.source import Source

_STRAIGHT = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'"})
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2007\u2009\u202f\u3000", " "))
_NOTHING = str.maketrans(dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_DASHES = str.maketrans({"–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "…": "...", "×": "*", "≤": "<=", "≥": ">="})
_LEFT_OUT = "#      this line is left out"


def unparsable(source: Source, error: BaseException) -> PolicyError:
    """The text is no Python."""
    if not isinstance(error, SyntaxError):
        return fault(
            source,
            None,
            f"this is not Python: {str(error) or type(error).__name__}",
            came="a file that does not compile",
            expected="a text file with two generator functions, enqueue(mm, page) and execute(mm, work)",
            cause="the file is damaged, or is no Python source",
        )
    name, line = _async_around(source, error.lineno or 0)
    if name:
        return asynchronous(source, line, name)
    message = error.msg or "invalid syntax"
    cause, fix = _known(source, error, message)
    return fault(
        source,
        error.lineno,
        f"this is not Python: {message}",
        came="a file that does not parse",
        expected="two generator functions, enqueue(mm, page) and execute(mm, work)",
        cause=cause or "often the line above: a bracket that is not closed, a colon or an indentation that is missing",
        fix=fix,
    )


def _async_around(source: Source, line: int) -> tuple[str, int]:
    """The `async def` that a line stands in, where the text is otherwise well formed: its name and its line."""
    try:
        tree = ast.parse(source.text)
    except (SyntaxError, ValueError, RecursionError):
        return "", 0
    for node in ast.walk(tree):
        if isinstance(node, ast.AsyncFunctionDef) and node.lineno <= line <= (node.end_lineno or 0):
            return node.name, node.lineno
    return "", 0


def _known(source: Source, error: SyntaxError, message: str) -> tuple[str, str]:
    """Likely cause and correction, as far as the line or Python's message tells; "" for what they do not."""
    line = _raw(source, error.lineno or 0)
    quoted = line.strip()
    if quoted.startswith(("```", "~~~")):
        return "a fence of Markdown that came along when the code was copied; there are two of them", _LEFT_OUT
    if quoted.startswith(("%", "!")):
        return "a command of a notebook: a policy is Python alone, and needs nothing installed", _LEFT_OUT
    prompt = re.match(r"(>>> ?|\.\.\. |In \[\d*\]: ?)", quoted)
    if prompt:
        return "the prompt of an interpreter came along when the code was copied", quoted[prompt.end() :]
    for table, cause in (
        (_STRAIGHT, "typographic quotes, as a word processor makes them; Python knows straight ones"),
        (_SPACES, "a no-break space that looks like a space; it comes along from web pages and PDFs"),
        (_NOTHING, "a character that cannot be seen; it comes along from web pages and PDFs"),
        (_DASHES, "a typographic sign for what Python writes with the keys of a keyboard"),
    ):
        if line.translate(table) != line:
            return cause, line.translate(_STRAIGHT | _SPACES | _NOTHING | _DASHES).strip()
    if isinstance(error, IndentationError):
        return _indentation(source, error, message)
    if "'yield' outside function" in message or "'return' outside function" in message:
        inside = any(_raw(source, number).startswith("def ") for number in range(1, error.lineno or 0))
        return (
            "the line is not indented as the function is that it belongs to",
            f"    {quoted}" if inside else f"def execute(mm, work):\n    {quoted}",
        )
    if message.startswith("expected ':'"):
        return "a colon is missing at the end of the line", f"{quoted}:"
    if message.endswith("' was never closed") and quoted:
        closing = {"(": ")", "[": "]", "{": "}"}[message[1]]
        whole = quoted[:-1].rstrip() + closing + ":" if quoted.endswith(":") else quoted + closing
        return "a bracket that is not closed", whole
    if message.startswith("unmatched '") and quoted.count(message[11]) == 1 + quoted.count(_OPENING[message[11]]):
        at = quoted.rindex(message[11])
        return "a bracket too many", quoted[:at] + quoted[at + 1 :]
    if "instead of '='" in message and quoted.count(" = ") == 1:
        return "`=` gives a name to a value, `==` compares", quoted.replace(" = ", " == ")
    return "", ""


_OPENING = {")": "(", "]": "[", "}": "{"}


def _indentation(source: Source, error: IndentationError, message: str) -> tuple[str, str]:
    """A line that is indented as no line can be that stands there: it, and the line above it as they should stand."""
    number = error.lineno or 1
    line = _raw(source, number)
    if message.startswith("expected an indented block"):
        return "what belongs to the line above is indented", f"    {line.strip()}"
    levels: list[int] = []
    above = ""
    for other in range(number - 1, 0, -1):
        text = _raw(source, other).expandtabs(4)
        if text.strip():
            above = above or text
            if not levels or _width(text) < levels[-1]:
                levels.append(_width(text))
    if not levels:
        return "the first line of a file is not indented", line.strip()
    mixed = "\t" in line[: _width(line)] or isinstance(error, TabError)
    wanted = levels[0]
    if above.rstrip().endswith(":"):
        wanted += 4
    elif mixed or message.startswith("unindent"):
        wanted = min(levels, key=lambda level: abs(level - _width(line.expandtabs(4))))
    least = min(levels[0], wanted)
    both = f"{' ' * (levels[0] - least)}{above.strip()}\n{' ' * (wanted - least)}{line.strip()}"
    if mixed:
        return "tabs and spaces are mixed in the indentation: every tab of the file must become spaces", both
    return "the line is indented as none of those that it could belong to", both


def _raw(source: Source, number: int) -> str:
    """A line with what cannot be seen in it."""
    lines = source.text.split("\n")
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _width(line: str) -> int:
    return len(line) - len(line.lstrip())
