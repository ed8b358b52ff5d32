"""How the tests share a machine: which of them stay together when several processes run them."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

HERE = Path(__file__).parent

if threading.current_thread() is threading.main_thread():
    # A shell that starts a job in the background has it ignore Ctrl-C, and all that the job starts would as well.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def together(nodeid: str) -> str:
    """The tests that stay in one process: a file's, for what it made once; and all that open the book, built once."""
    file = nodeid.partition("::")[0]
    return "tests/browser" if file.startswith("tests/browser/") else file


class _Together(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _Together:
    """Hands out the tests. (Marks of groups would do, but pytest 9.2 does not let xdist 3.8 see them.)"""
    return _Together(config, log)
