"""The syntax tree of a policy, without the time that the module `ast` takes to load."""

from __future__ import annotations

import _ast as ast
from collections.abc import Iterator
from typing import Any


def parsed(text: str) -> Any:
    """The tree; None for what does not compile, or is nested too deeply to be looked at."""
    try:
        return compile(text, "", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def nodes(tree: Any) -> Iterator[Any]:
    """All nodes of a tree."""
    todo = [tree]
    while todo:
        node = todo.pop()
        yield node
        for name in node._fields:
            value = getattr(node, name)
            todo += [below for below in (value if type(value) is list else (value,)) if hasattr(below, "_fields")]
