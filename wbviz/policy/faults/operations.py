"""Operations: not yielded, or something else yielded, or called in a way they cannot be."""

from __future__ import annotations

import ast
from types import FunctionType, GeneratorType
from typing import Any

from wbviz.errors import PolicyError
from wbviz.policy.arguments import FIXED_KEYS, SIGNATURES, TAKES_INFO, BadArgument
from wbviz.policy.faults.base import call, fault, with_result
from wbviz.policy.faults.rewrite import Statement, yielded
from wbviz.policy.source import Source
from wbviz.policy.views import Maker, Operation
from wbviz.policy.words import describe, distance, listed, nearest

_WIDE = (
    "`yield` binds more loosely than `and`, `or`, `not` and `==`, so it took in the whole expression: "
    "put parentheses around it and the operation"
)


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
    fix, wide, delegated = yielded(source, line, name)
    cause = _WIDE if wide else "`yield from` is for your own generators" if delegated else "yield is missing"
    return fault(
        source,
        line,
        f"the operation {name} was made, but not yielded",
        came=came,
        expected="yield before the operation: that does it, and gives its answer",
        cause=cause,
        fix=fix or with_result(name),
    )


def no_operation(source: Source, line: int, yielded: Any) -> PolicyError:
    """Something was yielded that is no operation."""
    cause, fix = "only what mm makes can be yielded", ""
    if isinstance(yielded, (tuple, list, set)):
        for it in yielded:
            if isinstance(it, Operation):
                it.yielded = True  # said here once, not once more for each
    try:
        statement = Statement(source, line)
        cause, fix = _instead(statement, [it for it in statement.all(ast.Yield) if it.lineno <= line][-1], yielded)
    except (ValueError, IndexError):
        pass
    return fault(
        source,
        line,
        "what was yielded is no operation",
        came=describe(yielded),
        expected="an operation, such as mm.lock_page(page)",
        cause=cause,
        fix=fix or "yield mm.cond_resched()",
    )


def _instead(statement: Statement, node: ast.Yield, yielded: Any) -> tuple[str, str]:
    """Likely cause, and the statement corrected, for something yielded that is no operation."""
    value, whole = node.value, isinstance(statement.parent(node), ast.Expr)
    if isinstance(yielded, GeneratorType) and value is not None:
        statement.around(value, "from ", "")
        return f"{yielded.__name__} is a generator of your own: `yield from` runs it", statement.corrected()
    if isinstance(yielded, Maker) and value is not None:
        statement.around(value, "", f"({', '.join(_usual(statement, SIGNATURES[yielded.name]))})")
        return "the parentheses are missing", statement.corrected()
    if yielded is None:
        statement.replace(node, "yield mm.cond_resched()")
        return "a yield with nothing behind it, or the result of a helper that has none", statement.corrected()
    if isinstance(yielded, (bool, int, str)) and value is not None and whole:
        statement.replace(node, f"return {statement.text(value)}")
        return "a result is handed back with return; yield is for operations", statement.corrected()
    if isinstance(yielded, (tuple, list, set)) and isinstance(value, ast.Tuple | ast.List | ast.Set) and whole:
        each = [f"yield {statement.text(it)}" for it in value.elts]
        return "operations are done one after another", "\n".join(each)
    if getattr(type(yielded), "_kind", "") == "page" and value is not None:
        statement.around(value, "mm.lock_page(", ")")
        return "a page is no request: say what is to be done with it", statement.corrected()
    if isinstance(yielded, FunctionType) and value is not None:
        code = yielded.__code__
        given = _usual(statement, code.co_varnames[: code.co_argcount])
        statement.around(value, "from ", f"({', '.join(given)})")
        return "the function was not called", statement.corrected()
    statement.replace(node, "yield mm.cond_resched()")
    return "only what mm makes can be yielded", statement.corrected()


def _usual(statement: Statement, parameters: tuple[str, ...]) -> list[str]:
    """What usually stands for parameters of these names."""
    page = statement.page()
    known = {"page": page, "inode": f"{page}.mapping", "index": f"{page}.index"}
    return [known.get(it, it) for it in parameters]


def bad_argument(source: Source, line: int, name: str, bad: BadArgument) -> PolicyError:
    """An operation was called in a way it cannot be."""
    parameters = SIGNATURES[name]
    signature = f"mm.{name}({', '.join(parameters)}{', **info' if name in TAKES_INFO else ''})"
    value, parameter = bad.value, bad.parameter
    if isinstance(value, Operation):
        value.yielded = True
        return not_yielded(source, value.line, value.name, "argument")
    what, expected, cause = f"mm.{name} cannot be called like this", signature, ""
    came = f"the keyword {parameter}"
    if bad.why == "missing":
        came, cause = f"no {parameter}", f"{name} needs its {parameter}"
    elif bad.why == "surplus":
        came = f"more arguments than {len(parameters)}: {describe(value)} is one too many"
        takes = listed(parameters) if parameters else "nothing"
        cause = "info is given by keyword" if name in TAKES_INFO else f"{name} takes {takes}"
    elif bad.why == "keyword":
        near = nearest(parameter, parameters)
        cause = f"{parameter} is misspelt: {near}" if near else f"{name} carries no info; queue_work and extend_work do"
    elif bad.why == "misspelt":
        cause = f"{parameter} is misspelt: {_meant(parameter)}; nothing here reads .{parameter}"
    elif bad.why == "twice":
        cause = f"the {parameter} was given already, in front of it"
    elif bad.why == "key":
        what = f"{parameter} cannot be given as info"
        came = f"{parameter}={_shown(value)}"
        expected = f"any other key: {listed(sorted(FIXED_KEYS))} are the work's own"
        cause = f"a work has a {parameter} of its own, which never changes"
    elif bad.why == "info":
        what = f"a work cannot carry {describe(value)}"
        came = f"{parameter}={describe(value)}"
        expected = "None, True, False, numbers without fraction, strings, pages, inodes, and tuples of these"
        cause = "what a work carries must be plain and must not change"
    else:
        article = "an" if parameter[0] in "aeiou" else "a"
        wanted = "a number" if parameter == "index" else f"{article} {parameter}"
        what = f"mm.{name} takes {wanted} as its {parameter}" if parameter == "index" else f"mm.{name} takes {wanted}"
        came, cause = describe(value), _wrong_kind(name, parameter, value)
    return fault(source, line, what, came=came, expected=expected, cause=cause, fix=_mended(source, line, name, bad))


def _meant(keyword: str) -> str:
    return "page" if distance(keyword, "page") < distance(keyword, "inode") else "inode"


def _wrong_kind(name: str, parameter: str, value: Any) -> str:
    """Likely cause, for an argument of a wrong kind."""
    kind = getattr(type(value), "_kind", "")
    if value is None and parameter == "page":
        return "find_get_page answers None where there is no page, and work.page is None for a sync work: ask first"
    if value is None and parameter == "inode":
        return "page.mapping is None once the page was truncated: ask first, with the page locked"
    if kind == "work" and parameter in ("page", "inode"):
        return f"the {parameter} of a work is work.{parameter}"
    if kind == "page" and parameter == "inode":
        return "the inode of a page is page.mapping"
    if kind == "inode" and parameter == "page":
        return "an inode has many pages: find_get_page gives one, pinned, or None"
    if kind and parameter == "index":
        return "the index of a page is page.index"
    if isinstance(value, GeneratorType):
        return f"{value.__name__} is a generator of your own: `yield from` runs it, and gives what it returns"
    if isinstance(value, Maker) or callable(value):
        return "the parentheses are missing, or a name is used for two things"
    return f"something else was meant than what is in this name: it should hold the {parameter}"


def _mended(source: Source, line: int, name: str, bad: BadArgument) -> str:
    """The statement with the call as it can be; as it usually is where it is not found on the line."""
    try:
        statement = Statement(source, line)
        node = next(it for it in statement.operations(name) if it.lineno <= line <= (it.end_lineno or 0))
    except (ValueError, StopIteration):
        return f"yield {call(name)}"
    return _argument_mended(statement, node, name, bad) or f"yield {call(name)}"


def _argument_mended(statement: Statement, node: ast.Call, name: str, bad: BadArgument) -> str:
    parameters, parameter = SIGNATURES[name], bad.parameter
    given = {it.arg: it for it in node.keywords if it.arg}
    if bad.why == "missing":
        statement.add(node, *_usual(statement, (parameter,)))
    elif bad.why == "surplus":
        extra = node.args[len(parameters)]
        if name in TAKES_INFO:
            statement.replace(extra, f"hint={statement.text(extra)}")
        for arg in node.args[len(parameters) + (name in TAKES_INFO) :] if name in TAKES_INFO else [extra]:
            statement.without(node, arg)
    elif bad.why in ("keyword", "twice") and parameter in given:
        near = nearest(parameter, parameters) if bad.why == "keyword" else None
        if near:
            statement.replace(given[parameter], f"{near}={statement.text(given[parameter].value)}")
        else:
            statement.without(node, given[parameter])
    elif bad.why == "misspelt" and parameter in given:
        statement.replace(given[parameter], f"{_meant(parameter)}={statement.text(given[parameter].value)}")
    elif bad.why == "key" and parameter in given:
        statement.replace(given[parameter], f"my_{parameter}={statement.text(given[parameter].value)}")
    elif bad.why == "info" and parameter in given:
        return _plain_info(statement, given[parameter].value, bad.value)
    elif bad.why == "type":
        at = parameters.index(parameter)
        passed = [*node.args[at : at + 1], *[it.value for it in node.keywords if it.arg == parameter]]
        return _right_kind(statement, passed[0], name, parameter, bad.value) if passed else ""
    else:
        return ""
    return statement.corrected()


def _plain_info(statement: Statement, node: ast.expr, value: Any) -> str:
    """What a work is to carry as something that it can: tuples for lists, whole numbers, the page of a work."""
    kind = getattr(type(value), "_kind", "")
    within: list[ast.AST]
    if isinstance(value, (list, set, frozenset, dict)):
        wrap, kinds = "tuple", (ast.List, ast.Set, ast.Dict, ast.ListComp, ast.SetComp, ast.DictComp)
        within = [it for it in ast.walk(node) if isinstance(it, kinds)]
    elif isinstance(value, float):
        wrap = "int"
        within = [it for it in ast.walk(node) if isinstance(it, ast.Constant) and isinstance(it.value, float)]
    elif kind == "work" or isinstance(value, tuple):
        for it in ast.walk(node):
            if isinstance(it, ast.Name) and it.id == "work":
                statement.around(it, "", ".page")
        return statement.corrected()
    else:
        return ""
    for it in within or [node]:
        statement.around(it, f"{wrap}(", ")")
    return statement.corrected()


def _right_kind(statement: Statement, arg: ast.expr, name: str, parameter: str, value: Any) -> str:
    """The statement with an argument of the kind that the operation takes."""
    kind, text, page = getattr(type(value), "_kind", ""), statement.text(arg), statement.page()
    if isinstance(arg, ast.Constant):
        statement.replace(arg, *_usual(statement, (parameter,)))
    elif value is None:
        return statement.asking(text)
    elif kind == "work" and parameter in ("page", "inode"):
        statement.around(arg, "", f".{parameter}")
    elif kind == "page" and parameter in ("inode", "index"):
        statement.around(arg, "", ".mapping" if parameter == "inode" else ".index")
    elif kind == "inode" and parameter == "page" and name != "queue_work":
        lines = [f"page = yield mm.find_get_page({text}, {page}.index)"]
        statement.replace(arg, "page")
        return "\n".join([*lines, statement.asking("page")])
    elif isinstance(value, GeneratorType):
        statement.around(arg, "(yield from ", ")")
    else:
        return ""
    return statement.corrected()


def _shown(value: Any) -> str:
    return repr(value) if value is None or isinstance(value, (bool, int, str)) else "value"
