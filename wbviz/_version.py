"""The version, and the Pythons it is for, in a file of its own so that reading it imports nothing."""

import sys

__version__ = "0.2.0"


def too_old():
    # type: () -> str
    """What to say to a Python that cannot read the rest; "" to one that can."""
    if tuple(sys.version_info) >= (3, 11):
        return ""
    version = ".".join(map(str, sys.version_info[:2]))
    return (
        f"wbviz needs Python 3.11, 3.12 or 3.13, and this is {version}: {sys.executable}\n  try:\n"
        "      python3.11 -m venv .venv\n      .venv/bin/python -m pip install -r requirements.txt"
    )
