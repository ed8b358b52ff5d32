"""A question of a page in, an answer out, both as JSON. Whatever goes wrong is an answer: {"error": words};
with "fault": true where it is a mistake of wbviz.

Each kind of question imports what it needs when it is first asked: a first verdict does not wait for the grader.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from typing import Any

from wbviz.errors import UsageError, WbvizError
from wbviz.page.asked import Asked, Json, Report

KINDS = {
    "scenarios": "checks",
    "check": "checks",
    "game": "checks",
    "grade": "grades",
    "certify": "grades",
    "run": "others",
    "kernel": "others",
}
"""What may be asked, and which module of this package answers."""


def answer(request: str, report: Report) -> str:
    """The answer to a question {"ask": one of `KINDS`, ...}; what else it takes and gives is said where it is answered.

    report: called now and then with how far it has come. Raises nothing.
    """
    try:
        said = _answer(request, report)
    except WbvizError as error:
        said = {"error": str(error)}
    except MemoryError as error:
        said = {"error": str(error) or "The page's Python has no memory left for this: make the sizes smaller."}
    except RecursionError:
        said = {"error": "This nests too deeply for the page's Python."}
    except KeyboardInterrupt:
        said = {"error": "stopped"}
    except Exception as error:
        told = f"{type(error).__name__}: {error}"[:300]
        said = {"error": f"A mistake of wbviz, please report it, with what you had asked: {told}", "fault": True}
    return json.dumps(said, separators=(",", ":"))


def _answer(request: str, report: Report) -> Any:
    try:
        data = json.loads(request)
    except (ValueError, RecursionError, TypeError) as error:
        raise UsageError("the page asked in no JSON", came=str(error)[:80]) from None
    kind = data.get("ask") if isinstance(data, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        raise UsageError(
            "the page asked for what there is not", came=repr(kind)[:80], expected="one of: " + ", ".join(KINDS)
        )
    does: Callable[[Asked, Report], Json | list[Json]] = getattr(import_module(f"wbviz.page.{KINDS[kind]}"), kind)
    return does(Asked(data), report)
