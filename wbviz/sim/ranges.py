"""Settings of a lab's machine that can be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from wbviz.errors import UsageError

S = TypeVar("S", bound=NamedTuple)


def within(lab: str, settings: S, ranges: Mapping[str, tuple[int, int]], choices: Mapping[str, Iterable[str]]) -> S:
    """The same settings, or UsageError for a machine that cannot be.

    ranges: for each setting that is a whole number its least and its most; a time, `seconds`, only has to be above 0
    and not above its most. choices: for each setting that is a name, the names there are. What is left is a switch.
    """
    fallback: Any = type(settings)
    for name, (least, most) in ranges.items():
        value = getattr(settings, name)
        if name == "seconds":
            fits, expected = isinstance(value, int | float) and 0 < value <= most, f"more than 0, at most {most}"
        else:
            fits, expected = isinstance(value, int) and least <= value <= most, f"a whole number from {least} to {most}"
        if not fits or isinstance(value, bool):
            raise _bad(lab, name, value, expected, fallback)
    for name, known in choices.items():
        value = getattr(settings, name)
        if value not in list(known):
            raise _bad(lab, name, value, " or ".join(map(repr, known)), fallback)
    for name in settings._fields:
        value = getattr(settings, name)
        if name not in ranges and name not in choices and not isinstance(value, bool):
            raise _bad(lab, name, value, "True or False", fallback)
    return settings


def _bad(lab: str, name: str, value: object, expected: str, fallback: Any) -> UsageError:
    setting = f"{name}={getattr(fallback(), name)!r}"
    return UsageError(
        f"the {lab} lab cannot have this {name}",
        came=f"{name}={value!r}",
        expected=expected,
        fix=f'wbviz.lab("{lab}", {setting})\nSettings({setting})        # for the simulator itself',
    )
