"""The reduced exploration: of steps that nobody can tell apart in their order it tries one order."""

PERSISTENT, SYMMETRY = "persistent", "symmetry"
REDUCTIONS = (PERSISTENT, SYMMETRY)
"""All there are: see `book/design/reductions.md`."""
