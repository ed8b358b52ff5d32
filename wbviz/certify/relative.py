"""Whether a policy's text shows that it uses positions relatively, and pages as things without a number.

`Position` sees what is done to an index. What it cannot see is shown by the text: nothing asks what kind of thing an
index is, makes a text or a hash of a page, lets the order of a set decide, or compares two indexes by identity. The
list of what may stand in a policy is short on purpose: what is not on it is not wrong, but then the certificate is for
small files only.
"""

from __future__ import annotations

import _ast as ast
import builtins
from collections.abc import Iterable

from wbviz.certify.syntax import nodes, parsed
from wbviz.policy.provably_pure import NUMBERS, rests

_CONSTRUCTS = (
    ast.Module, ast.FunctionDef, ast.Lambda, ast.ClassDef, ast.arguments, ast.arg, ast.Return, ast.Yield, ast.YieldFrom,
    ast.Expr, ast.Pass, ast.Call, ast.keyword, ast.Starred, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr,
    ast.Name, ast.Attribute, ast.Constant, ast.Load, ast.Store, ast.If, ast.IfExp, ast.For, ast.While, ast.Break,
    ast.Continue, ast.ListComp, ast.DictComp, ast.GeneratorExp, ast.comprehension, ast.List, ast.Tuple, ast.Dict,
    ast.Subscript, ast.Slice, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.BinOp, ast.Add, ast.Sub,
    ast.Mult, ast.FloorDiv, ast.Mod, ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Is,
    ast.IsNot, ast.In, ast.NotIn, ast.Try, ast.ExceptHandler, ast.Raise, ast.Assert,
)  # fmt: skip
"""Classes of syntax. No set, no text made of anything (`%` makes one as well: see `rests`), no import."""

_BUILTINS = frozenset({
    "abs", "all", "any", "bool", "dict", "enumerate", "filter", "int", "iter", "len", "list", "map", "max", "min",
    "next", "print", "range", "reversed", "sorted", "sum", "tuple", "zip",
})  # fmt: skip
_EXCEPTIONS = frozenset(
    name for name, it in vars(builtins).items() if isinstance(it, type) and issubclass(it, BaseException)
)

_ATTRIBUTES = frozenset({"keys", "items", "format", "format_map", "start", "stop", "step", "encode", "args"})
"""What no policy may ask for here: views of a dict are sets, and a span has no ends."""


def is_relative(text: str) -> bool:
    """Whether a policy, which compiles, is written with nothing but what is listed here, as far as it is used."""
    tree = parsed(text)
    return tree is not None and _Reader(tree).reads(("enqueue", "execute"))


class _Reader:
    def __init__(self, tree: ast.Module) -> None:
        self._bound: dict[str, list[ast.stmt]] = {}
        for statement in tree.body:
            for name in _binds(statement):
                self._bound.setdefault(name, []).append(statement)
        self._loose = [it for it in tree.body if not isinstance(it, ast.FunctionDef | ast.ClassDef)]
        attributes = (node for node in nodes(tree) if isinstance(node, ast.Attribute))
        self._fields = {node.attr for node in attributes if isinstance(node.ctx, ast.Store)}
        keywords: set[str] = {node.arg for node in nodes(tree) if isinstance(node, ast.keyword) and node.arg}
        self._named = self._fields | keywords

    def reads(self, names: Iterable[str]) -> bool:
        """Whether all that these names lead to is listed."""
        if any(_fills(statement) for statement in self._loose):
            return False
        todo, done = list(names), set[int]()
        while todo:
            name = todo.pop()
            if name not in self._bound and name not in _BUILTINS | _EXCEPTIONS:
                return False
            for statement in self._about(name):
                if id(statement) not in done:
                    done.add(id(statement))
                    if not all(self._listed(node) for node in nodes(statement)):
                        return False
                    todo += self._needs(statement)
        return True

    def _about(self, name: str) -> list[ast.stmt]:
        """The statements of the module that bind a name, and those that may change what it was bound to."""
        bound = self._bound.get(name, [])
        if all(isinstance(statement, ast.FunctionDef | ast.ClassDef) for statement in bound):
            return bound
        return bound + [statement for statement in self._loose if name in _loads(statement)]

    def _needs(self, statement: ast.stmt) -> set[str]:
        """The names that a statement may take from the module."""
        below = list(nodes(statement))
        own = {node.id for node in below if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        own |= {node.arg for node in below if isinstance(node, ast.arg)}
        own |= {node.name for node in below if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        own |= {node.name for node in below if isinstance(node, ast.ExceptHandler) and node.name}
        return {name for name in _loads(statement) if name in self._bound or name not in own}

    def _listed(self, node: ast.AST) -> bool:
        if not isinstance(node, _CONSTRUCTS):
            return False
        if not rests(node) or (isinstance(node, ast.Mod) and self._named & NUMBERS):
            return False
        if isinstance(node, ast.ClassDef):
            return not (node.bases or node.keywords or node.decorator_list)
        if isinstance(node, ast.FunctionDef):
            return not node.decorator_list and (node.name == "__init__" or not node.name.startswith("_"))
        if isinstance(node, ast.Attribute):
            return not node.attr.startswith("_") and node.attr not in _ATTRIBUTES
        if isinstance(node, ast.keyword):
            return node.arg is not None
        if isinstance(node, ast.Name):
            return not node.id.startswith("__")
        if isinstance(node, ast.Compare) and any(isinstance(op, ast.Is | ast.IsNot) for op in node.ops):
            return any(self._no_number(side) for side in (node.left, *node.comparators)) and len(node.ops) == 1
        return True

    def _no_number(self, side: ast.expr) -> bool:
        """Whether what stands at this side of an `is` is no index, whatever the other side is."""
        if isinstance(side, ast.Constant):
            return side.value is None or isinstance(side.value, bool)
        if isinstance(side, ast.Attribute):
            return side.attr in ("mapping", "page", "inode") and side.attr not in self._fields
        return False


def _binds(statement: ast.stmt) -> set[str]:
    """The names of the module that a statement binds."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    return {node.id for node in nodes(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _loads(statement: ast.stmt) -> set[str]:
    return {node.id for node in nodes(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _fills(statement: ast.stmt) -> bool:
    """Whether a statement of the module sets an attribute or an item of something."""
    return any(
        isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load)
        for node in nodes(statement)
    )
