"""How the tests share a machine: which of them stay together when several processes run them."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import pytest

HERE = Path(__file__).parent

if threading.current_thread() is threading.main_thread():
    # A shell that starts a job in the background has it ignore Ctrl-C, and all that the job starts would as well.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file stays in one process, for what it made once; so do all tests that open the book, which is built once."""
    for item in items:
        place = item.path.relative_to(HERE)
        item.add_marker(pytest.mark.xdist_group("book" if place.parts[0] == "browser" else place.as_posix()))
