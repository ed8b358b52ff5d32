"""python -m wbviz"""

import sys

from wbviz.cli import main

if __name__ == "__main__":
    sys.exit(main())
