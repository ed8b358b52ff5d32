"""Settings of a lab's machine that can be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from wbviz.errors import UsageError

S = TypeVar("S", bound=NamedTuple)


def within(lab: str, settings: S, ranges: Mapping[str, tuple[int, int]], choices: Mapping[str, Iterable[str]]) -> S:
    """The same settings, or UsageError for a machine that cannot be.

    ranges: for each setting that is a whole number its least and its most; a time, `seconds`, only has to be above 0
    and not above its most. choices: for each setting that is a name, the names there are.
    """
    fallback: Any = type(settings)
    for name, (least, most) in ranges.items():
        value = getattr(settings, name)
        fits = 0 < value <= most if name == "seconds" else isinstance(value, int) and least <= value <= most
        if not fits:
            expected = f"more than 0, at most {most}" if name == "seconds" else f"a whole number from {least} to {most}"
            raise _bad(lab, name, value, expected, fallback)
    for name, known in choices.items():
        value = getattr(settings, name)
        if value not in list(known):
            raise _bad(lab, name, value, " or ".join(map(repr, known)), fallback)
    return settings


def _bad(lab: str, name: str, value: object, expected: str, fallback: Any) -> UsageError:
    setting = f"{name}={getattr(fallback(), name)!r}"
    return UsageError(
        f"the {lab} lab cannot have this {name}",
        came=f"{name}={value!r}",
        expected=expected,
        fix=f'wbviz.lab("{lab}", {setting})\nSettings({setting})        # for the simulator itself',
    )
