"""Ctrl-C reaches the tests, and what they start, in a job of the background as well; and no test has a deadline."""

from __future__ import annotations

import signal
import threading

from hypothesis import settings

if threading.current_thread() is threading.main_thread():
    # A shell that starts a job in the background has it ignore Ctrl-C, and all that the job starts would as well.
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says more about the machine, and what else it does, than about the code.
settings.register_profile("without deadline")
settings.load_profile("without deadline")
