"""python -m wbviz

Nearly all that a command makes stays to its end, so looking for cycles in it finds nothing: Python is told to look less
often, and at the end, when the system takes everything, not at all. In a small check that is an eighth of the time.
"""

import gc
import sys

if __name__ == "__main__":
    gc.set_threshold(200_000)  # objects; before the import, which makes some 13,000
    from wbviz.cli import main

    status = main()
    gc.freeze()
    sys.exit(status)
