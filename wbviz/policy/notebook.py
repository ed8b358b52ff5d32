"""Policies made of whatever a notebook holds, above all of functions that exist already, such as those of its cells.

Functions get what no notebook gives them: fresh globals for each call, and one file to quote. The functions they use
are followed by name; the text of each file they come from stands in the policy's text, one after another, of a cell
only what belongs to the policy, and the line numbers of the code are moved accordingly.
"""

from __future__ import annotations

import ast
import copy
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple

from wbviz.errors import UsageError
from wbviz.policy.guard import PURE_MODULES
from wbviz.policy.load import Policy, load_policy
from wbviz.policy.removes import removes
from wbviz.policy.source import MODULE, Source
from wbviz.trace.schedule import FUNCTIONS


def policy_from_functions(enqueue: Callable[..., Any], execute: Callable[..., Any], name: str = FUNCTIONS) -> Policy:
    """A policy made of two functions that exist already, such as those of a notebook's cells.

    What they refer to by name, other functions included, is found in their modules and copied for each call.
    """
    return Policy(name, FunctionSource({"enqueue": enqueue, "execute": execute}, f"{name}.py"))


def as_policy(thing: Any) -> Policy:
    """A policy from whatever a notebook may hold.

    A Policy, a name, a path, a pair (enqueue, execute), or a module, class, dict or namespace that has both functions.
    UsageError for anything else.
    """
    if isinstance(thing, Policy):
        return thing
    if isinstance(thing, (str, os.PathLike)):
        return load_policy(thing)
    pair: tuple[Any, ...]
    if isinstance(thing, (tuple, list)) and len(thing) == 2:
        pair = tuple(thing)
    elif isinstance(thing, Mapping):
        pair = (thing.get("enqueue"), thing.get("execute"))
    else:
        pair = (getattr(thing, "enqueue", None), getattr(thing, "execute", None))
    if all(isinstance(function, FunctionType) for function in pair):
        name = getattr(thing, "__name__", FUNCTIONS)
        return policy_from_functions(pair[0], pair[1], name.rpartition(".")[2])
    raise UsageError(
        "this is no policy",
        came=f"{type(thing).__name__} {thing!r}"[:80],
        expected="the name of a built-in policy, the path of a file, or the two functions (enqueue, execute)",
        fix='wbviz.check((enqueue, execute), "abba")',
    )


class FunctionSource(Source):
    """The source of a policy that is given as functions by name. UsageError if their text cannot be had."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]], file: str) -> None:
        found: dict[str, Any] = {}
        for name, function in functions.items():
            if not isinstance(function, FunctionType):
                raise UsageError(
                    f"{name} is no function",
                    came=type(function).__name__,
                    expected="a generator function, defined with def",
                    fix=f"def {name}(mm, {'page' if name == 'enqueue' else 'work'}):\n    ...",
                )
            found[name] = function
            _follow(function, found)
        text, pieces = _assembled(found)
        super().__init__(file, text)
        self._found = {name: self._moved(value, pieces) for name, value in found.items()}
        self.modules |= {it.__module__ for it in functions.values()}
        self.fold_sets = not any(removes(it.__code__) for it in self._found.values() if isinstance(it, FunctionType))

    def plain(self) -> bool:
        """The text is not all there is: the globals of the functions come from elsewhere."""
        return False

    def _codes(self) -> Iterable[CodeType]:
        return (it.__code__ for it in self._found.values() if isinstance(it, FunctionType))

    def namespace(self, builtins: Mapping[str, Any]) -> dict[str, Any]:
        """Fresh globals: the functions bound to them, everything else copied."""
        namespace: dict[str, Any] = {"__name__": MODULE, "__builtins__": dict(builtins)}
        memo: dict[int, Any] = {}
        for name, value in self._found.items():
            if isinstance(value, FunctionType):
                namespace[name] = _rebuilt(value, namespace)
            elif isinstance(value, ModuleType):
                if value.__name__.partition(".")[0] not in PURE_MODULES:
                    builtins["__import__"](value.__name__)
                namespace[name] = value
            else:
                namespace[name] = value if isinstance(value, type) else _copied(value, memo)
        return namespace

    def _moved(self, value: Any, pieces: Iterable[_Piece]) -> Any:
        if not isinstance(value, FunctionType):
            return value
        piece = next((piece for piece in pieces if piece.holds(value)), None)
        if piece is None:
            return value
        moved = _rebuilt(value, value.__globals__, _move(value.__code__, self.file, piece.offset))
        moved.__module__ = MODULE
        return moved


class _Piece(NamedTuple):
    """Lines of a file, from the first to the last, that stand in the policy's text moved by an offset."""

    file: str
    first: int
    last: int
    offset: int

    def holds(self, function: FunctionType) -> bool:
        code = function.__code__
        return code.co_filename == self.file and self.first <= code.co_firstlineno <= self.last


def _assembled(found: Mapping[str, Any]) -> tuple[str, list[_Piece]]:
    """The policy's text, and where its pieces come from."""
    text = ""
    pieces: list[_Piece] = []
    functions = [value for value in found.values() if isinstance(value, FunctionType)]
    whole = not all(map(_shown_by_its_name, found.values()))
    for function in functions:
        file = function.__code__.co_filename
        if any(piece.file == file for piece in pieces):
            continue
        lines = _lines_of(function)
        mine = [other.__code__.co_firstlineno for other in functions if other.__code__.co_filename == file]
        spans = [] if whole or os.path.exists(file) else list(_spans(lines, mine, found))
        if not all(any(first <= line <= last for first, last in spans) for line in mine):
            spans = [(1, len(lines))]  # a file's lines are called as its reader counts them
        for first, last in spans:
            text += "\n" if text else ""
            pieces.append(_Piece(file, first, last, text.count("\n") + 1 - first))
            text += "".join(lines[first - 1 : last])
    return text, pieces


def _shown_by_its_name(value: Any) -> bool:
    """Whether the statement that binds it shows all of it. A function in a closure, or an object, does more than
    its own lines say; and what is proved of a policy rests on its text (`provably_pure`)."""
    if isinstance(value, tuple):
        return all(map(_shown_by_its_name, value))
    if isinstance(value, FunctionType):
        return value.__closure__ is None and not hasattr(value, "__wrapped__")
    return value is None or isinstance(value, ModuleType | bool | int | float | str)


def _spans(lines: list[str], functions: Collection[int], names: Collection[str]) -> Iterator[tuple[int, int]]:
    """What of a cell belongs to the policy: its functions, by their first lines, with the comments above them, and what
    binds a name that they use. A cell goes on with what it does with them, and an older cell has functions that were
    written anew since."""
    try:
        body = ast.parse("".join(lines)).body
    except SyntaxError:
        return
    for node in body:
        first = min([node.lineno, *(it.lineno for it in getattr(node, "decorator_list", ()))])
        last = node.end_lineno or first
        if isinstance(node, ast.FunctionDef):
            wanted = any(first <= line <= last for line in functions)
        else:
            wanted = any(name in names for name in _bound(node))
        if not wanted:
            continue
        while first > 1 and lines[first - 2].startswith("#"):
            first -= 1
        yield first, last


def _bound(node: ast.stmt) -> set[str]:
    """The names that a statement binds, if it is an import, an assignment or a class."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {(it.asname or it.name).partition(".")[0] for it in node.names}
    if isinstance(node, ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {it.id for target in targets for it in ast.walk(target) if isinstance(it, ast.Name)}


def _follow(function: FunctionType, found: dict[str, Any]) -> None:
    """Collect the globals that a function names, and those that they name in turn."""
    for name in _names(function.__code__):
        if name in found or name not in function.__globals__:
            continue
        value = found[name] = function.__globals__[name]
        if isinstance(value, FunctionType) and value.__globals__ is function.__globals__:
            _follow(value, found)


def _names(code: CodeType) -> set[str]:
    names = set(code.co_names)
    for const in code.co_consts:
        if isinstance(const, CodeType):
            names |= _names(const)
    return names


def _lines_of(function: FunctionType) -> list[str]:
    import linecache

    lines = linecache.getlines(function.__code__.co_filename, function.__globals__)
    if not lines:
        raise UsageError(
            f"the text of {function.__name__} cannot be found",
            came=f"a function from {function.__code__.co_filename}",
            expected="functions defined in a file or in a cell of a notebook, so that messages can quote them",
            cause="it was made by exec, or typed at a prompt",
            fix="put enqueue and execute into a file policy.py:\nwbviz.check('policy.py', \"abba\")",
        )
    return [line if line.endswith("\n") else line + "\n" for line in lines]


def _move(code: CodeType, file: str, offset: int) -> CodeType:
    consts = tuple(_move(const, file, offset) if isinstance(const, CodeType) else const for const in code.co_consts)
    return code.replace(co_filename=file, co_firstlineno=code.co_firstlineno + offset, co_consts=consts)


def _copied(value: Any, memo: dict[int, Any]) -> Any:
    """A copy, or the thing itself where it cannot be copied: a change of it is found all the same."""
    try:
        return copy.deepcopy(value, memo)
    except Exception:
        return value


def _rebuilt(function: FunctionType, namespace: dict[str, Any], code: CodeType | None = None) -> FunctionType:
    rebuilt = FunctionType(
        code or function.__code__, namespace, function.__name__, function.__defaults__, function.__closure__
    )
    rebuilt.__kwdefaults__ = copy.deepcopy(function.__kwdefaults__)
    rebuilt.__defaults__ = copy.deepcopy(function.__defaults__)
    rebuilt.__module__ = MODULE
    rebuilt.__dict__.update(copy.deepcopy(function.__dict__))
    return rebuilt
