"""Ctrl-C reaches the tests, and what they start, in a job of the background as well."""

from __future__ import annotations

import signal
import threading

if threading.current_thread() is threading.main_thread():
    # A shell that starts a job in the background has it ignore Ctrl-C, and all that the job starts would as well.
    signal.signal(signal.SIGINT, signal.default_int_handler)
