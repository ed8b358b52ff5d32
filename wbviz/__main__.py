"""python -m wbviz"""

import gc
import sys

from wbviz.cli import main

if __name__ == "__main__":
    status = main()
    gc.freeze()  # the system takes all that is left: at the end Python would go through it twice, to look for cycles
    sys.exit(status)
