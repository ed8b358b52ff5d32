"""The operations a policy may ask for, and their arguments: what a student passed, as values of the wire."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from wbviz.kernel.api import API
from wbviz.policy.position import Position
from wbviz.policy.protocol import Value
from wbviz.policy.views import View, to_value

SIGNATURES: dict[str, tuple[str, ...]] = {name: api.arguments for name, api in API.items()}
"""Every operation with its positional parameters."""

TAKES_INFO = frozenset(name for name, api in API.items() if api.takes_info)
FIXED_KEYS = frozenset({"id", "kind"})
"""What a work has of itself and keeps: not to be given as info. `extend_work` may give it another page or inode."""

ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "page": ("index", "mapping", "dirty", "writeback", "locked"),
    "inode": ("name", "nr_pages", "linked"),
    "work": ("id", "kind", "page", "inode"),
}
"""What can be read of each kind of view; of a work its info besides."""


class BadArgument(Exception):
    """An operation was called in a way it cannot be.

    `why` is missing, surplus, keyword, twice, misspelt, type, key or info.
    """

    def __init__(self, why: str, parameter: str, value: object = None) -> None:
        super().__init__(why)
        self.why = why
        self.parameter = parameter
        self.value = value


def bind(
    name: str, args: tuple[Any, ...], keywords: dict[str, Any], reads: Collection[str] = ()
) -> tuple[tuple[Value, ...], Any]:
    """Positional values and sorted info of a call of the operation `name`. Raises BadArgument.

    `reads` are the names that the policy may read of anything: info under one of them is meant as it is written.
    """
    parameters = SIGNATURES[name]
    if len(args) > len(parameters):
        raise BadArgument("surplus", "", args[len(parameters)])
    given = dict(zip(parameters, args, strict=False))
    info = {}
    for key, value in keywords.items():
        if key in parameters and key not in given:
            given[key] = value
        elif key in parameters:
            raise BadArgument("twice", key, value)
        elif name not in TAKES_INFO:
            raise BadArgument("keyword", key, value)
        elif key in FIXED_KEYS:
            raise BadArgument("key", key, value)
        elif key not in reads and _misspelt(key, value, given, keywords):
            raise BadArgument("misspelt", key, value)
        else:
            info[key] = value
    wire = tuple([_argument(name, parameter, given) for parameter in parameters])
    return wire, tuple([(key, _info(key, info[key])) for key in sorted(info)])


def _misspelt(key: str, value: Any, given: dict[str, Any], keywords: dict[str, Any]) -> bool:
    """Whether this is the page of a work that has none otherwise, or its inode, under a name that is nearly right."""
    kind = getattr(type(value), "_kind", "")
    if kind not in ("page", "inode") or not {"page", "inode", "work"}.isdisjoint({*given, *keywords}):
        return False
    from wbviz.policy.words import distance

    return distance(key, kind) <= 2


def _argument(name: str, parameter: str, given: dict[str, Any]) -> Value:
    if parameter not in given:
        if API[name].optional:
            return None
        raise BadArgument("missing", parameter)
    value = given[parameter]
    if parameter == "index":
        if isinstance(value, int) and not isinstance(value, bool):
            return ("int", int(value))
        if isinstance(value, Position):
            return ("position", *value.form)
    elif isinstance(value, View) and value._kind == parameter:
        return (parameter, value._number)
    elif value is None and API[name].optional:
        return None
    raise BadArgument("type", parameter, value)


def _info(key: str, value: Any) -> Value:
    try:
        wire = to_value(value)
    except TypeError as error:
        raise BadArgument("info", key, error.args[0]) from None
    if key in ("page", "inode"):
        if type(wire) is tuple and wire[0] == key:
            return wire
        raise BadArgument("type", key, value)
    if holds_work(wire):
        raise BadArgument("info", key, value)
    return wire


def holds_work(wire: Value) -> bool:
    """Whether a value of the wire is a work, or a tuple with one in it."""
    if type(wire) is not tuple:
        return False
    return wire[0] == "work" or (wire[0] == "tuple" and any(holds_work(item) for item in wire[1:]))
