"""A policy's text cut into pieces that are coloured alike, as the book's listings are. Standard library only."""

from __future__ import annotations

import io
import keyword
import tokenize

Piece = tuple[str, int]
"""What it is ("k" keyword, "s" text in quotes, "c" comment, "n" number, "f" the name of a function that is defined, ""
all else), and how many characters it takes."""


def coloured(source: str) -> list[list[Piece]]:
    """For each line its pieces, which together are the line. What is no Python is one piece a line."""
    lines = source.splitlines()
    kinds = [[""] * len(line) for line in lines]
    try:
        _colour(source, kinds)
    except (tokenize.TokenError, SyntaxError, ValueError):  # ValueError: half a character, from Python 3.12 on
        kinds = [[""] * len(line) for line in lines]
    return [_pieces(line) for line in kinds]


def _colour(source: str, kinds: list[list[str]]) -> None:
    before = ""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        kind = _kind(token, before)
        before = token.string
        if not kind:
            continue
        (row, column), (last, end) = token.start, token.end
        for number in range(row - 1, min(last, len(kinds))):
            line = kinds[number]
            start, stop = column if number == row - 1 else 0, end if number == last - 1 else len(line)
            line[start:stop] = [kind] * len(line[start:stop])


def _kind(token: tokenize.TokenInfo, before: str) -> str:
    if token.type == tokenize.COMMENT:
        return "c"
    if token.type == tokenize.STRING or tokenize.tok_name[token.type].startswith("FSTRING"):
        return "s"
    if token.type == tokenize.NUMBER:
        return "n"
    if token.type == tokenize.NAME and keyword.iskeyword(token.string):
        return "k"
    return "f" if token.type == tokenize.NAME and before in ("def", "class") else ""


def _pieces(kinds: list[str]) -> list[Piece]:
    found: list[Piece] = []
    for kind in kinds:
        if found and found[-1][0] == kind:
            found[-1] = (kind, found[-1][1] + 1)
        else:
            found.append((kind, 1))
    return found
