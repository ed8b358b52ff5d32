"""A chapter's text as JupyterLab can show it: what only the book's builder understands, written out in plain Markdown.

A citation becomes its label, which the bibliography explains; a dropdown becomes HTML that folds; an admonition a
quotation; a link to another chapter a link to its notebook.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from wbviz.site.labels import label

_BLOCK = re.compile(
    r"^(?P<fence>[`:]{3,})\{(?P<name>[\w-]+)\}[ ]*(?P<title>[^\n]*)\n(?P<body>.*?)^(?P=fence)$\n?", re.M | re.S
)
_OPTIONS = re.compile(r"\A(?::[\w-]+:[^\n]*\n)+\n?")
_CITATION = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")
_ROLE = re.compile(r"\{(?:term|doc|ref)\}`(?:([^`<]+?)\s*<[^`]*>|([^`]+))`")
_LINK = re.compile(r"\]\(((?:exercises/)?[\w-]+)\.md(#[\w-]+)?\)")


def plain(text: str, notebooks: Collection[str]) -> str:
    """Markdown without directives and roles. notebooks: names of the chapters that are notebooks."""
    text = _BLOCK.sub(_block, text)
    text = _CITATION.sub(lambda found: "[" + ", ".join(map(label, found[1].replace(" ", "").split(","))) + "]", text)
    text = _ROLE.sub(lambda found: found[1] or found[2], text)
    return _LINK.sub(lambda found: _link(found, notebooks), text)


def _link(found: re.Match[str], notebooks: Collection[str]) -> str:
    name, place = found[1], found[2] or ""
    beside = name in notebooks or name.startswith("exercises/")  # the tasks are notebooks too
    return f"]({name}.ipynb{place})" if beside else f"](../../book/{name}.md{place})"


def _block(found: re.Match[str]) -> str:
    name, title, body = found["name"], found["title"].strip(), _OPTIONS.sub("", found["body"])
    if name == "code-cell":
        return found[0]
    show = _BLOCKS.get(name, _quotation)
    return show(title or name.capitalize(), _BLOCK.sub(_block, body))


def _folded(title: str, body: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{body}\n</details>\n"


def _as_it_is(title: str, body: str) -> str:
    del title
    return body


def _quotation(title: str, body: str) -> str:
    lines = [f"**{title}**", "", *body.splitlines()]
    return "".join(f"> {line}".rstrip() + "\n" for line in lines)


_BLOCKS: dict[str, Callable[[str, str], str]] = {"dropdown": _folded, "raw": _as_it_is}
