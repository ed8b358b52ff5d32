"""Mutants of a policy: one operation dropped, done twice, or swapped with the statement that follows it."""

import ast
from collections.abc import Iterator
from typing import NamedTuple


class Mutant(NamedTuple):
    """What was done to which line, and the text that came of it."""

    what: str
    text: str


def mutants(text: str) -> Iterator[Mutant]:
    """Every mutant of a policy, in the order of its lines."""
    for number, (_, place) in enumerate(_operations(ast.parse(text))):
        for what in ("drop", "duplicate", "swap"):
            tree = ast.parse(text)
            body, place = list(_operations(tree))[number]
            line = ast.unparse(body[place])
            if what == "drop":
                body[place] = ast.Pass()
            elif what == "duplicate":
                body.insert(place, body[place])
            elif place + 1 < len(body):
                body[place], body[place + 1] = body[place + 1], body[place]
            else:
                continue
            yield Mutant(f"{what} {line}", ast.unparse(tree))


def _operations(tree: ast.AST) -> Iterator[tuple[list[ast.stmt], int]]:
    """Where statements stand that do an operation: the block, and the place in it."""
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if not isinstance(block, list):
                continue
            for place, statement in enumerate(block):
                simple = isinstance(statement, ast.Expr | ast.Assign | ast.Return)
                if simple and any(isinstance(part, ast.Yield | ast.YieldFrom) for part in ast.walk(statement)):
                    yield block, place
