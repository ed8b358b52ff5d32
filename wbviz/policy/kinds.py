"""Kinds of objects whose state can be seen, and how."""

from __future__ import annotations

from typing import Any

_TABLES: tuple[Any, ...] = ({}.keys(), {}.values(), {}.items())
_SEQUENCES: tuple[Any, ...] = ((), [], range(0), range(1 << 65), "", "é", b"", bytearray())

TABLE_ITERATORS: frozenset[type] = frozenset(
    [type(iter(table)) for table in _TABLES] + [type(reversed(table)) for table in _TABLES] + [type(iter(set()))]
)
"""Iterators whose `__reduce__` forgets the table they go over."""

ITERATORS: frozenset[type] = TABLE_ITERATORS | {
    *[type(iter(sequence)) for sequence in _SEQUENCES],
    type(reversed([])),
    type(iter(int, 0)),
    reversed,
    enumerate,
    zip,
    map,
    filter,
}
"""Built-in iterators: `__reduce__` says where they are without moving them."""

REDUCIBLE = frozenset(
    {
        ("functools", "partial"),
        ("collections", "_tuplegetter"),
        ("_collections", "_tuplegetter"),
        ("collections", "_deque_iterator"),
        ("collections", "_deque_reverse_iterator"),
        ("_collections", "_deque_iterator"),
        ("_collections", "_deque_reverse_iterator"),
    }
)
"""Objects written in C for which the same is true."""

ITERTOOLS_UNKNOWN = frozenset({"_tee", "_tee_dataobject", "batched"})
"""`batched` cannot be reduced; the iterators of a `tee` share a buffer that does not show."""

CONSTANT = frozenset(
    {
        ("__future__", "_Feature"),
        ("typing", "TypeVar"),
        ("typing", "ParamSpec"),
        ("typing", "TypeVarTuple"),
        ("typing", "TypeAliasType"),
        ("builtins", "wrapper_descriptor"),
        ("builtins", "method_descriptor"),
        ("builtins", "classmethod_descriptor"),
        ("builtins", "getset_descriptor"),
    }
)
"""Objects that never change, told by their name."""

PURE_PYTHON = frozenset(
    {"abc", "collections", "contextlib", "dataclasses", "enum", "fractions", "functools", "numbers", "typing"}
)
"""Modules of the standard library whose classes keep all their state where it can be seen, if written in Python."""

VISIBLE_BASES: tuple[type, ...] = (int, str, float, bytes, tuple, list, dict, set, frozenset, BaseException)
"""Built-in bases whose content is seen besides the attributes."""

CLASS_NOISE = frozenset(
    {
        "__dict__",
        "__weakref__",
        "__module__",
        "__doc__",
        "__annotations__",
        "__annotate__",
        "__firstlineno__",
        "__static_attributes__",
        "__abstractmethods__",
        "__parameters__",
        "_abc_impl",
    }
)
"""Attributes of classes that say nothing about what their objects do, or change without a cause."""
