"""The builtins a policy sees: what could make it answer the same history in two ways is refused.

`print` goes to whoever shows what was found (`printed`), not to the terminal: a policy is asked every history, many
more than one run has, and in no order a reader could follow.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

PURE_MODULES = frozenset(
    [
        "__future__",
        "abc",
        "bisect",
        "collections",
        "contextlib",
        "copy",
        "dataclasses",
        "enum",
        "fractions",
        "functools",
        "heapq",
        "itertools",
        "math",
        "numbers",
        "operator",
        "re",
        "string",
        "types",
        "typing",
    ]
)
"""What a policy may import: modules without a state that outlives a call."""

REFUSED = ("open", "input", "breakpoint", "help", "exit", "quit", "exec", "eval", "compile", "id")


def guarded_builtins(refuse: Callable[[str, str, Any], Any], printed: Callable[[str], None]) -> dict[str, Any]:
    """The builtins for one run.

    `refuse("import" or "call", name, argument)` is told of an import or a call that may not be; it never returns.
    `printed` is told of what is printed.
    """
    guarded = dict(vars(builtins))

    def import_pure(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        if level or name.partition(".")[0] not in PURE_MODULES:
            refuse("import", "." * level + name, None)
        return builtins.__import__(name, globals, locals, fromlist, level)

    guarded["__import__"] = import_pure

    def note(*args: Any, sep: Any = None, end: Any = None, file: Any = None, flush: Any = False) -> None:
        printed((" " if sep is None else str(sep)).join([_shown(arg) for arg in args]))

    guarded["print"] = note
    guarded["hash"] = lambda thing: hash(thing) if _same_hash(thing) else refuse("call", "hash", thing)
    for name in REFUSED:
        guarded[name] = _refusal(refuse, name)
    return guarded


def _shown(thing: Any) -> str:
    """A thing as text. What cannot be shown, an integer of a million digits perhaps, is shown by its kind."""
    try:
        return str(thing)
    except ValueError:
        return f"<{type(thing).__name__}>"


def _same_hash(thing: Any) -> bool:
    """Whether the hash is the same in every run: not that of a string, nor one made of an address."""
    if isinstance(thing, (tuple, frozenset)):
        return all(map(_same_hash, thing))
    method: Any = type(thing).__hash__
    return not isinstance(thing, (str, bytes)) and method is not object.__hash__


def _refusal(refuse: Callable[[str, str, Any], Any], name: str) -> Callable[..., Any]:
    def refused(*args: Any, **keywords: Any) -> Any:
        refuse("call", name, args[0] if args else None)

    return refused
