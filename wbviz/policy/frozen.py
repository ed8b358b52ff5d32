"""What all runs of a policy share is as it was after each turn: the modules that it may import, and the API's classes.

Globals are fresh for each call (`globals_kept`), and these are not: making them anew would cost more than the call. So
whatever a turn sets on a module, a class or a function of theirs is found when the turn ends, and taken back. This is
looked at only where the text can set an attribute at all (`sets_attributes`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from types import CodeType, FunctionType
from typing import Any

from wbviz.policy import views
from wbviz.policy.guard import PURE_MODULES

_SETTING = frozenset({
    "__delattr__", "__dict__", "__setattr__", "delattr", "getattr", "globals", "setattr", "vars", "__builtins__",
    "update_wrapper", "wraps", "register", "total_ordering", "dataclass", "methodcaller", "attrgetter",
})  # fmt: skip
"""Names by which an attribute is set, or may be, without an assignment that shows it."""
_IMMUTABLE = 1 << 8  # Py_TPFLAGS_IMMUTABLETYPE


def sets_attributes(code: CodeType) -> bool:
    """Whether code, or code within it, may set an attribute of anything."""
    from opcode import opmap

    setting = {opmap["STORE_ATTR"], opmap["DELETE_ATTR"]}
    if not setting.isdisjoint(code.co_code[::2]) or not _SETTING.isdisjoint((*code.co_names, *code.co_consts)):
        return True
    return any(sets_attributes(const) for const in code.co_consts if isinstance(const, CodeType))


class Frozen:
    """The attributes of some things, as they are now; of everything shared, if none are given."""

    def __init__(self, owners: Sequence[Any] | None = None) -> None:
        self._before = [(owner, dict(vars(owner))) for owner in (shared() if owners is None else owners)]

    def thaw(self) -> str | None:
        """The name of the first attribute that is not as it was, None if all are. All are then as they were."""
        changed = [(owner, before) for owner, before in self._before if vars(owner) != before]
        names = [name for owner, before in changed for name in _take_back(owner, before)]
        return names[0] if names else None


_SHARED: list[Any] = []


def shared() -> list[Any]:
    """The modules, their own classes and functions, and the classes of what a policy is handed."""
    if not _SHARED:
        found = {id(it): it for it in _owners()}
        _SHARED.extend(found.values())
    return _SHARED


def _owners() -> Iterator[Any]:
    yield from (views.View, views.Mm, views.Maker, views.Operation, *views.VIEWS.values())
    for name in sorted(PURE_MODULES):
        try:
            module = sys.modules.get(name) or import_module(name)
        except (ImportError, OSError):  # a child whose policy imports nothing has not loaded it, and never will
            continue
        yield module
        for named, thing in list(vars(module).items()):
            own = isinstance(thing, FunctionType) or (isinstance(thing, type) and not thing.__flags__ & _IMMUTABLE)
            if own and not named.startswith("_"):
                yield thing


def _take_back(owner: Any, before: dict[str, Any]) -> list[str]:
    """Make the attributes what they were; the names of those that were not, with their owner's."""
    now = dict(vars(owner))
    names = [name for name in (*now, *before) if now.get(name, owner) is not before.get(name, owner)]
    for name in dict.fromkeys(names):
        kind: Any = type if isinstance(owner, type) else object  # not what a policy may have put in their place
        if name in before:
            kind.__setattr__(owner, name, before[name])
        else:
            kind.__delattr__(owner, name)
    return [f"{owner.__name__}.{name}" for name in dict.fromkeys(names)]
