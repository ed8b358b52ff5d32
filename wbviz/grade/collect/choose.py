"""Which of the files that a student handed in is the policy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from wbviz.errors import WbvizError
from wbviz.grade.collect.archives import STUDENT, is_archive, unpack
from wbviz.grade.collect.layouts import UNREAD, handed_folder
from wbviz.grade.collect.submission import POLICY, shown

MOST_BYTES = 256 << 10
"""A policy is a page of text; more than this is something else."""
_NOTEBOOK_BYTES = 8 << 20

Files = tuple[tuple[str, Path], ...]


class Unusable(WbvizError):
    """There is no policy to grade in a submission; the message says what to do about it."""


def policy_text(files: Files, scratch: Path) -> tuple[bytes, list[str]]:
    """The policy's bytes, and notes for the instructor.

    scratch: a folder that does not exist, for an archive to be unpacked into. Unusable if there is no policy, or more
    than one; OSError if a file cannot be read.
    """
    name, path, notes = _chosen(files, scratch)
    data = _bytes(path, MOST_BYTES if name.endswith(".py") else _NOTEBOOK_BYTES)
    if name.endswith(".ipynb"):
        data, notes = _from_notebook(data, name), [*notes, f"taken from the notebook {shown(name)}"]
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unusable(
            f"{shown(name)} is not UTF-8 text (line {line}, byte 0x{data[error.start]:02x})",
            cause="an editor saved it in another encoding",
            fix=f"iconv -f latin1 -t utf-8 {shown(name)} > policy.py      # and hand that in",
        ) from None
    return data, notes


def _chosen(files: Files, scratch: Path) -> tuple[str, Path, list[str]]:
    if not files:
        raise Unusable("it is empty", expected=f"a file {POLICY}", fix=f"ask the student for {POLICY}")
    for suffix in (".py", ".ipynb"):
        found = [(name, path) for name, path in files if name.lower().endswith(suffix)]
        exact = [(name, path) for name, path in found if name.rpartition("/")[2] == POLICY]
        if exact:
            depth = min(name.count("/") for name, _ in exact)
            found = [(name, path) for name, path in exact if name.count("/") == depth]
        if len(found) == 1:
            name, path = found[0]
            other = suffix == ".py" and not exact
            note = f"there is no {POLICY}: {shown(name)} was graded, and is called {POLICY} in the report"
            return name, path, [note] if other else []
        if found:
            raise Unusable(
                f"it is not clear which file is the policy: {_listed([name for name, _ in found])}",
                expected=f"one file {POLICY}",
                fix=f"leave only the file that counts, named {POLICY}, and grade again",
            )
    packed = [(name, path) for name, path in files if is_archive(name)]
    if len(packed) == 1:
        refused = unpack(packed[0][1], scratch, STUDENT)
        inner = handed_folder(scratch)
        if not inner.files:
            raise Unusable(f"the archive {shown(packed[0][0])} is empty" + "".join(f"; {one}" for one in refused))
        rest = tuple((name, path) for name, path in inner.files if not is_archive(name))
        name, path, notes = _chosen(rest, scratch)
        return name, path, [*map(str, refused), *notes]
    names = [name for name, _ in files]
    raise Unusable(
        f"there is no Python file in it: {_listed(names)}",
        expected=f"a file {POLICY}",
        cause="a format that is not read: use zip or tar" if any(n.lower().endswith(UNREAD) for n in names) else "",
        fix=f"ask the student for {POLICY}",
    )


def _bytes(path: Path, most: int) -> bytes:
    with path.open("rb") as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise Unusable(
            f"{shown(path.name)} is larger than {most >> 10} KiB",
            expected="a policy, a page of text",
            fix="ask the student to hand in the policy only",
        )
    return data


def _from_notebook(data: bytes, name: str) -> bytes:
    """The student's cell: the one that nbgrader marks as a solution, or else the last that defines both functions."""
    try:
        cells = json.loads(data)["cells"]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        texts = [("".join(cell["source"]), _is_solution(cell)) for cell in code]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise Unusable(
            f"{shown(name)} is not a notebook", expected="a file that Jupyter wrote", fix="ask for it again"
        ) from None
    solutions = [text for text, solution in texts if solution]
    both = [text for text, _ in texts if "def enqueue" in text and "def execute" in text]
    if not solutions and not both:
        raise Unusable(
            f"no cell of {shown(name)} defines enqueue and execute",
            expected="the notebook of the exercise with the student's policy in its cell",
            fix=f"ask the student for {POLICY}",
        )
    lines = "\n".join(solutions or both[-1:]).split("\n")
    text = "\n".join("" if line.startswith("%") else line for line in lines)
    return text.encode("utf-8", "replace")


def _is_solution(cell: dict[str, Any]) -> bool:
    return bool((cell.get("metadata") or {}).get("nbgrader", {}).get("solution"))


def _listed(names: list[str]) -> str:
    some = ", ".join(shown(name) for name in names[:5])
    return f"{some} and {len(names) - 5} more" if len(names) > 5 else some
