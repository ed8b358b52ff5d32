"""Whether a policy only searches `mm.works`, for one work, and looks once: then queues of one work stand for all.

A search looks at one work after another, and nothing that it finds out about one matters to the next. So what a policy
does with a queue of any length it also does with the empty one, or with that of one work: the first that fits, or one
that does not. The text must show it: `any(... for work in mm.works)`, `next((... for work in mm.works ...), None)`,
`page in [... for work in mm.works]`, a loop over `mm.works` that does nothing but test and leave, or `mm.works` as a
condition, or as part of one. The tests may change nothing.
"""

from __future__ import annotations

import _ast as ast
from typing import Any

from wbviz.certify.syntax import nodes, parsed

_PURE = frozenset({"abs", "all", "any", "bool", "len", "max", "min", "sum", "tuple"})


def searches(text: str) -> bool:
    """Whether a policy, whose text `is_relative`, uses `mm.works` in one place, and only to search."""
    tree = parsed(text)
    if tree is None:
        return False
    parents = {id(below): above for above in nodes(tree) for below in _children(above)}
    uses = [node for node in nodes(tree) if isinstance(node, ast.Attribute) and node.attr == "works"]
    return len(uses) == 1 and _Search(tree, parents).fits(uses[0])


class _Search:
    def __init__(self, tree: Any, parents: dict[int, Any]) -> None:
        self._parents = parents
        self._functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        names = [node for node in nodes(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
        self._bound = {node.id for node in names} | {node.arg for node in nodes(tree) if isinstance(node, ast.arg)}

    def fits(self, use: Any) -> bool:
        parent = self._parents[id(use)]
        if self._is_condition(use):
            return True
        if isinstance(parent, ast.comprehension):
            return parent.iter is use and self._is_search(self._parents[id(parent)])
        return isinstance(parent, ast.For) and parent.iter is use and self._leaves(parent)

    def _is_condition(self, use: Any) -> bool:
        """Whether it only matters if it is true: in an `if`, perhaps with other conditions."""
        parent = self._parents[id(use)]
        while isinstance(parent, ast.BoolOp) or (isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not)):
            use, parent = parent, self._parents[id(parent)]
        return isinstance(parent, ast.If) and parent.test is use

    def _is_search(self, generator: Any) -> bool:
        """Whether it is the generator of an `any(...)` or `next(...)`, or a list to look something up in, and its tests
        change nothing."""
        call = self._parents[id(generator)]
        if not (isinstance(generator, ast.GeneratorExp | ast.ListComp) and len(generator.generators) == 1):
            return False
        (part,) = generator.generators
        if not (isinstance(part.target, ast.Name) and all(map(self._pure, (generator.elt, *part.ifs)))):
            return False
        if isinstance(generator, ast.ListComp):
            return isinstance(call, ast.Compare) and len(call.ops) == 1 and self._looks_up(call, generator)
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)) or call.func.id not in ("any", "next"):
            return False
        if self._is_bound(call.func.id):
            return False
        return call.args[0] is generator

    def _looks_up(self, compared: Any, found: Any) -> bool:
        """Whether it is `... in found`, or `not in`."""
        return isinstance(compared.ops[0], ast.In | ast.NotIn) and compared.comparators[0] is found

    def _leaves(self, loop: Any) -> bool:
        """Whether a loop does nothing but test, and leaves where a test is true."""
        return isinstance(loop.target, ast.Name) and all(
            isinstance(step, ast.If)
            and not step.orelse
            and self._pure(step.test)
            and isinstance(step.body[-1], ast.Return | ast.Break | ast.Raise)
            and not any(isinstance(node, ast.Continue) for node in nodes(step))
            for step in loop.body
        )

    def _pure(self, expression: Any, inside: frozenset[str] = frozenset()) -> bool:
        """Whether an expression changes nothing: no operation, no name bound, and only functions that are as pure."""
        for node in nodes(expression):
            if isinstance(node, ast.NamedExpr | ast.Yield | ast.YieldFrom | ast.Lambda):
                return False
            if isinstance(node, ast.Call):
                if not isinstance(node.func, ast.Name) or node.keywords:
                    return False
                name = node.func.id
                if name in self._functions and name not in self._bound:
                    if name in inside or not self._pure_function(self._functions[name], inside | {name}):
                        return False
                elif name not in _PURE or self._is_bound(name):
                    return False
        return True

    def _is_bound(self, name: str) -> bool:
        """Whether a name of Python's own may mean something else here."""
        return name in self._bound or name in self._functions

    def _pure_function(self, function: Any, inside: frozenset[str]) -> bool:
        return all(
            isinstance(step, ast.Return) and (step.value is None or self._pure(step.value, inside))
            for step in function.body
        )


def _children(node: Any) -> list[Any]:
    found = []
    for name in node._fields:
        value = getattr(node, name)
        found += [below for below in (value if type(value) is list else (value,)) if hasattr(below, "_fields")]
    return found
