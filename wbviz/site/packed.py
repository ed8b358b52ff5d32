"""Runs in Pyodide, by js/python.mjs: packs the part of the standard library that wbviz needs, and wbviz.

What is needed of the standard library is what has been imported once the questions below were answered: all that the
modules of the archive name, all that a policy may import, and what these import themselves. The questions are there for
what modules import only when a function runs.
"""

from __future__ import annotations

import ast
import importlib
import io
import json
import sys
from collections.abc import Iterable
from typing import Any

_EPOCH = (1980, 1, 1, 0, 0, 0)
_LIBRARY = f"python3{sys.version_info[1]}.zip"


def pack(files: dict[str, str], names: list[str], questions: list[str]) -> dict[str, Any]:
    """The two archives: {"library": bytes, "book": bytes, "needed": names of modules}.

    files: path in the book's archive -> text; names: modules to import; questions: JSON.
    """
    library(names, questions)
    needed = sorted(name for name, module in sys.modules.items() if _LIBRARY in str(getattr(module, "__file__", "")))
    return {"library": _library(needed), "book": _book(files), "needed": needed}


def library(names: Iterable[str], questions: Iterable[str]) -> None:
    """Import and ask what there is to import and to ask. Modules that this Python does not have are left out."""
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError:
            continue  # as everywhere where it is looked for, and done without
    answers = importlib.import_module("wbviz.page.answers")  # in Pyodide: the rooms of the house are not here
    for question in questions:
        said = json.loads(answers.answer(question, lambda progress: None))
        assert isinstance(said, list) or "fault" not in said, said


def _library(needed: list[str]) -> bytes:
    from zipfile import ZIP_STORED, ZipFile, ZipInfo  # only now: else it would be among what is needed

    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as packed:  # compressed as a whole, better than one by one
        for name in needed:
            module = sys.modules[name]
            spec: Any = module.__spec__
            text = spec.loader.get_source(spec.name)
            if text is not None:  # else it is frozen into the interpreter
                short = text if "pyodide" in name else bare(text)  # Pyodide reads its own docstrings
                packed.writestr(ZipInfo(str(module.__file__).partition(f"{_LIBRARY}/")[2], _EPOCH), short)
    return out.getvalue()


def bare(text: str) -> str:
    """The same program without comments and docstrings: a third of the library's bytes."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(
            node, clean=False
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


def _book(files: dict[str, str]) -> bytes:
    contents = {path: text.encode() for path, text in sorted(files.items())}
    listed = json.dumps([[name, len(content)] for name, content in contents.items()]).encode()
    return len(listed).to_bytes(4, "big") + listed + b"".join(contents.values())
