"""The file and its functions: a function missing, misspelt, with other parameters, or no generator."""

from __future__ import annotations

from collections.abc import Sequence
from types import CodeType, FunctionType
from typing import Any

from wbviz.errors import PolicyError
from wbviz.policy.faults.base import USUAL_ARGUMENT, fault
from wbviz.policy.source import Source
from wbviz.policy.words import describe, listed, nearest


def check_functions(source: Source, namespace: dict[str, Any], functions: Sequence[str]) -> None:
    """Raises PolicyError if a function is missing or cannot be called as it is."""
    nothing = "a file that defines no such function" if source.text.strip() else "an empty file"
    for name in functions:
        argument = USUAL_ARGUMENT[name]
        begin = {"enqueue": "yield mm.get_page(page)", "execute": "yield mm.lock_page(work.page)"}[name]
        skeleton = f"def {name}(mm, {argument}):\n    {begin}\n    ..."
        if name not in namespace:
            others = [it for it, value in namespace.items() if callable(value) and it not in functions]
            near = nearest(name, others)
            line = _line_of_def(source, namespace[near]) if near else None
            raise fault(
                source,
                line,
                f"there is no function {name}",
                came=f"a file with {listed(others)}" if others else nothing,
                expected=f"a generator function {name}(mm, {argument}) at the top level of the file",
                cause=f"{near} is misspelt" if near else "it is missing, indented into another function, or renamed",
                fix=f"def {name}(mm, {argument}):" if near else skeleton,
            )
        function = namespace[name]
        if not callable(function):
            raise fault(
                source,
                None,
                f"{name} is no function",
                came=f"{name} is {describe(function)}",
                expected=f"a generator function {name}(mm, {argument})",
                cause="the name was bound to something else after the function was defined",
                fix=skeleton,
            )
        if type(function) is FunctionType:
            _check_signature(source, name, function)


def _check_signature(source: Source, name: str, function: FunctionType) -> None:
    code = function.__code__
    required = code.co_argcount - len(function.__defaults__ or ())
    by_keyword = [
        it
        for it in code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
        if it not in (function.__kwdefaults__ or {})
    ]
    if required <= 2 and (code.co_argcount >= 2 or code.co_flags & 4) and not by_keyword:
        return
    parameters = ", ".join((*code.co_varnames[: code.co_argcount], *(f"*, {it}" for it in by_keyword)))
    argument = USUAL_ARGUMENT[name]
    raise fault(
        source,
        _line_of_def(source, function),
        f"{name} cannot be called as {name}(mm, {argument})",
        came=f"{name}({parameters})",
        expected="two parameters: mm, which carries the operations, and the " + argument,
        cause="mm is missing" if code.co_argcount < 2 else "a parameter that nobody fills in",
        fix=f"def {name}(mm, {argument}):",
    )


def no_generator(source: Source, namespace: dict[str, Any], name: str, result: Any) -> PolicyError:
    """The function returned something that is no generator."""
    line = _line_of_def(source, namespace[name])
    argument = USUAL_ARGUMENT[name]
    if type(result).__name__ in ("coroutine", "async_generator"):
        if hasattr(result, "close"):
            result.close()  # else Python warns that nobody awaited it
        return asynchronous(source, line, name)
    return fault(
        source,
        line,
        f"{name} is a plain function: there is no yield in it",
        came=f"calling it gave {describe(result)}",
        expected="a generator function: every operation is asked for by yield",
        cause="without a yield it runs at once and asks for nothing; one cond_resched makes it a generator function",
        fix=f"def {name}(mm, {argument}):\n    ...\n    yield mm.cond_resched()",
    )


def _line_of_def(source: Source, function: Any) -> int | None:
    """The line with `def`; below its decorators."""
    function = getattr(function, "__wrapped__", function)
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType) or code.co_filename != source.file:
        return None
    line = code.co_firstlineno
    while source.line(line).lstrip().startswith(("@", "#")):
        line += 1
    return line


def asynchronous(source: Source, line: int | None, name: str) -> PolicyError:
    """A function is defined by `async def`."""
    return fault(
        source,
        line,
        f"{name} is an async function",
        came=f"async def {name}",
        expected="a generator function: def, and yield where async code has await",
        cause="a policy runs one operation at a time; there is nothing to await",
        fix=source.line(line).strip().replace("async def", "def", 1),
    )
