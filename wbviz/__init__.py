"""An interactive textbook on Linux reclaim, flusher threads and lock ordering, and the checker behind it.

In a notebook:

    import wbviz
    wbviz.check(policy, "abba")     # the verdict and, if there is one, the counterexample in the player
    wbviz.certify(policy)           # safe at every size, or the lines and the rules where that fails
    wbviz.locks(policy, "abba")     # in which orders page locks are taken, as a graph
    wbviz.play(trace)               # any trace in the player
    wbviz.lab("reclaim")            # a simulated machine with controls
    wbviz.grade("02", policy)       # an exercise's points by property, and what to learn from them

Importing ``wbviz`` imports nothing else: what a name needs is imported when the name is first used.
``wbviz.certify``, ``wbviz.check`` and ``wbviz.grade`` are packages as well: these are made callable (below).
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

from wbviz._version import __version__, too_old

TYPE_CHECKING = False  # not from typing, which takes long to import: Ctrl-C is answered only once this file is read
if TYPE_CHECKING:
    from typing import Any

# name -> where it lives, and a call that works. A name that is a subpackage as well becomes that
# package, callable.
_EXPORTS: dict[str, tuple[str, str, str]] = {
    "certify": ("wbviz.viz.cells.certified", "certify", "wbviz.certify((enqueue, execute))"),
    "check": ("wbviz.viz.cells.notebook", "check", 'wbviz.check((enqueue, execute), "abba")'),
    "game": ("wbviz.viz.stage.game", "game", 'wbviz.game("abba")'),
    "grade": ("wbviz.notebook_grading", "grade", 'wbviz.grade("02", (enqueue, execute))'),
    "lab": ("wbviz.viz.labs.widget", "lab", 'wbviz.lab("reclaim")'),
    "locks": ("wbviz.viz.cells.locks", "locks", 'wbviz.locks((enqueue, execute), "abba")'),
    "play": ("wbviz.viz.cells.notebook", "play", 'wbviz.play(wbviz.check("writearound", "abba").trace)'),
    "progress": ("wbviz.viz.cells.progress", "progress", "wbviz.progress()"),
    "quiz": (
        "wbviz.viz.question",
        "quiz",
        'wbviz.quiz("my-1", "Who waits?", [{"text": "flusher", "right": True, "feedback": "It wants A0."}])',
    ),
    "replay": (
        "wbviz.viz.cells.notebook",
        "replay",
        'wbviz.replay("wb1 abba writearound : kswapd*3 writer flusher*3")',
    ),
}
_PACKAGES = frozenset({"certify", "check", "grade"})

__all__ = ["__version__", *sorted(_EXPORTS)]  # noqa: PLE0604


def exported(name: str) -> Any:
    """The function of that name, also where a subpackage has the same name."""
    module, attribute, right = _EXPORTS[name]
    if too_old():
        raise ImportError(too_old())
    try:
        function = getattr(import_module(module), attribute)
    except ModuleNotFoundError as error:
        missing = import_module("wbviz.errors").missing_package(error)
        raise missing or error from None
    return import_module("wbviz.argument_errors").guarded(function, f"wbviz.{name}", right)


class _CallablePackage(ModuleType):
    """A subpackage that can be called as the function of the same name."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return exported(self.__name__.rpartition(".")[2])(*args, **kwargs)


class _Lazy(ModuleType):
    """This package: looks names up on first use, and makes the subpackages of ``_PACKAGES`` callable."""

    def __getattr__(self, name: str) -> Any:
        if name in _PACKAGES:
            return import_module(f"{__name__}.{name}")
        if name in _EXPORTS:
            return exported(name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        # The import system sets a subpackage as an attribute of its parent, whoever imported it first:
        # the one place that sees ``import wbviz.check`` as well as ``wbviz.check(...)``.
        if name in _PACKAGES and type(value) is ModuleType:
            value.__class__ = _CallablePackage
        super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *_EXPORTS})


sys.modules[__name__].__class__ = _Lazy
