"""What the code did: an exception, an endless loop, a result that says nothing."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence
from types import GeneratorType, TracebackType
from typing import Any

from wbviz.errors import PolicyError
from wbviz.policy.arguments import SIGNATURES
from wbviz.policy.faults.base import fault
from wbviz.policy.faults.rewrite import Statement, bare_operation, delegated, yielded
from wbviz.policy.source import Source
from wbviz.policy.unrun import COMPARED, DROPPED, KEPT, TESTED
from wbviz.policy.views import Operation
from wbviz.policy.words import describe, nearest


def raised(source: Source, error: BaseException) -> PolicyError:
    """An exception came out of the policy."""
    at, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == source.file:
            at = trace
        trace = trace.tb_next
    line = at.tb_lineno if at is not None else 0
    kind, text = type(error).__name__, str(error)
    cause, fix = _cause_of(source, line, error, at)
    return fault(
        source,
        line,
        f"the policy raised {kind}" + (f": {text}" if text else ""),
        came=f"{kind}, which nothing caught",
        expected="no exception leaves enqueue, execute, or the file when it is read",
        cause=cause,
        fix=fix,
    )


def _cause_of(source: Source, line: int, error: BaseException, at: TracebackType | None) -> tuple[str, str]:
    try:
        statement = Statement(source, line)
    except ValueError:
        return "a case the code does not expect", ""
    if isinstance(error, AttributeError):
        found = _attribute(statement, error, at)
        if found[0]:
            return found
    if isinstance(error, UnboundLocalError):
        name = _unbound(statement, at)
        return (
            f"a path through the function reaches this line without giving {name or 'the name'} a value",
            _at_the_beginning(statement, f"{name} = None") if name else "",
        )
    if isinstance(error, NameError) and error.name:
        return _name(statement, error, error.name)
    part = _part(statement, at)
    if isinstance(error, TypeError):
        found = _unyielded(source, statement, at)
        if not found[0] and isinstance(part, ast.Compare | ast.BinOp):
            found = _compared(statement, part)
        if found[0]:
            return found
    if isinstance(error, RecursionError):
        return "a function calls itself without an end; a loop does the same, with an end", ""
    if isinstance(error, RuntimeError) and isinstance(error.__cause__, StopIteration):
        return (
            "next() found nothing more; inside a generator that must be caught, or given a default",
            _with_default(statement),
        )
    if isinstance(statement.node, ast.Raise):
        statement.replace(statement.node, "return False")
        return (
            "there is nobody to catch it: what goes wrong is a result, or a path through the code",
            statement.corrected(),
        )
    return "a case the code does not expect", ""


# Attributes


def _attribute(statement: Statement, error: AttributeError, at: TracebackType | None) -> tuple[str, str]:
    node = _part(statement, at)
    name, owner = error.name or "", error.obj
    if not isinstance(node, ast.Attribute) or node.attr != name:
        node = next((it for it in statement.all(ast.Attribute) if it.attr == name), None)
    if owner is None and node is not None:
        return (
            "find_get_page answers None where there is no page, page.mapping is None after truncation, "
            "work.page is None for a sync work",
            statement.asking(statement.text(node.value)),
        )
    if isinstance(owner, GeneratorType) and node is not None:
        statement.around(node.value, "(yield from ", ")")
        return (
            f"{owner.__name__} is a generator of your own: `yield from` runs it, and gives what it returns",
            statement.corrected(),
        )
    kind, near = getattr(error, "kind", ""), getattr(error, "near", None)
    if near:
        if node is not None:
            statement.replace(node, f"{statement.text(node.value)}.{near}")
        return f"{name} is misspelt: {near}", statement.corrected() if node is not None else ""
    if kind == "work":
        if node is not None:
            none = "()" if getattr(statement.node, "iter", None) is node else "None"
            statement.replace(node, f'getattr({statement.text(node.value)}, "{name}", {none})')
        return (
            "only what queue_work or extend_work was given is there; a work of somebody else's does not have it",
            statement.corrected() if node is not None else "",
        )
    if kind:
        return f"there is no {name} in this model; what there is, is above", ""
    return "", ""


def _part(statement: Statement, at: TracebackType | None) -> ast.AST | None:
    """The part of the statement that was being evaluated."""
    if at is None:
        return None
    positions = list(at.tb_frame.f_code.co_positions())[at.tb_lasti // 2]
    for node in (*statement.all(ast.Attribute), *statement.all(ast.Compare), *statement.all(ast.BinOp)):
        if (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset) == positions:
            return node
    return None


# Names


def _name(statement: Statement, error: NameError, name: str) -> tuple[str, str]:
    nodes = [it for it in statement.all(ast.Name) if it.id == name]
    if name in SIGNATURES:
        for it in nodes:
            statement.replace(it, f"mm.{name}")
        return "the operations belong to mm", statement.corrected()
    if isinstance(statement.node, ast.FunctionDef | ast.AnnAssign):
        return _annotated(statement, name)
    near = nearest(name, _names_at(error))
    called = any(isinstance(statement.parent(it), ast.Call) and statement.parent(it).func is it for it in nodes)  # type: ignore[attr-defined]
    if near:
        for it in nodes:
            statement.replace(it, near)
        return f"{name} is misspelt: {near}", statement.corrected()
    if called:
        return (
            f"there is no function {name} in this file, and a policy is one file",
            f"def {name}(mm, page):\n    yield mm.cond_resched()      # what {name} is to do",
        )
    return "it is not defined in this file", "\n".join([f"{name} = 1      # its value", *statement.lines()])


def _annotated(statement: Statement, name: str) -> tuple[str, str]:
    """A hint at a type that nobody defines: it can go."""
    node = statement.node
    if isinstance(node, ast.FunctionDef):
        for arg in (*node.args.args, *node.args.kwonlyargs):
            if arg.annotation is not None:
                statement.replace(arg, arg.arg)
        head = statement.corrected()
        if node.returns is not None:
            head = head.partition("->")[0].rstrip() + ":"
    else:
        assert isinstance(node, ast.AnnAssign)
        value = f" = {statement.text(node.value)}" if node.value else " = None"
        statement.replace(node, f"{statement.text(node.target)}{value}")
        head = statement.corrected()
    return f"{name} stands where a type can stand, and is defined nowhere; types are not needed", head


def _names_at(error: BaseException) -> set[str]:
    trace = error.__traceback__
    if trace is None:
        return set()
    while trace.tb_next is not None:
        trace = trace.tb_next
    frame = trace.tb_frame
    return {name for name in (*frame.f_locals, *frame.f_globals, *vars(builtins)) if not name.startswith("__")}


# Others


def _unyielded(source: Source, statement: Statement, at: TracebackType | None) -> tuple[str, str]:
    """An operation where its answer was meant, on this line or in a name that this line uses."""
    cause = "yield is missing before an operation, so this is the request and not its answer"
    name = bare_operation(statement)
    if name:
        return cause, yielded(source, statement.first, name).fix
    frame = at.tb_frame if at is not None else None
    for node in statement.all(ast.Name):
        held = frame.f_locals.get(node.id) if frame is not None else None
        if isinstance(held, Operation):
            held.yielded = True
            return f"{cause}; it was made in line {held.line}", yielded(source, held.line, held.name).fix
    return "", ""


def _compared(statement: Statement, node: ast.Compare | ast.BinOp) -> tuple[str, str]:
    """Pages, inodes or works in an order, or reckoned with."""
    sides = [node.left, node.comparators[0]] if isinstance(node, ast.Compare) else [node.left, node.right]
    if not all(isinstance(it, ast.Name | ast.Attribute) for it in sides):
        return "", ""
    for side in sides:
        if not (isinstance(side, ast.Attribute) and side.attr == "index"):
            statement.around(side, "", ".index")
    return (
        "pages, inodes and works can be compared by == and `is`; their order is that of their index or name",
        statement.corrected(),
    )


def _with_default(statement: Statement) -> str:
    for call in statement.all(ast.Call):
        if isinstance(call.func, ast.Name) and call.func.id == "next" and len(call.args) == 1:
            statement.add(call, "None")
            return statement.corrected()
    return ""


def _unbound(statement: Statement, at: TracebackType | None) -> str:
    """The local name on a line that has no value."""
    if at is None:
        return ""
    frame = at.tb_frame
    names = [it.id for it in statement.all(ast.Name) if isinstance(it.ctx, ast.Load)]
    local = {*frame.f_code.co_varnames, *frame.f_code.co_cellvars} - frame.f_locals.keys()
    return next((name for name in names if name in local), "")


def _at_the_beginning(statement: Statement, line: str) -> str:
    """The head of the function that a statement is in, and below it one more line."""
    function = statement.function
    if function is None:
        return ""
    return f"{statement.head(function)}\n    {line}"


def endless(source: Source, *looping: int) -> PolicyError:
    """Too many lines without a yield; `looping` are lines of the innermost frame that went round."""
    line = _loop_of(source, looping)
    return fault(
        source,
        line,
        "an endless loop without a yield",
        came="100000 lines of the policy executed, and no operation among them",
        expected="an operation in every round: before the next yield nothing changes, however long one waits",
        cause="a loop that waits for a lock, for writeback or for room without letting anybody else run, "
        "or one whose condition never changes",
        fix=_resting(source, line),
    )


def unrun(source: Source, line: int, name: str, use: str) -> PolicyError:
    """A helper that yields was called, and its generator went nowhere."""
    came = {
        DROPPED: "the call makes a generator, and that was thrown away",
        TESTED: "the truth of the generator was tested; a generator is always true",
        COMPARED: "the generator was compared, not what the helper returns",
        KEPT: "the call makes a generator; it was kept in a name, and nobody runs it",
    }[use]
    return fault(
        source,
        line,
        f"the helper {name} was called, and nothing of it was done",
        came=came,
        expected=f"yield from {name}(...): that does what it yields, and gives what it returns",
        cause=f"`yield from` is missing: {name} has a yield in it, so calling it runs none of it",
        fix=delegated(source, line, name),
    )


def _resting(source: Source, line: int) -> str:
    """The head of a loop with an operation in its first round; "" for a loop that is no statement."""
    try:
        statement = Statement(source, line)
    except ValueError:
        return ""
    node = statement.node
    if not isinstance(node, ast.While | ast.For) or statement.function is None:
        return ""
    indent = " " * (node.body[0].col_offset - node.col_offset if node.body[0].lineno > node.lineno else 4)
    head = [statement.head(node)]
    return "\n".join([*head, f"{indent}yield mm.cond_resched()      # lets others run"])


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
    fix = ""
    try:
        statement = Statement(source, line)
        if isinstance(statement.node, ast.Return) and statement.node.value is not None:
            if isinstance(value, GeneratorType):
                statement.around(statement.node.value, "(yield from ", ")")
            else:
                statement.replace(statement.node.value, "True")
            fix = statement.corrected()
    except ValueError:
        pass
    if isinstance(value, GeneratorType):
        return fault(
            source,
            line,
            f"{function} returned a generator",
            came=describe(value),
            expected="True, False or None",
            cause=f"{value.__name__} is a generator of your own: `yield from` runs it and gives its result",
            fix=fix or f"return (yield from {value.__name__}(mm, page))",
        )
    inside = "" if culprit is value else f", and in it {describe(culprit)}"
    return fault(
        source,
        line,
        f"the result of {function} is not understood",
        came=describe(value) + inside,
        expected="True (or nothing) if the page was accepted, False if it was refused",
        cause="the result says only whether somebody will clean the page; what is to be remembered goes into the work",
        fix=fix or "return True",
    )
