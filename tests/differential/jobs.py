"""What is checked again elsewhere, in a browser's Python and compiled: every verdict that the scenarios promise."""

from wbviz.scenarios.catalogue import SCENARIOS

SMALLER = {"storm": {"pages": 1}, "random-order": {"pages": 2}}
"""Where the default takes seconds."""
JOBS = [
    (policy, recipe.name, SMALLER.get(recipe.name, {}))
    for recipe in SCENARIOS.values()
    for policy, _ in recipe.expected
]
"""A policy, a scenario, and its sizes."""
