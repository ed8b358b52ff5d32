"""Starts a command and writes into a file: its seconds, its status, its peak of memory in the system's unit,
its seconds of processor time.

    python -I -S launch.py FILE COMMAND…

A process of its own, with next to nothing in it: Linux counts the memory of whoever starts a process as the process's.
"""

import os
import sys
import time

report, *command = sys.argv[1:]
began = time.perf_counter()
child = os.posix_spawnp(command[0], command, os.environ)
_, status, usage = os.wait4(child, 0)
seconds = time.perf_counter() - began
with open(report, "w", encoding="ascii") as file:
    file.write(f"{seconds} {os.waitstatus_to_exitcode(status)} {usage.ru_maxrss} {usage.ru_utime + usage.ru_stime}")
