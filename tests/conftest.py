"""Ctrl-C reaches the tests, and what they start, in a job of the background as well; no test has a deadline.

What takes longest begins first: begun at the end, a file of some minutes would leave all processors but one idle.
"""

from __future__ import annotations

import signal
import threading

import pytest
from hypothesis import settings

from tests.drawn import SEED, WHOLE

if threading.current_thread() is threading.main_thread():
    # A shell that starts a job in the background has it ignore Ctrl-C, and all that the job starts would as well.
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says more about the machine, and what else it does, than about the code.
settings.register_profile("without deadline", deadline=None)
settings.load_profile("without deadline")

LONGEST = (
    "tests/browser/test_site.py",  # it builds the book, for which the other tests in a browser would only wait
    "tests/differential/test_compiled.py",
    "tests/browser/test_jupyter.py",
    "tests/hostile/test_hostile.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; all else in its order."""
    place = {file: number for number, file in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(place)))


def pytest_report_header() -> str:
    """What has to be said to run the same again."""
    part = "the whole of every table" if WHOLE else "a part of some tables, drawn by the seed; all: WBVIZ_WHOLE=1"
    return f"WBVIZ_HUNT_SEED={SEED}, {part}"
