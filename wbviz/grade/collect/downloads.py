"""What the name of a file or a folder tells in a download of a platform: whose it is, which attempt, and whether late.

| platform | a name |
| --- | --- |
| Moodle, in folders or not | `Ada Lovelace_42_assignsubmission_file_policy.py` |
| Canvas | `lovelaceada_LATE_42_7_policy-1.py`: user 42, file 7; `…_42_text.html` for words typed there |
| Blackboard | `gradebook_CS101_Work_alovelace_attempt_2026-11-20-22-15-00_policy.py` |
| Brightspace | `42-7 - Ada Lovelace - Nov 20, 2026 1015 PM/` |
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from wbviz.grade.collect.submission import Who, shown

_MOODLE = re.compile(
    r"(?P<name>[^_]+)_(?P<number>\d+)_assignsubmission_(?P<kind>file|onlinetext)(?:_(?P<rest>.*))?", re.S
)
_FILE = r"_(?:(?P<file>\d+)_(?P<rest>.+)|(?P<words>text|link|url|media|online\w*)\.html?)"
_CANVAS = re.compile(r"(?P<name>.+?)(?P<late>_LATE)?_(?P<user>\d+)" + _FILE, re.S)
_ANONYMOUS = re.compile(r"(?P<name>anon[a-z]*)(?P<late>_LATE)?_(?P<user>[A-Za-z0-9]{4,6})" + _FILE, re.S)
_BLACKBOARD = re.compile(r"(?P<head>.+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<rest>.+)|(?P<receipt>\.txt))", re.S)
_BRIGHTSPACE = re.compile(
    r"(?P<user>\d+)-(?P<folder>\d+) - (?P<name>.+?) - (?P<time>[A-Z][a-z]+\.? \d{1,2}, \d{4} \d{3,4} [AP]M)", re.S
)


class Piece(NamedTuple):
    """One file or folder of a download, and what its name tells.

    `user` is the same for all that one student handed in. `rest` is the name that the student gave the file; "" for a
    folder. `attempt` can be sorted. `words`: typed into the platform or a receipt of its own, no file of the student's.
    `upload` grows with each upload.
    """

    platform: str
    origin: str
    user: str
    who: Who
    rest: str
    attempt: str = ""
    late: bool = False
    words: bool = False
    upload: int = 0


def pieces(names: Sequence[str]) -> dict[str, Piece]:
    """Those of the names of files and folders that a platform made, each with what it tells.

    Canvas' names could be somebody's taste: they count where at least half of all files have them, and more than one.
    """
    sure = ((name, _moodle(name) or _blackboard(name) or _brightspace(name)) for name in names)
    found = {name: piece for name, piece in sure if piece}
    rest = [name for name in names if name not in found]
    canvas = {name: piece for name in rest if (piece := _canvas(name))}
    if len(canvas) == len(rest) or (2 * len(canvas) >= len(rest) and len(canvas) > 1):
        found |= canvas
    return _short_names(found)


def _moodle(name: str) -> Piece | None:
    match = _MOODLE.fullmatch(name)
    if match is None:
        return None
    person, number = shown(match["name"]), match["number"]
    who = Who(f"{person}_{number}", person, moodle=number)
    return Piece("Moodle", name, who.student, who, match["rest"] or "", words=match["kind"] == "onlinetext")


def _canvas(name: str) -> Piece | None:
    match = _CANVAS.fullmatch(name) or _ANONYMOUS.fullmatch(name)
    if match is None:
        return None
    person, user = shown(match["name"]), match["user"]
    who = Who(f"{person}_{user}", person, canvas=user if user.isdecimal() else "")
    rest = re.sub(r"-\d+(?=\.\w+$)", "", match["rest"] or "")  # Canvas numbers what has the same name as before
    upload = int(match["file"] or 0)
    return Piece("Canvas", name, who.student, who, rest, "", bool(match["late"]), bool(match["words"]), upload)


def _blackboard(name: str) -> Piece | None:
    match = _BLACKBOARD.fullmatch(name)
    if match is None:
        return None
    rest, receipt = match["rest"] or "", bool(match["receipt"])
    return Piece("Blackboard", name, match["head"], Who(""), rest, match["time"], words=receipt)


def _brightspace(name: str) -> Piece | None:
    match = _BRIGHTSPACE.fullmatch(name)
    if match is None:
        return None
    person, user = shown(match["name"]), match["user"]
    try:
        attempt = datetime.strptime(match["time"].replace(".", ""), "%b %d, %Y %I%M %p").isoformat()
    except ValueError:
        attempt = ""
    return Piece("Brightspace", name, f"{person}_{user}", Who(f"{person}_{user}", person), "", attempt)


def _short_names(found: dict[str, Piece]) -> dict[str, Piece]:
    """Blackboard puts the course and the task in front of each login: what all have in common goes."""
    heads = sorted({piece.user for piece in found.values() if piece.platform == "Blackboard"})
    if not heads:
        return found
    first, last = heads[0], heads[-1]  # sorted: what these two share all share
    same = next((at for at, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first))
    start = first.rfind("_", 0, same) + 1
    return {
        name: piece._replace(who=Who(shown(piece.user[start:]))) if piece.platform == "Blackboard" else piece
        for name, piece in found.items()
    }


class Attempt(NamedTuple):
    """What counts of one student's pieces, and notes on the rest."""

    who: Who
    counts: tuple[Piece, ...]
    late: bool
    notes: tuple[str, ...]


def attempts(found: Iterable[Piece]) -> list[Attempt]:
    """For each student the last attempt, in the order of the first pieces."""
    by_user: dict[tuple[str, str], list[Piece]] = {}
    for piece in found:
        by_user.setdefault((piece.platform, piece.user), []).append(piece)
    return [_attempt(several) for several in by_user.values()]


def _attempt(several: Sequence[Piece]) -> Attempt:
    times = sorted({piece.attempt for piece in several})
    last = [piece for piece in several if piece.attempt == times[-1]]
    files = [piece for piece in last if not piece.words]
    notes = []
    newest = {piece.rest: piece for piece in sorted(files, key=lambda one: one.upload)}
    if files[0:1] and files[0].platform == "Canvas" and len(newest) < len(files):
        names = sorted({one.rest for one in files if one not in newest.values()})
        notes.append(f"uploaded more than once, the last upload counts: {', '.join(map(shown, names))}")
        files = [piece for piece in files if piece in newest.values()]
    if len(times) > 1:
        notes.append(f"{len(times)} attempts: the last one counts, {times[-1]}")
    if files and any(piece.words and piece.platform != "Blackboard" for piece in last):
        notes.append(f"what was typed into {last[0].platform} besides the file was not graded")
    late = any(piece.late for piece in last)
    if late:
        notes.append(f"{last[0].platform} calls it late")
    return Attempt(several[0].who, tuple(files), late, tuple(notes))
