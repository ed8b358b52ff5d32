"""The messages for everything that makes a policy no policy: what came, what was expected, the likely cause, the correction.

Imported only when there is something to say, except for `check_functions` and `no_operation`, which find it.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import CodeType, FunctionType, GeneratorType
from typing import Any

from wbviz.errors import PolicyError
from wbviz.policy.arguments import ATTRIBUTES, FIXED_KEYS, SIGNATURES, TAKES_INFO, BadArgument
from wbviz.policy.guard import PURE_MODULES
from wbviz.policy.protocol import Op, Read, Return
from wbviz.policy.source import Source
from wbviz.policy.views import Maker, Operation
from wbviz.policy.words import describe, listed, nearest, with_yield

USUAL_ARGUMENT = {"enqueue": "page", "execute": "work"}
_ANSWERS = frozenset({"trylock_page", "igrab", "find_get_page", "queue_work", "extend_work"})
"""Operations whose answer a policy needs."""


def _fault(
    source: Source, line: int | None, what: str, *, came: str = "", expected: str = "", cause: str = "", fix: str = ""
) -> PolicyError:
    line = line or None
    return PolicyError(
        what, file=source.file, line=line, source=source.line(line), came=came, expected=expected, cause=cause, fix=fix
    )


def _call(name: str) -> str:
    parameters = ", ".join(SIGNATURES[name]) if name != "queue_work" else "page=page"
    return f"mm.{name}({parameters})"


def _with_result(name: str) -> str:
    result = {"find_get_page": "neighbour", "trylock_page": "locked", "queue_work": "queued"}.get(name, "done")
    return f"{result} = yield {_call(name)}" if name in _ANSWERS else f"yield {_call(name)}"


# The file


def unparsable(source: Source, error: BaseException) -> PolicyError:
    """The text is no Python."""
    if isinstance(error, SyntaxError):
        message = error.msg or "invalid syntax"
        fix = ""
        if "'yield' outside function" in message:
            fix = "def execute(mm, work):\n    yield mm.cond_resched()"
        elif message.startswith("expected ':'"):
            fix = source.line(error.lineno).strip() + ":"
        return _fault(
            source,
            error.lineno,
            f"this is not Python: {message}",
            came="a file that does not parse",
            expected="two generator functions, enqueue(mm, page) and execute(mm, work)",
            cause="often the line above: a bracket that is not closed, a colon or an indentation that is missing",
            fix=fix,
        )
    return _fault(
        source,
        None,
        f"this is not Python: {error or type(error).__name__}",
        came="a file that does not compile",
        expected="a text file with two generator functions, enqueue(mm, page) and execute(mm, work)",
        cause="the file is damaged, or is no Python source",
    )


def check_functions(source: Source, namespace: dict[str, Any], functions: Sequence[str]) -> None:
    """Raises PolicyError if a function is missing or cannot be called as it is."""
    for name in functions:
        argument = USUAL_ARGUMENT[name]
        skeleton = f"def {name}(mm, {argument}):\n    ..."
        if name not in namespace:
            others = [it for it, value in namespace.items() if callable(value) and it not in functions]
            near = nearest(name, others)
            line = _line_of_def(source, namespace[near]) if near else None
            raise _fault(
                source,
                line,
                f"there is no function {name}",
                came=f"a file with {listed(others)}" if others else "a file that defines no such function",
                expected=f"a generator function {name}(mm, {argument}) at the top level of the file",
                cause=f"{near} is misspelt" if near else "it is missing, indented into another function, or renamed",
                fix=f"def {name}(mm, {argument}):" if near else skeleton,
            )
        function = namespace[name]
        if not callable(function):
            raise _fault(
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
    raise _fault(
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
        return _fault(
            source,
            line,
            f"{name} is an async function",
            came=f"async def {name}",
            expected="a generator function: def, and yield where async code has await",
            cause="a policy runs one operation at a time; there is nothing to await",
            fix=f"def {name}(mm, {argument}):",
        )
    return _fault(
        source,
        line,
        f"{name} is a plain function: there is no yield in it",
        came=f"calling it gave {describe(result)}",
        expected="a generator function: every operation is asked for by yield",
        cause="without a yield it runs at once and does nothing; if there is nothing to do, one cond_resched makes it a generator",
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


# Operations


def not_yielded(source: Source, line: int, name: str, use: str) -> PolicyError:
    """An operation was made and its result expected, without yield."""
    came = {
        "dropped": "it was thrown away: nobody does it",
        "left": "the function ended and it was still waiting to be yielded: nobody did it",
        "tested": "its truth was tested, but it is the request, not the answer; a request is always true",
        "compared": "it was compared, but it is the request, not the answer",
        "iterated": "it was taken apart, as `for`, unpacking or `yield from` do, but it is one request, not the answer",
        "read": "an attribute of it was read, but it is the request, not the answer",
        "argument": "it was passed to another operation, but it is the request, not the answer",
        "returned": "it was returned: nobody does it",
    }[use]
    quoted = source.line(line)
    return _fault(
        source,
        line,
        f"the operation {name} was made, but not yielded",
        came=came,
        expected="yield before the operation: that does it, and gives its answer",
        cause="`yield from` is for your own generators" if "yield from" in quoted else "yield is missing",
        fix=with_yield(quoted, name) or _with_result(name),
    )


def no_operation(source: Source, line: int, yielded: Any) -> PolicyError:
    """Something was yielded that is no operation."""
    quoted = source.line(line).strip()
    cause, fix = "only what mm makes can be yielded", "yield mm.lock_page(page)"
    if isinstance(yielded, GeneratorType):
        cause = f"{yielded.__name__} is a generator of your own: `yield from` runs it"
        fix = quoted.replace("yield ", "yield from ", 1) if "yield " in quoted else f"yield from {yielded.__name__}(mm, page)"
    elif isinstance(yielded, Maker):
        cause = "the parentheses are missing"
        fix = quoted.replace(f".{yielded.name}", f".{yielded.name}({', '.join(SIGNATURES[yielded.name])})", 1)
        if not quoted:
            fix = f"yield {_call(yielded.name)}"
    elif yielded is None:
        cause = "a yield with nothing behind it, or the result of a helper that has none"
        fix = "yield mm.cond_resched()"
    elif isinstance(yielded, bool):
        cause = "a result is handed back with return; yield is for operations"
        fix = f"return {yielded}"
    elif isinstance(yielded, (tuple, list, set)):
        cause = "operations are done one after another"
        if any(isinstance(it, Operation) for it in yielded):
            for it in yielded:
                if isinstance(it, Operation):
                    it.yielded = True  # said here once, not once more for each
            fix = "\n".join(f"yield {_call(it.name)}" for it in yielded if isinstance(it, Operation))
    elif callable(yielded):
        cause = "the function was not called"
        fix = f"yield from {getattr(yielded, '__name__', 'helper')}(mm, page)"
    return _fault(
        source,
        line,
        "what was yielded is no operation",
        came=describe(yielded),
        expected="an operation, such as mm.lock_page(page)",
        cause=cause,
        fix=fix,
    )


def bad_argument(source: Source, line: int, name: str, bad: BadArgument) -> PolicyError:
    """An operation was called in a way it cannot be."""
    parameters = SIGNATURES[name]
    signature = f"mm.{name}({', '.join(parameters)}{', **info' if name in TAKES_INFO else ''})"
    value, parameter = bad.value, bad.parameter
    if isinstance(value, Operation):
        value.yielded = True
        error = not_yielded(source, value.line, value.name, "argument")
        if value.name == "find_get_page" and value.line != line:
            error.fix = with_yield(source.line(value.line), value.name) or _with_result(value.name)
        return error
    what = f"mm.{name} cannot be called like this"
    expected, cause, fix = signature, "", f"yield {_call(name)}"
    if bad.why == "missing":
        came, cause = f"no {parameter}", f"{name} needs its {parameter}"
    elif bad.why == "surplus":
        came = f"more arguments than {len(parameters)}: {describe(value)} is one too many"
        cause = "info is given by keyword" if name in TAKES_INFO else f"{name} takes {listed(parameters) if parameters else 'nothing'}"
        if name in TAKES_INFO:
            fix = f"yield mm.{name}({', '.join(parameters[:1])}, hint={_shown(value)})"
    elif bad.why == "keyword":
        came = f"the keyword {parameter}"
        near = nearest(parameter, parameters)
        cause = f"{parameter} is misspelt: {near}" if near else f"{name} carries no info; queue_work and extend_work do"
    elif bad.why == "key":
        what = f"{parameter} cannot be given as info"
        came = f"{parameter}={_shown(value)}"
        expected = f"any other key: {listed(sorted(FIXED_KEYS))} are the work's own"
        cause = f"a work has a {parameter} of its own, which never changes"
        fix = f"yield mm.{name}({parameters[0]}, my_{parameter}={_shown(value)})"
    elif bad.why == "info":
        what = f"a work cannot carry {describe(value)}"
        came = f"{parameter}={describe(value)}"
        expected = "None, True, False, numbers without fraction, strings, pages, inodes, and tuples of these"
        cause = "what a work carries must be plain and must not change"
        fix = f"yield mm.{name}({parameters[0]}, {parameter}={_as_info(parameter, value)})"
    else:
        article = "an" if parameter[0] in "aeiou" else "a"
        wanted = "a number" if parameter == "index" else f"{article} {parameter}"
        what = f"mm.{name} takes {wanted} as its {parameter}" if parameter == "index" else f"mm.{name} takes {wanted}"
        came = describe(value)
        cause, fix = _wrong_kind(source, line, name, parameter, value)
    return _fault(source, line, what, came=came, expected=expected, cause=cause, fix=fix)


def _wrong_kind(source: Source, line: int, name: str, parameter: str, value: Any) -> tuple[str, str]:
    """Likely cause and correction, for an argument of a wrong kind."""
    kind = getattr(type(value), "_kind", "")
    call = f"yield mm.{name}"
    if value is None and parameter == "page":
        return (
            "find_get_page answers None where there is no page, and work.page is None for a sync work: ask first",
            f"if page is not None:\n    {call}(page)",
        )
    if value is None and parameter == "inode":
        return (
            "page.mapping is None once the page was truncated: ask first, with the page locked",
            f"inode = page.mapping\nif inode is not None:\n    {call}({', '.join(SIGNATURES[name])})",
        )
    if kind == "work" and parameter in ("page", "inode"):
        return f"the {parameter} of a work is work.{parameter}", f"{call}({_put(name, parameter, f'work.{parameter}')})"
    if kind == "page" and parameter == "inode":
        return "the inode of a page is page.mapping", f"{call}({_put(name, parameter, 'page.mapping')})"
    if kind == "inode" and parameter == "page":
        return (
            "an inode has many pages: find_get_page gives one, pinned, or None",
            f"page = yield mm.find_get_page(inode, index)\nif page is not None:\n    {call}(page)",
        )
    if kind and parameter == "index":
        return "the index of a page is page.index", f"{call}(inode, page.index + 1)"
    if isinstance(value, Maker) or callable(value):
        return "the parentheses are missing, or a name is used for two things", f"yield {_call(name)}"
    return f"something else was meant than what is in this name: it should hold the {parameter}", f"yield {_call(name)}"


def _put(name: str, parameter: str, value: str) -> str:
    return ", ".join(value if it == parameter else it for it in SIGNATURES[name])


def _shown(value: Any) -> str:
    return repr(value) if value is None or isinstance(value, (bool, int, str)) else "value"


def _as_info(key: str, value: Any) -> str:
    if isinstance(value, (list, set, frozenset, dict)):
        return f"tuple({key})"
    return f"int({key})" if isinstance(value, float) else f"{key}.page" if getattr(type(value), "_kind", "") == "work" else key


# Views


def no_attribute(kind: str, name: str, known: Sequence[str]) -> str:
    """The text of the AttributeError for an attribute that a view does not have."""
    owner = {"mm": "mm", "inode": "an inode"}.get(kind, f"a {kind}")
    near = nearest(name, known)
    if kind == "work":
        return f"this work has no {name}" + (f": did you mean {near}?" if near else ": nobody put it into its info")
    if kind == "page" and name == "inode":
        near = "mapping"
    has = listed(known) if kind != "mm" else "the operations " + listed(known)
    return f"{owner} has no {name}" + (f": did you mean {near}?" if near else f": it has {has}")


_ASSIGNED = {
    ("page", "locked"): ("a lock is taken and given back by operations", "yield mm.lock_page(page)\n...\nyield mm.unlock_page(page)"),
    ("page", "dirty"): ("a page becomes clean by being written", "yield mm.writepage(page)      # with the page locked"),
    ("page", "writeback"): (
        "writepage begins the writeback, the disk ends it",
        "yield mm.writepage(page)\nyield mm.wait_on_page_writeback(page)",
    ),
    ("page", "mapping"): ("only truncation takes a page out of its file", "if page.mapping is not None:"),
}


def assigned(source: Source, line: int, kind: str, name: str) -> PolicyError:
    """An attribute of a view was set or deleted."""
    known = name in ATTRIBUTES[kind]
    cause, fix = _ASSIGNED.get((kind, name), ("", ""))
    if not cause and kind == "work" and not known:
        cause = "what a work carries is given to it by operations"
        fix = f"yield mm.queue_work(page=page, {name}=value)      # at the beginning\nyield mm.extend_work(work, {name}=value)      # while it is queued"
    elif not cause and known:
        cause, fix = "this never changes", f"value = {kind}.{name}"
    elif not cause:
        cause = f"{'an' if kind == 'inode' else 'a'} {kind} carries no marks; what is to be remembered goes into the work"
        fix = f"yield mm.queue_work(page=page, {name}=value)"
    return _fault(
        source,
        line,
        f"{kind}.{name} was set, but a policy changes nothing by assignment",
        came=source.line(line).strip() or f"{kind}.{name} = ...",
        expected=f"an operation: {kind}s are read-only",
        cause=cause,
        fix=fix,
    )


# Running


def raised(source: Source, error: BaseException) -> PolicyError:
    """An exception came out of the policy."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == source.file:
            line = trace.tb_lineno
        trace = trace.tb_next
    kind, text = type(error).__name__, str(error)
    cause, fix = _cause_of(error, text)
    return _fault(
        source,
        line,
        f"the policy raised {kind}" + (f": {text}" if text else ""),
        came=f"{kind}, which nothing caught",
        expected="no exception leaves enqueue, execute, or the file when it is read",
        cause=cause,
        fix=fix,
    )


def _cause_of(error: BaseException, text: str) -> tuple[str, str]:
    if isinstance(error, AttributeError) and "'NoneType' object" in text:
        name = error.name or "dirty"
        return (
            "find_get_page answers None where there is no page, page.mapping is None after truncation, work.page is None for a sync work",
            f"if page is not None and page.{name}:" if name in ATTRIBUTES["page"] else "if inode is not None:",
        )
    if isinstance(error, AttributeError) and "did you mean " in text:
        near = text.rpartition("did you mean ")[2].rstrip("?")
        owner = text.partition(" has no ")[0].removeprefix("this ").removeprefix("an ").removeprefix("a ")
        call = f"({', '.join(SIGNATURES[near])})" if near in SIGNATURES else ""
        return f"{error.name} is misspelt: {near}", f"{'yield ' if call else ''}{owner}.{near}{call}"
    if isinstance(error, AttributeError) and text.startswith("this work has no "):
        return (
            "only what queue_work or extend_work was given is there; a work of somebody else's does not have it",
            f'value = getattr(work, "{error.name}", None)',
        )
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError) and error.name:
        near = nearest(error.name, _names_at(error))
        if near:
            return f"{error.name} is misspelt: {near}", near
        if error.name in SIGNATURES:
            return "the operations belong to mm", f"yield {_call(error.name)}"
        return "it is not defined in this file", ""
    if isinstance(error, UnboundLocalError):
        return "a path through the function reaches this line without giving the name a value", f"{error.name or 'name'} = None"
    if "'Operation'" in text:
        return "yield is missing before an operation, so this is the request and not its answer", "answer = yield mm.find_get_page(inode, index)"
    if isinstance(error, TypeError) and ("'Page'" in text or "'Inode'" in text or "'Work'" in text):
        return "pages, inodes and works can be compared by == and `is`; their order is that of their index or name", "page.index < other.index"
    if isinstance(error, RecursionError):
        return "a function calls itself without an end", "for index in range(page.index + 1, inode.nr_pages):\n    ..."
    if isinstance(error, RuntimeError) and "StopIteration" in text:
        return "next() found nothing more; inside a generator that must be caught, or given a default", "first = next(iterator, None)"
    return "a case the code does not expect", ""


def _names_at(error: BaseException) -> set[str]:
    trace = error.__traceback__
    if trace is None:
        return set()
    while trace.tb_next is not None:
        trace = trace.tb_next
    frame = trace.tb_frame
    return {name for name in (*frame.f_locals, *frame.f_globals, *vars(__import__("builtins"))) if not name.startswith("__")}


def endless(source: Source, *looping: int) -> PolicyError:
    """Too many lines without a yield; `looping` are lines of the innermost frame that went round."""
    line = _loop_of(source, looping)
    return _fault(
        source,
        line,
        "an endless loop without a yield",
        came="100000 lines of the policy executed, and no operation among them",
        expected="an operation in every round: nothing changes before the next yield, so waiting for a change never ends",
        cause="a loop that waits for a lock, for writeback or for room without letting anybody else run",
        fix="while page.writeback:\n    yield mm.cond_resched()\n# or rather: yield mm.wait_on_page_writeback(page)",
    )


def _loop_of(source: Source, looping: Sequence[int]) -> int:
    """The line of the loop: the nearest `while` or `for` that is indented less than the first line going round."""
    first = min(looping)
    quoted = source.line(first)
    indent = len(quoted) - len(quoted.lstrip())
    if quoted.lstrip().startswith(("while ", "while(", "for ")):
        return first
    for line in range(first - 1, 0, -1):
        above = source.line(line)
        if above.strip() and len(above) - len(above.lstrip()) < indent:
            if above.lstrip().startswith(("while ", "while(", "for ")):
                return line
            indent = len(above) - len(above.lstrip())
    return first


def not_understood(source: Source, line: int, function: str, value: Any, culprit: Any) -> PolicyError:
    """A result that nobody can make sense of."""
    if isinstance(value, GeneratorType):
        return _fault(
            source,
            line,
            f"{function} returned a generator",
            came=describe(value),
            expected="True, False or None",
            cause=f"{value.__name__} is a generator of your own: `yield from` runs it and gives its result",
            fix=f"return (yield from {value.__name__}(mm, page))",
        )
    inside = "" if culprit is value else f", and in it {describe(culprit)}"
    return _fault(
        source,
        line,
        f"the result of {function} is not understood",
        came=describe(value) + inside,
        expected="True (or nothing) if the page was accepted, False if it was refused",
        cause="the result says only whether somebody will clean the page; what is to be remembered goes into the work",
        fix="return True",
    )


def changed_global(source: Source, line: int, name: str) -> PolicyError:
    """A module global is not what it was before the call."""
    found = _line_naming(source, name, line)
    return _fault(
        source,
        found,
        f"the call changed the global {name}",
        came=f"{name} differs from what it was when the file was read",
        expected="calls that leave no trace in the file: each call sees fresh globals",
        cause="state that belongs in the work or the page: reclaim and the flusher share nothing but these"
        if name not in ("enqueue", "execute")
        else "an attribute or a mutable default of the function keeps state between calls",
        fix="yield mm.queue_work(page=page, attempts=1)      # and later: work.attempts",
    )


def _line_naming(source: Source, name: str, line: int) -> int:
    """A line within a function that probably changes the global: the last one that names it and looks like it."""
    marks = (f"{name} =", f"{name}=", f"{name} +=", f"{name} -=", f"{name}[", f"{name}.")
    lines = source.text.splitlines()
    for number, text in enumerate(lines, 1):
        if text[:1] in (" ", "\t") and any(mark in text for mark in marks) and "==" not in text:
            return number
    return next((n for n, text in enumerate(lines, 1) if name in text), line)


def imported(source: Source, line: int, name: str) -> PolicyError:
    """A module was imported that a policy may not have."""
    root = name.lstrip(".").partition(".")[0]
    why = _IMPURE.get(root, "it is not one of the modules that give the same answer each time")
    near = nearest(root, sorted(PURE_MODULES)) if root not in _IMPURE else None
    return _fault(
        source,
        line,
        f"a policy cannot import {name}",
        came=f"import of {name}",
        expected="a policy that answers the same history in the same way; it may import "
        + listed(sorted(PURE_MODULES - {"__future__"})),
        cause=f"{root} is misspelt: {near}" if near else why,
        fix=f"import {near}" if near else _INSTEAD.get(root, "leave the import out: mm, page and work carry all that there is to know"),
    )


_RANDOM = "a decision taken by chance is a different one in each run"
_CLOCK = "the clock shows something else in each run; in the model nothing takes time, and the checker tries every order"
_OTHERS = "who runs when is the checker's business: it tries every order"
_WORLD = "a policy sees the kernel through mm and nothing of the world outside"
_IMPURE = {
    **dict.fromkeys(("random", "secrets", "uuid", "numpy"), _RANDOM),
    **dict.fromkeys(("time", "datetime", "calendar", "sched", "timeit"), _CLOCK),
    **dict.fromkeys(("threading", "asyncio", "multiprocessing", "concurrent", "queue", "signal", "simpy"), _OTHERS),
    **dict.fromkeys(
        ("os", "sys", "io", "pathlib", "socket", "subprocess", "shutil", "tempfile", "logging", "builtins", "gc", "inspect", "ctypes"),
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
    "exec": ("code in a string cannot be quoted, counted or checked", "write the code into the function"),
    "eval": ("code in a string cannot be quoted, counted or checked", "write the expression into the function"),
    "compile": ("code in a string cannot be quoted, counted or checked", "write the code into the function"),
    "breakpoint": ("a policy is asked every history, in no order a debugger could follow", "look at the trace of the check instead"),
}


def called(source: Source, line: int, name: str) -> PolicyError:
    """A builtin was called that a policy may not have."""
    cause, fix = _CALLED.get(name, (_WORLD, "leave it out"))
    return _fault(
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
    return _fault(
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
        args = ", ".join(str(arg[1]) if isinstance(arg, tuple) else str(arg) for arg in thing.args)
        return f"{thing.name}({args})" + (f" (line {thing.lines[-1]})" if thing.lines else "")
    return "it returned" if isinstance(thing, Return) else "it went on"
