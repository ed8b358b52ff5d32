"""Which labs there are, and what may be set in them."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType

from wbviz.errors import UsageError
from wbviz.viz.labs import flusher, reclaim

LABS: dict[str, ModuleType] = {"reclaim": reclaim, "flusher": flusher}


def find_lab(name: str, settings: Iterable[str] = ()) -> ModuleType:
    """The lab of that name. Raises UsageError where there is none, or where it has none of these settings."""
    if name not in LABS:
        raise UsageError(
            "there is no such lab",
            came=repr(name),
            expected=" or ".join(repr(known) for known in LABS),
            fix=f'wbviz.lab("{next(iter(LABS))}")',
        )
    given, known = list(settings), LABS[name].SETTINGS._fields
    if unknown := [key for key in given if key not in known]:
        raise UsageError(
            f"the {name} lab has no setting {unknown[0]}",
            came=", ".join(given),
            expected="some of " + ", ".join(known),
            fix=f'wbviz.lab("{name}", {known[0]}={getattr(LABS[name].SETTINGS(), known[0])!r})',
        )
    return LABS[name]
