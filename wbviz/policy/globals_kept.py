"""The globals of a policy's module, which are fresh for each call and must be afterwards what they were before."""

from __future__ import annotations

from typing import Any

from wbviz.policy.fingerprint import Canon, Key


class Globals:
    """Module globals as they were after the import: what they refer to, to be compared and to be known by."""

    def __init__(self, namespace: dict[str, Any], modules: frozenset[str]) -> None:
        self._namespace = namespace
        self._modules = modules
        self._keys, canon = self._look()
        self._kept = canon.seen()
        self.known: dict[int, Key] = {id(it): ("global", number) for number, it in enumerate(self._kept)}
        self.opaque = canon.opaque

    def changed(self) -> tuple[str, str] | None:
        """The name of a global that is new, gone, bound anew, or refers to something that changed.

        And which part of it, where it is a function: closure, default or attribute; else "".
        """
        keys, _ = self._look()
        for name in () if keys == self._keys else (*self._keys, *keys):
            before, now = self._keys.get(name, self), keys.get(name, self)
            if before != now:
                return name, _part_of_function(before, now)
        return None

    def _look(self) -> tuple[dict[str, Key], Canon]:
        canon = Canon(own=self._modules)
        keys = {name: canon.key(it) for name, it in self._namespace.items() if name != "__builtins__"}
        return keys, canon


def _part_of_function(before: Any, now: Any) -> str:
    """Which part of a function is not what it was: closure, default or attribute; "" if that is not what changed."""
    if not (isinstance(before, tuple) and isinstance(now, tuple) and before[:1] == now[:1] == ("function",)):
        return ""
    parts = ("code", "closure", "default", "default", "attribute")
    return next((part for part, a, b in zip(parts, before[1:], now[1:], strict=False) if a != b), "")
