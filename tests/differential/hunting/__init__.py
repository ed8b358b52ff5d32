"""A generator that is out to break the reductions: `python -m tests.differential.hunt --help`."""
