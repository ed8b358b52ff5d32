"""A public function called with too few arguments, too many, or a wrong name: what came, and a call that is right."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Any

from wbviz.errors import UsageError


def guarded(function: Callable[..., Any], name: str, right: str) -> Callable[..., Any]:
    """The same function, which raises `UsageError` where Python's own TypeError would only count the arguments.

    name: as the caller wrote it, "wbviz.locks". right: a call that works.
    """

    @wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        shape = signature(function)
        try:
            shape.bind(*args, **kwargs)
        except TypeError as error:
            raise UsageError(
                f"{name}: {error}",
                came=f"{name}({', '.join([*map(_short, args), *(f'{key}={_short(kwargs[key])}' for key in kwargs)])})",
                expected=f"{name}{bare(shape)}",
                fix=right,
            ) from None
        return function(*args, **kwargs)

    return called


def _short(value: Any) -> str:
    """A value as it may have been written; of what has no short form, its type."""
    plain = value is None or isinstance(value, str | int | float)
    text = repr(value) if plain else f"<{type(value).__name__}>"
    return text if len(text) <= 40 else f"{text[:36]}...{text[-1]}"


def bare(shape: Signature) -> Signature:
    """A signature without its types."""
    parameters = [one.replace(annotation=Parameter.empty) for one in shape.parameters.values()]
    return shape.replace(parameters=parameters, return_annotation=Signature.empty)
