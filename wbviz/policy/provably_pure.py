"""Is a policy a function of its history, by its text alone? Then none of its turns needs to be run twice.

What is written with nothing but these constructs, names and attributes meets no address, no hash, no order of a set, no
exception, no module, and no text but the one it holds itself. So it cannot answer the same history in two ways. The
list is short on purpose: what is not on it is not wrong, its turns are only run a second time and compared.
"""

from __future__ import annotations

import builtins
from _ast import PyCF_ONLY_AST
from collections.abc import Iterator
from types import FunctionType, GeneratorType
from typing import Any

from wbviz.policy.arguments import ATTRIBUTES, SIGNATURES
from wbviz.policy.views import Maker, Operation

_CONSTRUCTS = frozenset({
    "Module", "FunctionDef", "Lambda", "arguments", "arg", "Return", "Yield", "YieldFrom", "Expr", "Pass",
    "Call", "keyword", "Starred", "Assign", "AugAssign", "NamedExpr", "Name", "Attribute", "Constant", "Load", "Store",
    "If", "IfExp", "For", "While", "Break", "Continue", "ListComp", "GeneratorExp", "comprehension",
    "List", "Tuple", "Dict", "Subscript", "Slice",
    "BoolOp", "And", "Or", "UnaryOp", "Not", "USub", "BinOp", "Add", "Sub", "Mult", "FloorDiv", "Mod",
    "Compare", "Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "Is", "IsNot", "In", "NotIn",
})  # fmt: skip
"""Classes of syntax. `%` only as `rests` has it: it makes a text of anything."""

_BUILTINS = frozenset({
    "abs", "all", "any", "bool", "dict", "enumerate", "int", "len", "list", "max", "min", "next", "print", "range",
    "reversed", "sorted", "sum", "tuple", "zip",
})  # fmt: skip
_METHODS = frozenset({
    "append", "clear", "copy", "count", "extend", "get", "index", "insert", "items", "keys", "pop", "remove", "reverse",
    "sort", "values",
})  # fmt: skip
_API = frozenset([*SIGNATURES, *[name for names in ATTRIBUTES.values() for name in names], "works", *_METHODS])
_HOLDS = (int, str, list, tuple, dict, range, FunctionType, GeneratorType, Maker, Operation)
"""What such a policy can hold besides views. What it may read of these is in `_METHODS`, and nothing else."""


def is_plain(text: str) -> bool:
    """Whether a policy, which compiles, is written with nothing but what is listed here."""
    try:
        tree = compile(text, "", "exec", PyCF_ONLY_AST, dont_inherit=True)
    except RecursionError:  # here the stack is a call deeper than where it compiled
        return False
    loads, stores, attributes, keywords = set[str](), set[str](), set[str](), set[str]()
    modulo = False
    for node in nodes(tree):
        kind = type(node).__name__
        if kind not in _CONSTRUCTS or not rests(node):
            return False
        modulo = modulo or kind == "Mod"
        if kind == "Name":
            (loads if type(node.ctx).__name__ == "Load" else stores).add(node.id)
        elif kind in ("FunctionDef", "arg"):
            stores.add(node.name if kind == "FunctionDef" else node.arg)
        elif kind == "Attribute":
            if type(node.ctx).__name__ != "Load":
                return False
            attributes.add(node.attr)
        elif kind == "keyword":
            if node.arg is None:  # `**more`: any names
                return False
            keywords.add(node.arg)
    info = {name for name in keywords if not any(hasattr(thing, name) for thing in _HOLDS)}
    return (
        loads <= stores | _BUILTINS
        and stores.isdisjoint(vars(builtins))
        and not any(name.startswith("__") for name in stores)
        and attributes <= _API | info
        and not (modulo and keywords & NUMBERS)
    )


def is_direct(text: str) -> bool:
    """Whether every operation of a plain policy is yielded where it is made, so that nothing ever holds one."""
    try:
        tree = compile(text, "", "exec", PyCF_ONLY_AST, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    made, yielded = set[int](), set[int]()
    for node in nodes(tree):
        kind = type(node).__name__
        if kind == "Attribute" and node.attr in SIGNATURES:
            made.add(id(node))
        elif kind == "Yield" and type(node.value).__name__ == "Call":
            yielded.add(id(node.value.func))
    return made <= yielded


NUMBERS = frozenset({"index", "nr_pages"})
"""Attributes that are numbers, where no work is given a key of that name, which could be a text."""


def rests(node: Any) -> bool:
    """Whether a node of a syntax tree, if it has a `%`, takes the rest of one of `NUMBERS`."""
    if type(getattr(node, "op", None)).__name__ != "Mod":
        return True
    left: Any = getattr(node, "left", None)
    return type(left).__name__ == "Attribute" and left.attr in NUMBERS


def nodes(tree: Any) -> Iterator[Any]:
    """All nodes of a syntax tree (`ast.walk`, without the time that the module takes to load)."""
    todo = [tree]
    while todo:
        node = todo.pop()
        yield node
        for name in node._fields:
            value = getattr(node, name)
            todo += [below for below in (value if type(value) is list else (value,)) if hasattr(below, "_fields")]
