"""What could make a policy answer the same history in two ways: globals, modules, builtins; or did."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from wbviz.errors import PolicyError
from wbviz.policy.faults.base import fault
from wbviz.policy.guard import PURE_MODULES
from wbviz.policy.protocol import Op, Read, Return
from wbviz.policy.source import Source
from wbviz.policy.words import listed, nearest


def changed_global(source: Source, executed: Collection[int], name: str) -> PolicyError:
    """A module global is not what it was before the call; `executed` are the lines of the turn that changed it."""
    return fault(
        source,
        _line_naming(source, name, executed),
        f"the call changed the global {name}",
        came=f"{name} differs from what it was when the file was read",
        expected="calls that leave no trace in the file: each call sees fresh globals",
        cause="state that belongs in the work or the page: reclaim and the flusher share nothing but these"
        if name not in ("enqueue", "execute")
        else "an attribute or a mutable default of the function keeps state between calls",
        fix="yield mm.queue_work(page=page, attempts=1)      # and later: work.attempts",
    )


def _line_naming(source: Source, name: str, executed: Collection[int]) -> int | None:
    """The executed line that looks as if it changed the global; else the first that names it; else where it is made."""
    marks = (f"{name} =", f"{name}=", f"{name} +=", f"{name} -=", f"{name}[", f"{name}.")
    lines = {number: source.line(number) for number in sorted(executed)}
    for number, text in lines.items():
        if any(mark in text for mark in marks) and f"{name} ==" not in text:
            return number
    everywhere = enumerate(source.text.splitlines(), 1)
    return next((number for number, text in (*lines.items(), *everywhere) if name in text), None)


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
        expected="a policy that answers the same history in the same way; it may import "
        + listed(sorted(PURE_MODULES - {"__future__"})),
        cause=f"{root} is misspelt: {near}" if near else why,
        fix=source.line(line).strip().replace(root, near, 1)
        if near
        else _INSTEAD.get(root, "leave the import out: mm, page and work carry all that there is to know"),
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
    "random": "take the pages in a fixed order: for index in range(page.index, inode.nr_pages):",
    "time": "yield mm.cond_resched()      # lets others run",
    "threading": "yield mm.lock_page(page)",
    "asyncio": "yield mm.cond_resched()      # lets others run",
    "wbviz": "def execute(mm, work):",
}
_CALLED = {
    "open": (_WORLD, "leave it out"),
    "input": (_WORLD, "leave it out"),
    "id": ("addresses differ from run to run", "page.index      # or compare with ==, or `is`"),
    "hash": (
        "the hash of a string or of an object without __hash__ differs from run to run",
        "page.index      # or compare with ==",
    ),
    "exec": ("code in a string cannot be quoted, counted or checked", "write the code into the function"),
    "eval": ("code in a string cannot be quoted, counted or checked", "write the expression into the function"),
    "compile": ("code in a string cannot be quoted, counted or checked", "write the code into the function"),
    "breakpoint": (
        "a policy is asked every history, in no order a debugger could follow",
        "look at the trace of the check instead",
    ),
}


def called(source: Source, line: int, name: str) -> PolicyError:
    """A builtin was called that a policy may not have."""
    cause, fix = _CALLED.get(name, (_WORLD, "leave it out"))
    return fault(
        source,
        line,
        f"a policy cannot call {name}()",
        came=f"a call of {name}",
        expected="code that depends on its arguments and on the answers to its operations alone",
        cause=cause,
        fix=fix,
    )


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
        fix="for page in sorted(pages, key=lambda page: page.index):",
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
