"""The numbers and names in a policy's text with which it could tell one page, file or queue from another."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

LARGEST = 40
"""A number above it is no position in any world that is ever explored."""

MOST = 8
"""So many numbers, and so many names, are looked at: those that are compared or calculated with first."""

KINDS = ("pageout", "sync")


def numbers(text: str) -> tuple[int, ...]:
    """Whole numbers from 2 up to `LARGEST`, ascending: 0 and 1 are met in every world."""
    return tuple(sorted(_found(text, lambda value: type(value) is int and 2 <= value <= LARGEST)))


def names(text: str) -> tuple[str, ...]:
    """Words that could be the name of a file, in alphabetical order."""
    return tuple(sorted(_found(text, lambda word: type(word) is str and word.isidentifier() and word not in KINDS)))


def _found(text: str, fits: Callable[[object], bool]) -> list[Any]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []  # no policy, and graded as none
    return list(dict.fromkeys(node.value for node in _constants(tree) if fits(node.value)))[:MOST]


def _constants(tree: ast.AST) -> Iterator[ast.Constant]:
    """Every constant, those that stand beside an operator first."""
    every = list(ast.walk(tree))
    for node in every:
        if isinstance(node, ast.Compare | ast.BinOp | ast.MatchValue | ast.Tuple | ast.List | ast.Set):
            yield from (child for child in ast.iter_child_nodes(node) if isinstance(child, ast.Constant))
    yield from (node for node in every if isinstance(node, ast.Constant))
