"""Operations: not yielded, or something else yielded, or called in a way they cannot be."""

from __future__ import annotations

from types import GeneratorType
from typing import Any

from wbviz.errors import PolicyError
from wbviz.policy.arguments import FIXED_KEYS, SIGNATURES, TAKES_INFO, BadArgument
from wbviz.policy.faults.base import call, fault, with_result
from wbviz.policy.source import Source
from wbviz.policy.views import Maker, Operation
from wbviz.policy.words import describe, distance, first_argument, listed, nearest, with_yield


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
    return fault(
        source,
        line,
        f"the operation {name} was made, but not yielded",
        came=came,
        expected="yield before the operation: that does it, and gives its answer",
        cause="`yield from` is for your own generators" if "yield from" in quoted else "yield is missing",
        fix=with_yield(quoted, name) or with_result(name),
    )


def no_operation(source: Source, line: int, yielded: Any) -> PolicyError:
    """Something was yielded that is no operation."""
    quoted = source.line(line).strip()
    cause, fix = "only what mm makes can be yielded", "yield mm.lock_page(page)"
    if isinstance(yielded, GeneratorType):
        cause = f"{yielded.__name__} is a generator of your own: `yield from` runs it"
        fix = (
            quoted.replace("yield ", "yield from ", 1)
            if "yield " in quoted
            else f"yield from {yielded.__name__}(mm, page)"
        )
    elif isinstance(yielded, Maker):
        cause = "the parentheses are missing"
        fix = quoted.replace(f".{yielded.name}", f".{yielded.name}({', '.join(SIGNATURES[yielded.name])})", 1)
        if not quoted:
            fix = f"yield {call(yielded.name)}"
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
            fix = "\n".join(f"yield {call(it.name)}" for it in yielded if isinstance(it, Operation))
    elif callable(yielded):
        cause = "the function was not called"
        fix = f"yield from {getattr(yielded, '__name__', 'helper')}(mm, page)"
    return fault(
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
            error.fix = with_yield(source.line(value.line), value.name) or with_result(value.name)
        return error
    what = f"mm.{name} cannot be called like this"
    expected, cause, fix = signature, "", f"yield {call(name)}"
    if bad.why == "missing":
        came, cause = f"no {parameter}", f"{name} needs its {parameter}"
    elif bad.why == "surplus":
        came = f"more arguments than {len(parameters)}: {describe(value)} is one too many"
        cause = (
            "info is given by keyword"
            if name in TAKES_INFO
            else f"{name} takes {listed(parameters) if parameters else 'nothing'}"
        )
        if name in TAKES_INFO:
            fix = f"yield mm.{name}({', '.join(parameters[:1])}, hint={_shown(value)})"
    elif bad.why == "keyword":
        came = f"the keyword {parameter}"
        near = nearest(parameter, parameters)
        cause = f"{parameter} is misspelt: {near}" if near else f"{name} carries no info; queue_work and extend_work do"
    elif bad.why == "misspelt":
        kind = "page" if distance(parameter, "page") < distance(parameter, "inode") else "inode"
        came, cause = f"the keyword {parameter}", f"{parameter} is misspelt: {kind}; nothing here reads .{parameter}"
        fix = source.line(line).strip().replace(f"{parameter}=", f"{kind}=", 1)
    elif bad.why == "twice":
        came, cause = f"the keyword {parameter}", f"the {parameter} was given already, in front of it"
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
    return fault(source, line, what, came=came, expected=expected, cause=cause, fix=fix)


def _wrong_kind(source: Source, line: int, name: str, parameter: str, value: Any) -> tuple[str, str]:
    """Likely cause and correction, for an argument of a wrong kind."""
    kind = getattr(type(value), "_kind", "")
    yielded = f"yield mm.{name}"
    shown = first_argument(source.line(line), name) or parameter
    if value is None and parameter == "page":
        return (
            "find_get_page answers None where there is no page, and work.page is None for a sync work: ask first",
            f"if {shown} is not None:\n    {yielded}({shown})",
        )
    if value is None and parameter == "inode":
        return (
            "page.mapping is None once the page was truncated: ask first, with the page locked",
            f"inode = page.mapping\nif inode is not None:\n    {yielded}({', '.join(SIGNATURES[name])})",
        )
    if kind == "work" and parameter in ("page", "inode"):
        return (
            f"the {parameter} of a work is work.{parameter}",
            f"{yielded}({_put(name, parameter, f'work.{parameter}')})",
        )
    if kind == "page" and parameter == "inode":
        return "the inode of a page is page.mapping", f"{yielded}({_put(name, parameter, 'page.mapping')})"
    if kind == "inode" and parameter == "page":
        return (
            "an inode has many pages: find_get_page gives one, pinned, or None",
            f"page = yield mm.find_get_page(inode, index)\nif page is not None:\n    {yielded}(page)",
        )
    if kind and parameter == "index":
        return "the index of a page is page.index", f"{yielded}(inode, page.index + 1)"
    if isinstance(value, Maker) or callable(value):
        return "the parentheses are missing, or a name is used for two things", f"yield {call(name)}"
    return f"something else was meant than what is in this name: it should hold the {parameter}", f"yield {call(name)}"


def _put(name: str, parameter: str, value: str) -> str:
    return ", ".join(value if it == parameter else it for it in SIGNATURES[name])


def _shown(value: Any) -> str:
    return repr(value) if value is None or isinstance(value, (bool, int, str)) else "value"


def _as_info(key: str, value: Any) -> str:
    if isinstance(value, (list, set, frozenset, dict)):
        return f"tuple({key})"
    return (
        f"int({key})"
        if isinstance(value, float)
        else f"{key}.page"
        if getattr(type(value), "_kind", "") == "work"
        else key
    )
