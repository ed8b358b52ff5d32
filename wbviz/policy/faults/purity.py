"""What could make a policy answer the same history in two ways: globals, modules, builtins; or did."""

from __future__ import annotations

import ast
from collections.abc import Collection
from typing import Any

from wbviz.errors import PolicyError
from wbviz.policy.faults.base import fault
from wbviz.policy.faults.rewrite import Statement
from wbviz.policy.guard import PURE_MODULES
from wbviz.policy.protocol import Op, Read, Return
from wbviz.policy.source import Source
from wbviz.policy.words import nearest

_KEPT = {
    "closure": "a variable of the function around it (`nonlocal`) keeps state between calls",
    "default": "a default that changes keeps state between calls",
    "attribute": "an attribute of the function keeps state between calls",
    "": "state that belongs in the work or the page: reclaim and the flusher share nothing but these",
}
"""Likely causes, by the part of a function that changed; "" for what is no function."""


def changed_global(source: Source, executed: Collection[int], name: str, part: str = "") -> PolicyError:
    """A module global is not what it was before the call.

    `executed` are the lines of the turn that changed it; `part` is the part of a function that did: a key of `_KEPT`.
    """
    line = _line_changing(source, name, part, executed)
    return fault(
        source,
        line,
        f"the call changed the global {name}",
        came=f"{name} differs from what it was when the file was read",
        expected="calls that leave no trace in the file: each call sees fresh globals",
        cause=_KEPT[part],
        fix=_left_out(source, line, "what is to be remembered goes into the work: mm.queue_work(page=page, seen=...)"),
    )


def changed_shared(source: Source, executed: Collection[int], name: str) -> PolicyError:
    """An attribute of a module or a class that all calls share was set or taken away; `name` is OWNER.ATTRIBUTE."""
    _, attribute = name.rsplit(".", 1)
    lines = [number for number in sorted(executed) if attribute in source.line(number)]
    return fault(
        source,
        lines[0] if lines else None,
        f"the call changed {name}",
        came=f"{name} differs from what it was before the call",
        expected="calls that leave no trace in a module or a class: they are the same for all calls",
        cause="state that belongs in the work or the page: reclaim and the flusher share nothing but these",
        fix="yield mm.queue_work(page=page, attempts=1)      # and later: work.attempts",
    )


def _line_changing(source: Source, name: str, part: str, executed: Collection[int]) -> int | None:
    """The executed line that looks as if it changed the global; else the first that changes anything it may hold;
    else the first that names it."""
    marks = (f"{name} =", f"{name}=", f"{name} +=", f"{name} -=", f"{name}[", f"{name}.")
    lines = {number: source.line(number) for number in sorted(executed)}
    changing = next((number for number in lines if _changes(source, number)), None)
    if part in ("closure", "default") and changing:
        return changing
    for number, text in lines.items():
        if any(mark in text for mark in marks) and f"{name} ==" not in text:
            return number
    everywhere = enumerate(source.text.splitlines(), 1)
    named = next((number for number, text in lines.items() if name in text and "def " not in text), None)
    return named or changing or next((number for number, text in everywhere if name in text), None)


def _changes(source: Source, line: int) -> bool:
    """Whether a statement may change something that stays: a name of the function around, an item, an attribute."""
    try:
        statement = Statement(source, line)
    except ValueError:
        return False
    node = statement.node
    if isinstance(node, ast.Assign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        kept = {
            name for it in ast.walk(statement.function or node) if isinstance(it, ast.Nonlocal) for name in it.names
        }
        return any(not isinstance(it, ast.Name) or it.id in kept for it in targets)
    return (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute)
    )


def _left_out(source: Source, line: int | None, why: str) -> str:
    """Nothing, in place of a statement without a body, with the reason; "" where that cannot be."""
    try:
        statement = Statement(source, line or 0)
    except ValueError:
        return ""
    return "" if hasattr(statement.node, "body") else f"pass      # {why}"


def imported(source: Source, line: int, name: str) -> PolicyError:
    """A module was imported that a policy may not have."""
    root = name.lstrip(".").partition(".")[0]
    why = _IMPURE.get(root, "it is not one of the modules that give the same answer each time; a policy is one file")
    near = nearest(root, sorted(PURE_MODULES)) if root not in _IMPURE else None
    return fault(
        source,
        line,
        f"a policy cannot import {name}",
        came=f"import of {name}",
        expected="a policy that answers the same history in the same way; it may import plain modules of the standard "
        "library, such as collections, itertools or math",
        cause=f"{root} is misspelt: {near}" if near else why,
        fix=source.line(line).strip().replace(root, near, 1)
        if near
        else _left_out(source, line, _INSTEAD.get(root, "mm, page and work carry all that there is to know")),
    )


_RANDOM = "a decision taken by chance is a different one in each run"
_CLOCK = (
    "the clock shows something else in each run; in the model nothing takes time, and the checker tries every order"
)
_OTHERS = "who runs when is the checker's business: it tries every order"
_WORLD = "a policy sees the kernel through mm and nothing of the world outside"
_IMPURE = {
    **dict.fromkeys(("random", "secrets", "uuid", "numpy"), _RANDOM),
    **dict.fromkeys(("time", "datetime", "calendar", "sched", "timeit"), _CLOCK),
    **dict.fromkeys(("threading", "asyncio", "multiprocessing", "concurrent", "queue", "signal", "simpy"), _OTHERS),
    **dict.fromkeys(
        (
            "os",
            "sys",
            "io",
            "pathlib",
            "socket",
            "subprocess",
            "shutil",
            "tempfile",
            "logging",
            "builtins",
            "gc",
            "inspect",
            "ctypes",
        ),
        _WORLD,
    ),
    "wbviz": "mm is handed to the policy; nothing need be imported",
}
_INSTEAD = {
    "random": "take the pages in a fixed order: for index in range(page.index, inode.nr_pages)",
    "time": "yield mm.cond_resched() lets others run",
    "threading": "yield mm.lock_page(page) waits for whoever holds the page",
    "asyncio": "yield mm.cond_resched() lets others run",
    "wbviz": "nothing: mm comes with each call",
}
_STRING = "code in a string cannot be quoted, counted or checked"
_CALLED = {
    "id": "addresses differ from run to run; pages have an index, works an id, files a name",
    "hash": "the hash of a string or of an object without __hash__ differs from run to run",
    "exec": _STRING,
    "eval": _STRING,
    "compile": _STRING,
    "breakpoint": "a policy is asked every history, in no order a debugger could follow",
}
_OF_KIND = {"page": ".index", "inode": ".name", "work": ".id"}


def called(source: Source, line: int, name: str, value: Any = None) -> PolicyError:
    """A builtin was called that a policy may not have; `value` is its first argument."""
    return fault(
        source,
        line,
        f"a policy cannot call {name}()",
        came=f"a call of {name}",
        expected="code that depends on its arguments and on the answers to its operations alone",
        cause=_CALLED.get(name, _WORLD),
        fix=_without_call(source, line, name, value),
    )


def _without_call(source: Source, line: int, name: str, value: Any) -> str:
    """The statement with something else for the call of a builtin; "" where nothing else does."""
    try:
        statement = Statement(source, line)
    except ValueError:
        return ""
    calls = [it for it in statement.all(ast.Call) if isinstance(it.func, ast.Name) and it.func.id == name]
    kind = getattr(type(value), "_kind", "")
    for call in calls:
        argument = statement.text(call.args[0]) if call.args else ""
        if name in ("id", "hash") and kind in _OF_KIND:
            statement.replace(call, f"{argument}{_OF_KIND[kind]}")
        elif name == "hash" and isinstance(value, str):
            statement.replace(call, f"len({argument})")
        elif name == "eval" and isinstance(value, str) and isinstance(call.args[0], ast.Constant):
            statement.replace(call, f"({value})")
        elif isinstance(statement.parent(call), ast.Expr):
            return "pass      # nothing stands for it in the kernel"
        else:
            return ""
    return statement.corrected() if calls else ""


def two_ways(source: Source, first: Any, then: Any) -> PolicyError:
    """The same history was answered in two ways."""
    line = next((at for at in (_line(then), _line(first)) if at), 0)
    return fault(
        source,
        line,
        "the policy answers the same history in two ways",
        came=f"first {_in_words(first)}, and when asked again {_in_words(then)}",
        expected="the same operations and reads whenever the same happened before",
        cause="the order of a set of objects or strings, an address, or something else that is not the same twice",
        fix=_in_order(source, line),
    )


def _line(thing: Any) -> int:
    if isinstance(thing, Read):
        return thing.line
    return thing.lines[-1] if isinstance(thing, Op) and thing.lines else 0


def _in_words(thing: Any) -> str:
    if isinstance(thing, Read):
        owner = thing.target if isinstance(thing.target, str) else thing.target[0]
        return f"it read {owner}.{thing.attr} (line {thing.line})"
    if isinstance(thing, Op):
        args = ", ".join([*map(_shown, thing.args), *(f"{key}={_shown(value)}" for key, value in thing.info)])
        return f"{thing.name}({args})" + (f" (line {thing.lines[-1]})" if thing.lines else "")
    return "it returned" if isinstance(thing, Return) else "it went on"


def _shown(value: Any) -> str:
    if not isinstance(value, tuple):
        return repr(value)
    if value[0] == "tuple":
        return f"({', '.join(map(_shown, value[1:]))})"
    return str(value[1]) if value[0] == "int" else "work" if value[0] == "work" else f"{value[0]} {value[1]}"


def _in_order(source: Source, line: int) -> str:
    """The head of a loop with what it goes over in a fixed order; "" for another statement."""
    try:
        statement = Statement(source, line)
    except ValueError:
        return ""
    if not isinstance(statement.node, ast.For):
        return ""
    statement.around(statement.node.iter, "sorted(", ", key=lambda it: it.index)")
    return statement.corrected()
