"""The reduced exploration: of steps that nobody can tell apart in their order it tries one order."""

PERSISTENT, SYMMETRY, UNORDERED = "persistent", "symmetry", "unordered"
REDUCTIONS = (PERSISTENT, SYMMETRY, UNORDERED)
"""All there are: see `book/design/reductions.md`."""
