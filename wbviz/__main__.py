"""python -m wbviz

Nearly all that a command makes stays to its end, so looking for cycles in it finds nothing: Python is told to look less
often, and at the end, when the system takes everything, not at all. In a small check that is an eighth of the time.

Ctrl-C may come before the command line is there to answer it, and after it has answered. This file and what it imports
first can be read by older versions of Python, so that they say what is wrong.
"""

import gc
import sys

from wbviz._version import too_old

if __name__ == "__main__":
    try:
        if too_old():
            sys.stderr.write(too_old() + "\n")
            sys.exit(3)
        gc.set_threshold(200_000)  # objects; before the import, which makes some 13,000
        from wbviz.cli import main

        status = main()
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        status = 2
    from signal import SIG_DFL, SIGINT, signal

    signal(SIGINT, SIG_DFL)  # nothing is left that could answer it
    gc.freeze()
    sys.exit(status)
