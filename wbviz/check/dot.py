"""Graphs in DOT, the language of Graphviz."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Attributes = dict[str, str | int]


def digraph(
    name: str,
    nodes: Iterable[tuple[str, Mapping[str, str | int]]],
    edges: Iterable[tuple[str, str, Mapping[str, str | int]]],
) -> str:
    """A directed graph. Names and values may be any text; a line break in a label is one in the drawing."""
    lines = [f"digraph {quoted(name)} {{"]
    lines += [f"  {quoted(node)}{_attributes(look)};" for node, look in nodes]
    lines += [f"  {quoted(source)} -> {quoted(target)}{_attributes(look)};" for source, target, look in edges]
    return "\n".join([*lines, "}"]) + "\n"


def _attributes(look: Mapping[str, str | int]) -> str:
    words = [f"{key}={quoted(str(value))}" for key, value in look.items()]
    return f" [{', '.join(words)}]" if words else ""


def quoted(text: str) -> str:
    """Text as a quoted DOT identifier."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
