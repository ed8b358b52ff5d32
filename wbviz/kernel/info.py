"""What a work holds, as one object for equal contents. Apart, since it is no class that mypyc compiles."""

from __future__ import annotations

from functools import lru_cache

from wbviz.kernel.state import Value


class Info(tuple[tuple[str, Value], ...]):
    """What a work holds, by name. Its hash is made once: every state in which it stands would make it anew."""

    _hash: int

    def __new__(cls, pairs: tuple[tuple[str, Value], ...]) -> Info:
        """The same pairs."""
        info = super().__new__(cls, pairs)
        info._hash = tuple.__hash__(info)
        return info

    def __hash__(self) -> int:
        return self._hash


@lru_cache(maxsize=1024)
def info_of(pairs: tuple[tuple[str, Value], ...]) -> tuple[tuple[str, Value], ...]:
    """The same pairs as info: equal ones are one object, so that two states are compared without looking into them."""
    return Info(pairs) if pairs else ()
