"""The text of a policy: compiled once, executed afresh for each run, quoted in every message."""

from __future__ import annotations

import sys
from _ast import PyCF_ONLY_AST
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any

from wbviz.errors import PolicyError, printable
from wbviz.policy.counters import forget_counters
from wbviz.policy.printed import Printed
from wbviz.policy.provably_pure import is_direct, is_plain
from wbviz.policy.removes import removes
from wbviz.policy.unrun import Unused, unused_calls

if TYPE_CHECKING:
    from wbviz.policy.frozen import Frozen

MODULE = "<policy>"
"""The name of the module that a policy believes to be."""

LONGEST_LINE = 300
"""So many characters of a line are quoted."""


class Source:
    """A policy's file. `file` is the name that messages and tracebacks show, `text` what stands in it."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self._lines: list[str] | None = None
        self._tight: dict[int, tuple[CodeType, bool]] = {}
        self._code: CodeType | None = None
        self._error: PolicyError | None = None
        self.modules = frozenset({MODULE})
        """The modules that the policy's own classes and functions say they are from."""
        self.fold_sets = True
        """Whether a set may be told by what it shows: no code of the policy takes anything out of one."""
        self._plain = False
        self._direct = False
        self._reads: frozenset[str] | None = None
        self.printed = Printed()
        self._unused: dict[int, tuple[Unused, ...]] | None = None
        self._shared: Frozen | None = None
        self.loops: set[tuple[CodeType, frozenset[int]]] = set()
        """The loops without a yield that were found endless: the code they stand in, the lines that went round."""

    def namespace(self, builtins: Mapping[str, Any]) -> dict[str, Any]:
        """Fresh module globals. Raises PolicyError if the text is no Python, and what the policy's own code raises."""
        code = self._compiled()
        module = ModuleType(MODULE)
        namespace = vars(module)
        namespace["__builtins__"] = dict(builtins)
        namespace["__file__"] = self.file
        sys.modules[MODULE] = module  # dataclasses look their module up
        try:
            exec(code, namespace)
        finally:
            sys.modules.pop(MODULE, None)
        return namespace

    def line(self, number: int | None) -> str:
        """A line as it stands in the file, the beginning of a long one; "" if there is no such line."""
        if self._lines is None:
            self._lines = self.text.splitlines()
        if number is None or not 0 < number <= len(self._lines):
            return ""
        return shown(self._lines[number - 1])

    def tight(self, code: CodeType) -> bool:
        """Whether code holds a loop on one line, whose rounds CPython 3.11 does not trace as lines."""
        known = self._tight.get(id(code))
        if known is None:
            known = self._tight[id(code)] = (code, _loops_in_a_line(code))
        return known[1]

    def plain(self) -> bool:
        """Whether the text alone shows that the policy answers a history in one way only."""
        with suppress(PolicyError):
            self._compiled()
        return self._plain

    def direct(self) -> bool:
        """Whether the text is plain, and shows that each operation is yielded where it is made."""
        return self.plain() and self._direct

    def freeze(self) -> None:
        """Note what all runs share, before the first of them begins; nothing for a text that cannot set an attribute.

        Raises PolicyError if the text is no Python.
        """
        if self._shared is None:
            from wbviz.policy.frozen import Frozen, sets_attributes

            sets = not self.plain() and any(map(sets_attributes, self._codes()))
            self._shared = Frozen() if sets else Frozen([])

    def thaw(self) -> str | None:
        """The name of what a run has changed of it, now as it was; None if nothing."""
        return None if self._shared is None else self._shared.thaw()

    def reads(self) -> frozenset[str]:
        """The names that may be read of anything: all attributes, and all strings, for `getattr`."""
        if self._reads is None:
            self._reads = frozenset(name for code in self._codes() for name in names_in(code))
        return self._reads

    def unused_calls(self) -> dict[int, tuple[Unused, ...]]:
        """The calls whose result goes nowhere, by line: of nothing but helpers that yield it is a mistake."""
        if self._unused is None:
            self._unused = unused_calls(self.text) if self.text.count("def ") > 2 else {}
        return self._unused

    def _codes(self) -> Iterable[CodeType]:
        return (self._compiled(),)

    def _compiled(self) -> CodeType:
        if self._error is not None:
            raise self._error
        if self._code is None:
            import warnings

            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    self._code = compile(self.text, self.file, "exec", dont_inherit=True)
                    self._plain = is_plain(self.text)
                    self._direct = self._plain and is_direct(self.text)
                    tree: Any = compile(self.text, self.file, "exec", PyCF_ONLY_AST, dont_inherit=True)
                    if self._plain and forget_counters(tree):
                        self._code = compile(tree, self.file, "exec", dont_inherit=True)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                from wbviz.policy.faults.syntax import unparsable

                self._error = unparsable(self, error)
                raise self._error from None
            self.fold_sets = self._plain or not removes(self._code)
        return self._code


def shown(line: str) -> str:
    """A line as a message quotes it: not all of a long one, and nothing that a terminal would obey."""
    return printable(line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]} ...")


def names_in(code: CodeType) -> Iterator[str]:
    """Attributes, globals and strings of code, and of the code within it."""
    yield from code.co_names
    for const in code.co_consts:
        if isinstance(const, str):
            yield const
        elif isinstance(const, CodeType):
            yield from names_in(const)


def _loops_in_a_line(code: CodeType) -> bool:
    from opcode import opname

    line_at = {}
    for start, end, line in code.co_lines():
        for offset in range(start, end, 2):
            line_at[offset] = line
    extended = 0
    raw = code.co_code
    for offset in range(0, len(raw), 2):
        arg = raw[offset + 1] | extended
        name = opname[raw[offset]]
        extended = arg << 8 if name == "EXTENDED_ARG" else 0
        if "JUMP_BACKWARD" in name and line_at.get(offset + 2 - 2 * arg) == line_at.get(offset):
            return True
    return False
