"""Calls whose result goes nowhere: of a helper that yields nothing is done then, since calling it runs none of it.

The text tells where such calls stand; whether what is called is a generator function, only the run tells.
"""

from __future__ import annotations

from _ast import PyCF_ONLY_AST
from collections.abc import Iterator
from types import CodeType, FrameType, FunctionType, MethodType
from typing import Any, NamedTuple

from wbviz.policy.provably_pure import nodes

GENERATOR = 0x20
"""The flag of code with a yield in it (`inspect.CO_GENERATOR`)."""

DROPPED, TESTED, COMPARED, KEPT = "dropped", "tested", "compared", "kept"


class Unused(NamedTuple):
    """A call whose result is thrown away, tested, compared, or kept in a name and then only tested or compared.

    `path` is what is called: a name, and the attributes behind it.
    """

    path: tuple[str, ...]
    use: str


def unused_calls(text: str) -> dict[int, tuple[Unused, ...]]:
    """Such calls by the line that they begin in; none for a text that does not parse."""
    try:
        tree: Any = compile(text, "", "exec", PyCF_ONLY_AST, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found: dict[int, tuple[Unused, ...]] = {}
    for call, use in _uses(tree):
        path = _path(call.func)
        if path:
            found[call.lineno] = (*found.get(call.lineno, ()), Unused(path, use))
    return found


def _uses(tree: Any) -> Iterator[tuple[Any, str]]:
    """The calls whose result goes nowhere, and what becomes of it."""
    tested: set[int] = set()
    for node in nodes(tree):
        for part, use in _looked_at(node):
            if _kind(part) == "Call":
                yield part, use
            tested.add(id(part))
    for function in nodes(tree):
        if _kind(function) == "FunctionDef":
            loads: dict[str, list[int]] = {}
            for node in nodes(function):
                if _kind(node) == "Name" and _kind(node.ctx) == "Load":
                    loads.setdefault(node.id, []).append(id(node))
            for node in nodes(function):
                if _kind(node) == "Assign" and _kind(node.value) == "Call" and len(node.targets) == 1:
                    name = getattr(node.targets[0], "id", None)
                    if name is not None and tested.issuperset(loads.get(name, ())):
                        yield node.value, KEPT


def _looked_at(node: Any) -> Iterator[tuple[Any, str]]:
    """The parts of a node of which nothing but the truth counts, or nothing at all."""
    kind = _kind(node)
    if kind == "Expr":
        yield node.value, DROPPED
    elif kind in ("If", "While", "IfExp", "Assert"):
        yield from _truth(node.test)
    elif kind == "BoolOp":
        for value in node.values[:-1]:
            yield from _truth(value)
    elif kind == "UnaryOp" and _kind(node.op) == "Not":
        yield from _truth(node.operand)
    elif kind == "Compare":
        yield node.left, COMPARED
        for value in node.comparators:
            yield value, COMPARED


def _truth(node: Any) -> Iterator[tuple[Any, str]]:
    yield node, TESTED
    if _kind(node) == "BoolOp":
        yield from _truth(node.values[-1])


def _kind(node: Any) -> str:
    return type(node).__name__


def _path(node: Any) -> tuple[str, ...]:
    if _kind(node) == "Name":
        return (node.id,)
    above = _path(node.value) if _kind(node) == "Attribute" else ()
    return (*above, node.attr) if above else ()


def runs_nothing(frame: FrameType, file: str, path: tuple[str, ...]) -> bool:
    """Whether what a frame calls by this path is a function of the file that has a yield in it."""
    first, *rest = path
    thing = frame.f_locals.get(first, frame.f_globals.get(first))
    for name in rest:
        bases = (*getattr(thing, "__mro__", ()), *type(thing).__mro__)
        thing = next((vars(base)[name] for base in bases if name in vars(base)), None)
    while isinstance(thing, (MethodType, staticmethod, classmethod)):
        thing = thing.__func__
    code: CodeType | None = thing.__code__ if isinstance(thing, FunctionType) else None
    return code is not None and code.co_filename == file and bool(code.co_flags & GENERATOR)
