"""A policy out of the cells of a notebook: the last `enqueue` and `execute`, and all that they need from any cell.

It is what `wbviz.check((enqueue, execute), …)` sees in the notebook, where the kernel has what was defined last; so the
file that is graded and the notebook agree. Nothing is run: names are followed in the text.
"""

from __future__ import annotations

import ast
import re
import symtable
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

FUNCTIONS = ("enqueue", "execute")
_MAGIC = re.compile(r"^([ \t]*)[%!?].*$", re.MULTILINE)
_CELL_MAGIC = re.compile(r"\s*%%(\w+)[^\n]*\n?")
_PYTHON = {"time", "timeit", "capture", "prun", "python", "python3", "writefile", "file"}


class Taken(NamedTuple):
    """The text of a policy, and notes on how it was put together."""

    text: str
    notes: tuple[str, ...]


class _Cell(NamedTuple):
    """A cell's text, its statements where it is Python, and the names that each of them binds."""

    text: str
    statements: tuple[tuple[ast.stmt, frozenset[str]], ...] | None

    def defines(self, name: str) -> bool:
        if self.statements is None:
            return re.search(rf"(?m)^(async +)?def +{name}\b", self.text) is not None
        return any(name in bound and not _mutates(node) for node, bound in self.statements)


def policy_of(cells: Sequence[str]) -> Taken | None:
    """The policy in cells, given in the order in which they run; None if they do not define both functions."""
    plain = [_plain(text) for text in cells]
    read = [_read(text) for text, _ in plain]
    homes: list[int] = []
    notes: list[str] = []
    for name in FUNCTIONS:
        defining = [number for number, cell in enumerate(read) if cell.defines(name)]
        if not defining:
            return None
        homes.append(defining[-1])
        if len({read[number].text.strip() for number in defining}) > 1:
            notes.append(f"{len(defining)} cells define {name}: the last of them counts")
    dropped = sum(plain[number][1] for number in {*homes})
    if dropped:
        notes.append(f"lines for IPython, which begin with % or !, were left out: {dropped}")
    if any(read[home].statements is None for home in homes):  # no Python: the message will quote it as it is
        return Taken("\n".join(read[home].text for home in sorted({*homes})), tuple(notes))
    kept = _needed(read)
    others = sorted({number for number, _ in kept} - {*homes})
    if others:
        notes.append(f"what it needs from other cells is in front of it: {', '.join(_helpers(read, kept, others))}")
    parts = [_text(read[number], {at for cell, at in kept if cell == number}, number in homes) for number in others]
    parts += [_text(read[home], {at for cell, at in kept if cell == home}, True) for home in sorted({*homes})]
    return Taken("\n\n".join(parts).rstrip() + "\n", tuple(notes))


def _plain(text: str) -> tuple[str, int]:
    """A cell without what only IPython understands, and how many lines that were."""
    magic = _CELL_MAGIC.match(text)
    if magic:
        if magic[1] not in _PYTHON:
            return "", 0
        text = "\n" + text[magic.end() :]
    if _read(text).statements is not None:  # a line of Python, too, may begin with %
        return text, int(bool(magic))
    plain, count = _MAGIC.subn(r"\1pass", text)
    return plain, count + bool(magic)


def _read(text: str) -> _Cell:
    try:
        tree = ast.parse(text)
        return _Cell(text, tuple((node, _bound(node)) for node in tree.body))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _Cell(text, None)


def _bound(node: ast.stmt) -> frozenset[str]:
    """The names at the top that a statement binds, or whose value it changes."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return frozenset({node.name})
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return frozenset((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    return frozenset(_stored(node))


def _stored(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            yield inner.id
        elif isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield inner.name
        elif isinstance(inner, ast.Import | ast.ImportFrom):
            yield from _bound(inner)
        elif isinstance(inner, (ast.Attribute, ast.Subscript)):
            changed = isinstance(inner.ctx, ast.Store) or (isinstance(node, ast.Expr) and node.value is not inner)
            if changed and (root := _root(inner)):
                yield root


def _mutates(node: ast.stmt) -> bool:
    """Whether a statement changes what is there rather than binding a name: `ORDER.append(1)`, `TABLE[0] = 2`."""
    if isinstance(node, ast.Assign):
        return not any(isinstance(one, (ast.Name, ast.Tuple, ast.List)) for one in node.targets)
    return isinstance(node, (ast.Expr, ast.AugAssign))


def _root(node: ast.AST) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _needed(cells: Sequence[_Cell]) -> set[tuple[int, int]]:
    """The statements that count, as (cell, place): what binds the functions, and what they name in turn."""
    where: dict[str, list[tuple[int, int]]] = {}
    for number, cell in enumerate(cells):
        for place, (node, bound) in enumerate(cell.statements or ()):
            for name in bound:
                if not _mutates(node):
                    where[name] = [(number, place)]  # what was bound before is gone
                elif name in where:
                    where[name].append((number, place))
    kept: set[tuple[int, int]] = set()
    waiting, seen = list(FUNCTIONS), {*FUNCTIONS}
    while waiting:
        for number, place in where.get(waiting.pop(), ()):
            if (number, place) in kept:
                continue
            kept.add((number, place))
            statements = cells[number].statements or ()
            for name in sorted(_names(statements[place][0])):
                if name not in seen:
                    seen.add(name)
                    waiting.append(name)
    return kept


def _names(node: ast.stmt) -> set[str]:
    """The global names that a statement uses; for one that is no definition, all names in it."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        with suppress(RecursionError, SyntaxError):  # nested too deeply to be written out
            return {*_globals(symtable.symtable(ast.unparse(node), "cell", "exec"), top=True)}
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _globals(table: symtable.SymbolTable, top: bool = False) -> Iterator[str]:
    for symbol in table.get_symbols():
        if (top and symbol.is_referenced()) or (not top and symbol.is_global()):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _globals(inner)


def _text(cell: _Cell, kept: set[int], whole: bool) -> str:
    """A cell's text with only some of its statements.

    whole: comments and blank lines stay, so that lines keep their numbers.
    """
    lines = cell.text.split("\n")
    statements = cell.statements or ()
    spans = [(_first(node), node.end_lineno or node.lineno) for node, _ in statements]
    mine = {line for at in kept for line in range(spans[at][0], spans[at][1] + 1)}
    if not whole:
        return "\n".join(lines[line - 1] for line in sorted(mine))
    words = {at for at, (node, _) in enumerate(statements) if isinstance(node, ast.Expr) and _is_text(node.value)}
    stays = kept | words
    left = [span for at, span in enumerate(spans) if at not in stays]
    gone = {line for first, last in left for line in range(first, last + 1)} - mine
    return "\n".join("" if number in gone else line for number, line in enumerate(lines, 1))


def _is_text(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _first(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)])


def _helpers(cells: Sequence[_Cell], kept: Iterable[tuple[int, int]], others: Sequence[int]) -> list[str]:
    return sorted({name for number, at in kept if number in others for name in (cells[number].statements or ())[at][1]})
