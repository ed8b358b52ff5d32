"""Policy labs in the pages: a listing that can be read before anything is loaded, and a button that starts the lab.

In the sources of the book a lab is a block: ```` ```{policy-lab} writearound ```` for one that begins with a built-in
policy; ```` ```{exercise} 05-write-around ```` for the page of an exercise, which is made from its task. `listing` of
`wbviz.viz.cells.chapter` leaves a comment below the code that it shows. js/policylab.js is the lab itself.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from wbviz.errors import UsageError
from wbviz.kernel.api import API
from wbviz.policy.load import builtin_names, load_policy
from wbviz.policy.reference import ATTRIBUTES, call

TRY = "wb-try"
"""How the comment begins that `listing` leaves: `<!-- wb-try writearound -->`."""

_BLOCK = re.compile(r"^```\{(policy-lab|exercise)\} ([\w-]+)\n(?::scenario: ([\w-]+)\n)?```$", re.MULTILINE)
_COMMENT = re.compile(rf"<!-- {TRY} (\w+) -->")
_CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```$\n?", re.MULTILINE | re.DOTALL)
_FRONT = re.compile(r"\A---\n.*?^---\n", re.MULTILINE | re.DOTALL)
_CALL = r"wbviz\.check\(\(enqueue, execute\), \"([\w-]+)\"((?:, \w+=\d+)*)\)"
_CHECK = re.compile(rf"^{_CALL}$", re.MULTILINE)
_INLINE = re.compile(rf"`{_CALL}`")
_GRADE = re.compile(r"^wbviz\.grade\(", re.MULTILINE)
_PLACE = '<div class="wb-try"'


def expanded(text: str, root: Path) -> str:
    """A page's source with its labs written out. Raises UsageError where a block names what is not there."""
    return _BLOCK.sub(lambda found: _written(found[1], found[2], found[3] or "", root), text)


def _written(block: str, name: str, scenario: str, root: Path) -> str:
    if block == "exercise":
        return exercise(root / "exercises" / name)
    return _lab(load_policy(name).source, {"lab": "lab", "policy": name, "scenario": scenario})


def exercise(folder: Path) -> str:
    """The page of an exercise: its task, with the lab where a notebook has the policy to start from."""
    try:
        task, starter = ((folder / name).read_text(encoding="utf-8") for name in ("task.md", "policy.py"))
    except OSError as error:
        known = ", ".join(path.name for path in sorted(folder.parent.glob("*/")))
        raise UsageError(f"cannot read the exercise {folder.name}: {error.strerror}", expected=known) from None
    text = _FRONT.sub("", task)
    title = re.search(r"^# (.*)$", text, re.MULTILINE)
    checks = _CHECK.search(text)

    def cell(found: re.Match[str]) -> str:
        code = found[1]
        if "def enqueue" in code:
            lab = {"lab": folder.name, "exercise": folder.name, "scenario": checks[1] if checks else ""}
            task = {"wb-task": "exercise", "wb-id": folder.name, "wb-text": title[1] if title else folder.name}
            return _lab(starter, lab | task)
        if check := _CHECK.search(code):
            sizes = {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", check[2])}
            words = f"Check it in <code>{check[1]}</code>" + "".join(f", {key} {n}" for key, n in sizes.items())
            return _raw(f"<p>{_button(words, check=check[1], sizes=json.dumps(sizes))}</p>")
        return _raw(f"<p>{_button('Grade it', do='grade')}</p>") if _GRADE.search(code) else ""

    return _INLINE.sub(r"the scenario `\1`", _CELL.sub(cell, text))


def _lab(source: str, data: Mapping[str, str]) -> str:
    """A lab as MyST: the listing between two pieces of HTML. data: what the lab, and the page's progress, are told."""
    marks = "".join(f' data-{key}="{escape(value)}"' for key, value in data.items() if value)
    return (
        _raw(f"{_PLACE}{marks}>") + f"```python\n{source.rstrip()}\n```\n\n" + _raw(f"{_start('Start the lab')}</div>")
    )


def _raw(html: str) -> str:
    return f"```{{raw}} html\n{html}\n```\n\n"


def _button(words: str, **data: str) -> str:
    marks = "".join(f' data-{key}="{escape(value)}"' for key, value in data.items())
    return f'<button type="button" class="wb-start" data-open{marks}>{words}</button>'


def _start(words: str) -> str:
    return f'<p>{_button(words)} <span data-said role="status"></span><span data-bytes></span></p>'


def finished(html: str, name: str, script: str, size: int) -> str:
    """A built page with its labs: those below listings put in, and each told which script it is, and what it costs.

    name: of the page; what is kept of a lab is kept under it. script: its address from this page. size: bytes that a
    lab loads, compressed.
    """
    seen: dict[str, int] = {}

    def below(found: re.Match[str]) -> str:
        policy = found[1]
        seen[policy] = seen.get(policy, 0) + 1
        lab = f"{name.removesuffix('.html')}/{policy}" + (f"/{seen[policy]}" if seen[policy] > 1 else "")
        return f'{_PLACE} data-lab="{lab}" data-policy="{policy}">{_start("Try it")}</div>'

    text = _COMMENT.sub(below, html)
    cost = f"fetches {size / 1e6:.1f} MB, once; nothing that you write leaves this browser"
    text = text.replace("<span data-bytes></span>", f'<span class="wb-cost">{cost}</span>')
    return text.replace(_PLACE, f'{_PLACE} data-script="{script}"')


def contracts() -> list[dict[str, Any]]:
    """Every operation and attribute with its contract, for the editor's help."""
    return [*_operations(), *_attributes()]


def _operations() -> Iterator[dict[str, Any]]:
    for name, told in API.items():
        says = [f"Gives {told.gives}." if told.gives[0].isupper() else f"{told.gives[0].upper()}{told.gives[1:]}."]
        says.append(f"Waits while {told.waits}." if told.waits else "Never waits.")
        says += [f"Breaks a rule when {told.broken}."] if told.broken else []
        yield {"kind": "operation", "of": "mm", "name": name, "call": f"yield mm.{call(name)}", "says": says}
    queued = "The works that are queued, the oldest first: a tuple. The one that runs is not among them."
    yield {"kind": "attribute", "of": "mm", "name": "works", "call": "mm.works", "says": [queued]}


def _attributes() -> Iterator[dict[str, Any]]:
    for of, names in ATTRIBUTES.items():
        for name, says in names.items():
            sentence = f"{says[0].upper()}{says[1:]}."
            yield {"kind": "attribute", "of": of, "name": name, "call": f"{of}.{name}", "says": [sentence]}


def policies() -> list[dict[str, str]]:
    """Every built-in policy: its name, the first sentence of its docstring, its text."""
    found = []
    for name in builtin_names():
        text = load_policy(name).source
        says = " ".join((ast.get_docstring(ast.parse(text)) or "").split("\n\n")[0].split())
        found.append({"name": name, "says": says.rstrip("."), "text": text})
    return found
