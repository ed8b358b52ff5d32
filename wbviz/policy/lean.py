"""Going through turns that are known, as cheaply as may be: nobody looks at what comes, so it is not made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from wbviz.policy.arguments import SIGNATURES
from wbviz.policy.views import Mm


def _nothing(*args: Any, **keywords: Any) -> None:
    """An operation that nobody looks at."""


class LeanMm(Mm):
    """`mm`, whose operations are nothing; what else it has is as ever."""

    __slots__ = ()
    locals().update(dict.fromkeys(SIGNATURES, _nothing))


@contextmanager
def lean(mm: Mm) -> Iterator[None]:
    """An `mm` is such a one as long as this lasts."""
    object.__setattr__(mm, "__class__", LeanMm)
    try:
        yield
    finally:
        object.__setattr__(mm, "__class__", Mm)
