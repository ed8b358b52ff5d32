"""The statement on a line of a policy, and the same corrected: edits at the places where its parts stand.

What comes out are whole lines without the indentation of the first, so that they can be put where the statement stood.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple, TypeVar

from wbviz.policy.arguments import SIGNATURES
from wbviz.policy.source import Source

Node = TypeVar("Node", bound=ast.AST)


class Statement:
    """The innermost statement that a line belongs to; of one with a body, its head. ValueError if there is none."""

    def __init__(self, source: Source, line: int) -> None:
        try:
            tree = ast.parse(source.text)
        except (SyntaxError, ValueError, RecursionError):
            raise ValueError(line) from None
        self._lines = [text.encode() for text in source.text.split("\n")]
        self._parents: dict[ast.AST, ast.AST] = {}
        self.node = self._innermost(tree, line)
        body = getattr(self.node, "body", None)
        self.first, self.last = self.node.lineno, self.node.end_lineno or self.node.lineno
        if body:
            self.last = max(self.first, body[0].lineno - 1)
        self.function = next(
            (it for it in self.above(self.node) if isinstance(it, ast.FunctionDef | ast.AsyncFunctionDef)), None
        )
        self._edits: list[tuple[int, int, int, int, bytes]] = []

    def _innermost(self, tree: ast.AST, line: int) -> ast.stmt:
        found: ast.stmt | None = None
        for node in ast.walk(tree):
            for child in ast.iter_child_nodes(node):
                self._parents[child] = node
            if not isinstance(node, ast.stmt) or not node.lineno <= line <= (node.end_lineno or 0):
                continue
            if found is None or node.lineno > found.lineno or found in self.above(node):
                found = node
        if found is None:
            raise ValueError(line)
        for outer in self.above(found):  # all on one line: `while True: pass`
            if isinstance(outer, ast.stmt) and outer.lineno == found.lineno:
                found = outer
        return found

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """What a node stands in, from the inside."""
        while node in self._parents:
            node = self._parents[node]
            yield node

    def parent(self, node: ast.AST) -> ast.AST:
        """What a node stands in."""
        return self._parents[node]

    def all(self, kind: type[Node]) -> list[Node]:
        """The parts of one kind, in the order of the text; of a statement with a body, those of its head."""
        found = [node for node in ast.walk(self.node) if isinstance(node, kind)]
        return sorted(
            (it for it in found if self.first <= getattr(it, "lineno", 0) <= self.last),
            key=lambda it: (it.lineno, it.col_offset),  # type: ignore[attr-defined]
        )

    def operations(self, name: str) -> list[ast.Call]:
        """The calls of an operation."""
        return [call for call in self.all(ast.Call) if isinstance(call.func, ast.Attribute) and call.func.attr == name]

    def text(self, node: ast.AST) -> str:
        """A part as it is written."""
        first, start, last, end = _span(node)
        if first == last:
            return self._lines[first - 1][start:end].decode()
        rows = [self._lines[first - 1][start:], *self._lines[first : last - 1], self._lines[last - 1][:end]]
        return b"\n".join(rows).decode()

    # Edits

    def replace(self, node: ast.AST, text: str) -> None:
        """Write something else for a part."""
        self._edits.append((*_span(node), text.encode()))

    def around(self, node: ast.AST, before: str, after: str) -> None:
        """Write something in front of a part, and behind it."""
        first, start, last, end = _span(node)
        self._edits.append((first, start, first, start, before.encode()))
        self._edits.append((last, end, last, end, after.encode()))

    def cut(self, first: int, start: int, last: int, end: int) -> None:
        """Leave out what stands between two places."""
        self._edits.append((first, start, last, end, b""))

    def without(self, call: ast.Call, arg: ast.expr | ast.keyword) -> None:
        """Leave out an argument, and the comma with it."""
        args: list[ast.expr | ast.keyword] = sorted(
            [*call.args, *call.keywords], key=lambda it: (it.lineno, it.col_offset)
        )
        at = args.index(arg)
        first, start, last, end = _span(arg)
        if at:
            _, _, first, start = _span(args[at - 1])
        elif len(args) > 1:
            last, end, _, _ = _span(args[1])
        self.cut(first, start, last, end)

    def add(self, call: ast.Call, argument: str) -> None:
        """One more argument, behind the others."""
        _, _, last, end = _span(call)
        comma = ", " if call.args or call.keywords else ""
        self._edits.append((last, end - 1, last, end - 1, (comma + argument).encode()))

    def lines(self) -> list[str]:
        """The statement with all edits, as lines without its indentation."""
        lines = self._lines[self.first - 1 : self.last]
        order = {edit: number for number, edit in enumerate(self._edits)}
        for first, start, last, end, new in sorted(self._edits, key=lambda it: (it[:4], order[it]), reverse=True):
            above, below = first - self.first, last - self.first
            lines[above : below + 1] = [lines[above][:start] + new + lines[below][end:]]
        indent = len(lines[0]) - len(lines[0].lstrip())
        return [line[min(indent, len(line) - len(line.lstrip())) :].decode().rstrip() for line in lines]

    def head(self, node: ast.stmt) -> str:
        """The head of a statement with a body, without its indentation."""
        first, below = node.lineno, node.body[0]  # type: ignore[attr-defined]
        if below.lineno > first:
            lines = self._lines[first - 1 : below.lineno - 1]
            while len(lines) > 1 and not lines[-1].rstrip().endswith(b":"):
                lines.pop()
        else:
            lines = [self._lines[first - 1][: below.col_offset].rstrip()]
        return "\n".join(line[node.col_offset :].decode().rstrip() for line in lines)

    def corrected(self) -> str:
        """The statement with all edits."""
        return "\n".join(self.lines())

    # What corrections need again and again

    def page(self) -> str:
        """What the page is called here."""
        names = {it.arg for it in self.function.args.args} if self.function else set()
        above = [it for it in ast.walk(self.function) if isinstance(it, ast.Name)] if self.function else []
        names |= {it.id for it in above if isinstance(it.ctx, ast.Store) and it.lineno < self.first}
        return "page" if "page" in names or "work" not in names else "work.page"

    def asking(self, owner: str) -> str:
        """The statement where something is not None, and nothing otherwise."""
        node = self.node
        if isinstance(node, ast.If | ast.While):
            loose = isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.Or)
            loose = loose or isinstance(node.test, ast.IfExp | ast.Lambda | ast.NamedExpr)
            opening, closing = ("(", ")") if loose else ("", "")
            self.around(node.test, f"{owner} is not None and {opening}", closing)
            return self.corrected()
        if isinstance(node, ast.For):
            self.around(node.iter, "(", f" if {owner} is not None else ())")
            return self.corrected()
        return "\n".join([f"if {owner} is not None:", *(f"    {line}".rstrip() for line in self.lines())])


def _span(node: ast.AST) -> tuple[int, int, int, int]:
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset  # type: ignore[attr-defined]


class Yielded(NamedTuple):
    """A statement with `yield` before an operation; "" where nothing of the kind is found.

    `wide`: a yield stood there that took in more than the operation. `delegated`: it was `yield from`.
    """

    fix: str = ""
    wide: bool = False
    delegated: bool = False


def yielded(source: Source, line: int, name: str) -> Yielded:
    """The statement on a line with `yield` before the operation `name`, and before all others that lack it."""
    try:
        statement = Statement(source, line)
    except ValueError:
        return Yielded()
    calls = [call for call in _operations(statement) if not _has_yield(statement, call)]
    if not any(call in calls for call in statement.operations(name)):
        return Yielded()
    wide = delegated = False
    dropped: list[ast.AST] = []
    for call in calls:
        for outer in statement.above(call):
            if isinstance(outer, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.Lambda):
                return Yielded()  # no yield can stand there
            if not isinstance(outer, ast.Yield | ast.YieldFrom) or outer.value is None or outer in dropped:
                continue
            if outer.value is not call and _is_operation(outer.value):
                continue
            dropped.append(outer)
            wide = wide or outer.value is not call
            delegated = delegated or isinstance(outer, ast.YieldFrom)
            first, start, _, _ = _span(outer)
            last, end, _, _ = _span(outer.value)
            statement.cut(first, start, last, end)
        alone = _alone(statement, call)
        statement.around(call, "yield " if alone else "(yield ", "" if alone else ")")
    return Yielded(statement.corrected(), wide, delegated)


def delegated(source: Source, line: int, name: str) -> str:
    """The statement on a line with `yield from` before the calls of a helper; "" where they are not found."""
    try:
        statement = Statement(source, line)
    except ValueError:
        return ""
    calls = [it for it in statement.all(ast.Call) if statement.text(it.func) == name]
    for call in calls:
        if not isinstance(statement.parent(call), ast.YieldFrom):
            alone = _alone(statement, call)
            statement.around(call, "yield from " if alone else "(yield from ", "" if alone else ")")
    return statement.corrected() if calls else ""


def bare_operation(statement: Statement) -> str:
    """The name of the first operation of a statement that has no yield; "" if there is none."""
    return next((call.func.attr for call in _operations(statement) if not _has_yield(statement, call)), "")  # type: ignore[attr-defined]


def _operations(statement: Statement) -> list[ast.Call]:
    """All operations that a statement makes of something with a name, which is mm."""
    return [call for call in statement.all(ast.Call) if _is_operation(call)]


def _is_operation(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    return node.func.attr in SIGNATURES and isinstance(node.func.value, ast.Name)


def _has_yield(statement: Statement, call: ast.Call) -> bool:
    outer = statement.parent(call)
    return isinstance(outer, ast.Yield) and outer.value is call


def _alone(statement: Statement, call: ast.Call) -> bool:
    """Whether the operation is all there is to the right of `=`, or the whole statement: no parentheses are needed."""
    outer = statement.parent(call)
    if isinstance(outer, ast.YieldFrom):
        outer = statement.parent(outer)
    return isinstance(outer, ast.Expr | ast.Assign | ast.AugAssign | ast.AnnAssign)
