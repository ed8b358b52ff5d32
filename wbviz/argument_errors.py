"""A public function called with too few arguments, too many, a wrong name or a value of another type: what came, and a
call that is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Any

from wbviz.errors import UsageError

_PLAIN: dict[str, tuple[type, str]] = {
    "str": (str, "text, in quotation marks"),
    "int": (int, "a whole number"),
    "bool": (bool, "True or False"),
    "None": (type(None), "None"),
    "Mapping[str, Any]": (Mapping, "a description, as a dictionary"),
}
"""Annotations whose values are looked at here. What is of any other type, a policy or a question, its reader judges."""


def guarded(function: Callable[..., Any], name: str, right: str) -> Callable[..., Any]:
    """The same function, which raises `UsageError` where Python's own TypeError would only count the arguments.

    name: as the caller wrote it, "wbviz.locks". right: a call that works.
    """

    @wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        shape = signature(function)
        try:
            bound = shape.bind(*args, **kwargs)
        except TypeError as error:
            raise UsageError(
                f"{name}: {error}",
                came=f"{name}({', '.join([*map(_short, args), *(f'{key}={_short(kwargs[key])}' for key in kwargs)])})",
                expected=f"{name}{bare(shape)}",
                fix=right,
            ) from None
        for key, value in bound.arguments.items():
            kinds = str(shape.parameters[key].annotation).split(" | ")
            if shape.parameters[key].kind is not Parameter.VAR_KEYWORD and not _fits(value, kinds):
                raise UsageError(
                    f"{name}: {key} cannot be of the type {type(value).__name__}",
                    came=f"{key}={_short(value)}",
                    expected=" or ".join(_PLAIN[kind][1] for kind in kinds),
                    fix=right,
                )
        return function(*args, **kwargs)

    return called


def _fits(value: Any, kinds: list[str]) -> bool:
    """Whether a value is of one of these types; True where one of them is not plain. A bool is no number here."""
    if not _PLAIN.keys() >= {*kinds}:
        return True
    return any(isinstance(value, _PLAIN[kind][0]) and isinstance(value, bool) == (kind == "bool") for kind in kinds)


def _short(value: Any) -> str:
    """A value as it may have been written; of what has no short form, its type."""
    plain = value is None or isinstance(value, str | int | float)
    text = repr(value) if plain else f"<{type(value).__name__}>"
    return text if len(text) <= 40 else f"{text[:36]}...{text[-1]}"


def bare(shape: Signature) -> Signature:
    """A signature without its types."""
    parameters = [one.replace(annotation=Parameter.empty) for one in shape.parameters.values()]
    return shape.replace(parameters=parameters, return_annotation=Signature.empty)
