"""Which of the files that a student handed in is the policy."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from wbviz.errors import WbvizError
from wbviz.grade.collect.archives import STUDENT, Unpack, is_archive, nothing_in
from wbviz.grade.collect.cells import policy_of
from wbviz.grade.collect.submission import POLICY, Files, shown
from wbviz.grade.collect.tree import UNREAD, Tree
from wbviz.grade.collect.wanted import Wanted
from wbviz.policy.encoding import mistaken

MOST_BYTES = 256 << 10
"""A policy is a page of text; more than this is something else."""
_NOTEBOOK_BYTES = 8 << 20
_HAND_IN = f"hand in one file {POLICY}"
_KINDS = (".py", ".ipynb", ".py.txt")
_GRADED_FOR = re.compile(r"\b(?:points|grade)\(\s*[\"']([^\"'\\]+)[\"']")
_PLAIN_NAME = re.compile(r"[\w.+() -]{1,80}\.py")


class Unusable(WbvizError):
    """There is no policy to grade in a submission; the message says what to do about it."""


class Chosen(NamedTuple):
    """The policy's bytes, the name that the student gave the file ("" for a notebook), and notes."""

    data: bytes
    file: str
    notes: tuple[str, ...]


class _Candidate(NamedTuple):
    name: str
    data: bytes


def choose(files: Files, wanted: Wanted, scratch: Path, unpack: Unpack, by_name: bool = False) -> Chosen:
    """The policy among a student's files.

    scratch: a folder that does not exist, for an archive to be unpacked into. by_name: the name of the file is who the
    student is. Unusable if there is no policy, or if it is not clear which it is; ArchiveError; OSError if a file
    cannot be read.
    """
    if not files:
        raise Unusable("it is empty", expected=f"a file {POLICY}", fix=_HAND_IN)
    here, passed = _for_exercise(files, wanted, by_name)
    for kind in _KINDS:
        found = [(name, path) for name, path in here if name.lower().endswith(kind)]
        if not found:
            continue
        one, notes = _one_of(found, kind, wanted)
        others = [name for name, _ in here if name.lower().endswith(_KINDS) and not name.lower().endswith(kind)]
        if _is_starter(one.data, wanted) and any(name.lower().endswith(".ipynb") for name in others):
            rest = tuple((name, path) for name, path in here if not name.lower().endswith(kind))
            chosen = choose(rest, wanted, scratch, unpack)
            return chosen._replace(notes=(f"{shown(one.name)} is the policy to start from, unchanged", *chosen.notes))
        if others:
            notes.append(f"{shown(one.name)} was graded, and not {_listed(others)}")
        return _policy(one, kind, wanted, [*passed, *notes], by_name)
    packed = [(name, path) for name, path in here if is_archive(name)]
    if len(packed) == 1:
        return _unpacked(*packed[0], wanted, scratch, unpack)
    raise _no_policy([name for name, _ in here])


def _for_exercise(files: Files, wanted: Wanted, by_name: bool) -> tuple[Files, list[str]]:
    """The files that may be for the exercise, by their names; and what to note about that."""
    spoken = {name: wanted.of(name, numbers=not by_name) for name, _ in files}
    candidates = [name for name, _ in files if name.lower().endswith(_KINDS) or is_archive(name)]
    if any(spoken[name] == wanted.exercise for name in candidates):
        passed = [name for name in candidates if spoken[name] is None]
        note = f"what lies in or is called {wanted.exercise} was graded, and not {_listed(passed)}"
        here = tuple((name, path) for name, path in files if spoken[name] == wanted.exercise)
        return here, [note] if passed else []
    rest = tuple((name, path) for name, path in files if spoken[name] is None)
    theirs = sorted({str(spoken[name]) for name in candidates if spoken[name]})
    if theirs and not any(name in dict(rest) for name in candidates):
        raise Unusable(
            f"there is nothing for {wanted.exercise} in it, only for {', '.join(theirs)}",
            came=_listed(candidates),
            expected=f"a file {POLICY}, or one called {wanted.exercise}",
            cause="the work for another exercise, or a file under the name of one",
            fix=f"{_HAND_IN}, for {wanted.exercise}",
        )
    return rest, []


def _one_of(found: Sequence[tuple[str, Path]], kind: str, wanted: Wanted) -> tuple[_Candidate, list[str]]:
    """The file of one kind that counts: `policy.py` before others, shallow before deep, whole before parts."""
    names = [name for name, _ in found]
    exact = [(name, path) for name, path in found if name.rpartition("/")[2] == POLICY]
    if exact:
        depth = min(name.count("/") for name, _ in exact)
        exact = [(name, path) for name, path in exact if name.count("/") == depth]
    most = _NOTEBOOK_BYTES if kind == ".ipynb" else MOST_BYTES
    left = [_Candidate(name, _bytes(path, most)) for name, path in exact or found]
    if len(left) > 1:
        left = [one for one in left if _defines_both(one.data)] or left
        left = [one for one in left if not _is_starter(one.data, wanted)] or left
        left = left[:1] if len({one.data for one in left}) == 1 else left
    if len(left) > 1:
        raise Unusable(
            f"it is not clear which file is the policy: {_listed([one.name for one in left])}",
            expected=f"one file {POLICY}",
            fix=f"leave only the file that counts, named {POLICY}, and hand in or grade again",
        )
    passed = [name for name in names if name != left[0].name]
    return left[0], [f"{shown(left[0].name)} was graded, and not {_listed(passed)}"] if passed else []


def _policy(one: _Candidate, kind: str, wanted: Wanted, notes: list[str], by_name: bool) -> Chosen:
    """The policy in a file, with what is to be noted about it."""
    data, base = one.data, one.name.rpartition("/")[2]
    if kind == ".ipynb":
        data, more = _from_notebook(data, one.name, wanted)
        return Chosen(data, "", (*notes, *more))
    wrong = mistaken(data, shown(base))
    if wrong is not None:
        raise Unusable(
            f"{shown(one.name)}, line {wrong.line}: {wrong.what}",
            came=wrong.came,
            expected="Python source in UTF-8",
            cause=wrong.cause,
            fix=f"{wrong.fix}      # and hand in the new file" if wrong.fix else _HAND_IN,
        )
    file = base.removesuffix(".txt") if kind == ".py.txt" else base
    if base != POLICY and not by_name and len(notes) == 0:
        notes = [f"there is no {POLICY}: {shown(one.name)} was graded"]
    if _is_starter(data, wanted):
        notes = [*notes, "it is the policy to start from, unchanged"]
    return Chosen(data, file if _PLAIN_NAME.fullmatch(file) else POLICY, tuple(notes))


def _unpacked(name: str, path: Path, wanted: Wanted, scratch: Path, unpack: Unpack) -> Chosen:
    """The policy in a student's archive."""
    refused = unpack(path, scratch, STUDENT)
    inner = Tree(scratch).walk(scratch)
    refused += inner.refused
    rest = tuple((file, scratch / file) for file in inner.files if not is_archive(file))
    if not inner.files:
        raise Unusable(nothing_in(name, refused), came="; ".join(map(str, refused[:5])), fix=_HAND_IN)
    if not any(file.lower().endswith(_KINDS) for file, _ in rest) and len(rest) < len(inner.files):
        raise Unusable(
            f"the archive {shown(name)} holds another archive: {_listed([f for f in inner.files if is_archive(f)])}",
            expected=f"{POLICY} in the archive itself",
            fix=_HAND_IN,
        )
    chosen = choose(rest, wanted, scratch.with_name(f"{scratch.name}-"), unpack)
    return chosen._replace(notes=(*map(str, refused[:20]), *chosen.notes))


def _no_policy(names: Sequence[str]) -> Unusable:
    unread = any(name.lower().endswith(UNREAD) for name in names)
    several = sum(map(is_archive, names)) > 1
    return Unusable(
        f"there is no Python file in it: {_listed(names)}",
        expected=f"a file {POLICY}",
        cause="a format that is not read: use zip or tar" if unread else "several archives" if several else "",
        fix=_HAND_IN,
    )


def _bytes(path: Path, most: int) -> bytes:
    with path.open("rb") as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise Unusable(
            f"{shown(path.name)} is larger than {most >> 10} KiB",
            expected="a policy, a page of text",
            fix=_HAND_IN,
        )
    return data


def _defines_both(data: bytes) -> bool:
    """Whether a file, or a notebook, looks like a policy rather than a part of one, or a test."""
    return b"def enqueue" in data and b"def execute" in data


def _is_starter(data: bytes, wanted: Wanted) -> bool:
    return wanted.starter != b"" and data.split() == wanted.starter.split()


def _from_notebook(data: bytes, name: str, wanted: Wanted) -> tuple[bytes, tuple[str, ...]]:
    """The policy in the cells of a notebook, and notes. Unusable if it is none, or another exercise's."""
    try:
        cells = [_code(cell) for cell in json.loads(data)["cells"] if cell["cell_type"] == "code"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise Unusable(f"{shown(name)} is not a notebook", expected="a file that Jupyter wrote", fix=_HAND_IN) from None
    if sum(map(len, cells)) > MOST_BYTES:
        raise Unusable(
            f"the cells of {shown(name)} are longer than {MOST_BYTES >> 10} KiB",
            expected="a policy, a page of text",
            fix=_HAND_IN,
        )
    spoken = {_graded_for(one, wanted) for text in cells for one in _GRADED_FOR.findall(text)} - {None}
    if spoken and wanted.exercise not in spoken:
        raise Unusable(
            f"{shown(name)} is the notebook of {', '.join(sorted(map(str, spoken)))}, by what its cells grade",
            expected=f"the notebook of {wanted.exercise}",
            fix=_HAND_IN,
        )
    taken = policy_of(cells)
    if taken is None:
        raise Unusable(
            f"no cell of {shown(name)} defines enqueue, or none execute",
            expected="the notebook of the exercise with the student's policy in it",
            fix=_HAND_IN,
        )
    return taken.text.encode("utf-8", "replace"), taken.notes


def _code(cell: Any) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _graded_for(given: str, wanted: Wanted) -> str | None:
    return given if given in (wanted.exercise, *wanted.others) else wanted.numbered(given)


def _listed(names: Sequence[str]) -> str:
    some = ", ".join(shown(name) for name in names[:5])
    return f"{some} and {len(names) - 5} more" if len(names) > 5 else some
