"""What a class handed in, however it is laid out: one policy a student, or a problem that says what to do."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest

from wbviz.errors import UsageError
from wbviz.grade.collect.collect import collect as collected
from wbviz.grade.collect.submission import Submission, slug
from wbviz.grade.collect.wanted import Wanted

POLICY = b"def enqueue(mm, page):\n    yield\n\n\ndef execute(mm, work):\n    yield\n"


def collect(paths: list[Path], into: Path, exercise: str = "02-pin") -> list[Submission]:
    """The submissions alone, for an exercise with two others beside it."""
    return collected(paths, into, Wanted(exercise, ("01-other", "03-recheck"))).submissions


def lay(root: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


def pack(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def by_student(found: list[Submission]) -> dict[str, Submission]:
    assert len({one.student for one in found}) == len(found)
    return {one.student: one for one in found}


def texts(found: list[Submission]) -> dict[str, bytes]:
    return {one.student: one.policy.read_bytes() for one in found if one.policy}


def test_a_folder_a_student(tmp_path: Path) -> None:
    root = lay(tmp_path / "in", {"ada/policy.py": POLICY, "bob/sub/policy.py": POLICY + b"#bob", "bob/notes.txt": b""})
    assert texts(collect([root], tmp_path / "out", "02-pin")) == {"ada": POLICY, "bob": POLICY + b"#bob"}


def test_a_file_a_student_and_files_by_name(tmp_path: Path) -> None:
    root = lay(tmp_path, {"in/ada.py": POLICY, "in/bob.py": POLICY, "eve/policy.py": POLICY, "max.py": POLICY})
    found = collect([root / "in", root / "eve/policy.py", root / "max.py"], tmp_path / "out", "02-pin")
    assert set(texts(found)) == {"ada", "bob", "eve", "max"}


def test_one_students_folder(tmp_path: Path) -> None:
    root = lay(tmp_path / "ada", {"policy.py": POLICY, "test_mine.py": b""})
    assert texts(collect([root], tmp_path / "out", "02-pin")) == {"ada": POLICY}


@pytest.mark.parametrize("wrapped", ["", "submissions/"])
def test_an_archive_of_a_class(tmp_path: Path, wrapped: str) -> None:
    files = {f"{wrapped}ada/policy.py": POLICY, f"{wrapped}bob/policy.py": POLICY, "__MACOSX/ada/._policy.py": b"\0"}
    assert set(texts(collect([pack(tmp_path / "all.zip", files)], tmp_path / "out", "02-pin"))) == {"ada", "bob"}


def test_archives_inside_of_folders(tmp_path: Path) -> None:
    pack(lay(tmp_path / "in/ada", {}) and (tmp_path / "a.zip"), {"policy.py": POLICY})
    lay(tmp_path / "in", {"ada/homework.zip": (tmp_path / "a.zip").read_bytes()})
    pack(tmp_path / "in/bob.zip", {"deep/policy.py": POLICY + b"#"})
    pack(tmp_path / "in/eve.zip", {"a.py": POLICY, "b.py": POLICY + b"#"})
    found = by_student(collect([tmp_path / "in"], tmp_path / "out", "02-pin"))
    assert texts(list(found.values())) == {"ada": POLICY, "bob": POLICY + b"#"}
    assert "not clear which file is the policy: a.py, b.py" in found["eve"].problem


def test_an_export_of_gradescope(tmp_path: Path) -> None:
    metadata = """
submission_123:
  :submitters:
  - :name: Ada Lovelace
    :sid: '1815'
    :email: ada@example.org
  - :name: "=cmd|' /C calc'!A0"
    :sid:
    :email: grace@example.org
  :created_at: 2026-11-20 21:59:59.123456000 Z
  :score: 0.0
submission_124:
  :submitters:
  - :name: Edsger
    :sid: '1930'
    :email: edsger@example.org
  :created_at: 2026-11-22 10:00:00 Z
submission_125:
  :submitters:
  - :name: Nobody
    :sid: '0'
"""
    files = {
        "assignment_1_export/submission_metadata.yml": metadata.encode(),
        "assignment_1_export/submission_123/policy.py": POLICY,
        "assignment_1_export/submission_124/policy.py": POLICY + b"#",
    }
    found = by_student(collect([pack(tmp_path / "export.zip", files)], tmp_path / "out", "02-pin"))
    assert set(found) == {"1815", "grace@example.org", "1930", "0"}
    assert found["1815"].who.email == "ada@example.org"
    assert found["1815"].submitted is not None
    assert found["1815"].submitted.isoformat() == "2026-11-20T21:59:59.123456+00:00"
    assert found["0"].policy is None
    assert "it is empty" in found["0"].problem


def test_nbgraders_submitted_tree(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# task"], "metadata": {}},
        {"cell_type": "code", "source": ["import os"], "metadata": {}},
        {"cell_type": "code", "source": POLICY.decode(), "metadata": {"nbgrader": {"solution": True}}},
    ]
    notebook = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    files = {
        "submitted/ada/02-pin/task.ipynb": notebook,
        "submitted/ada/01-other/task.ipynb": notebook.replace(b"yield", b"wrong"),
        "source/02-pin/task.ipynb": b"",
        "submitted/ada/02-pin/timestamp.txt": b"2026-11-20 21:58:23.948203 UTC",
        "submitted/bob/02-pin/task.ipynb": b'{"cells": []}',
        "nbgrader_config.py": b"",
    }
    for root in (lay(tmp_path / "course", files), tmp_path / "course/submitted"):
        found = by_student(collect([root], tmp_path / "out", "02-pin"))
        assert texts(list(found.values())) == {"ada": POLICY}
        assert found["ada"].submitted is not None
        assert found["ada"].notes == ()
        assert "no cell of 02-pin/task.ipynb defines enqueue, or none execute" in found["bob"].problem


def test_downloads_of_moodle_and_canvas(tmp_path: Path) -> None:
    moodle = lay(tmp_path / "m", {"Ada Lovelace_42_assignsubmission_file_/policy.py": POLICY})
    found = collect([moodle], tmp_path / "out", "02-pin")
    assert (found[0].who.name, found[0].who.moodle) == ("Ada Lovelace", "42")
    canvas = lay(
        tmp_path / "c",
        {"lovelaceada_42_7_policy-1.py": POLICY, "hoppergrace_LATE_43_8_policy.py": POLICY, "hoppergrace_43_9_x": b""},
    )
    mixed = lay(tmp_path / "x", {"hopper_2026_11_final.py": POLICY, "lovelace.py": POLICY})
    assert set(texts(collect([mixed], tmp_path / "out3", "02-pin"))) == {"hopper_2026_11_final", "lovelace"}
    by_id = {one.who.canvas: one for one in collect([canvas], tmp_path / "out2", "02-pin")}
    assert {key: one.policy is not None for key, one in by_id.items()} == {"42": True, "43": True}
    assert by_id["42"].notes == ()
    assert by_id["43"].notes == ("Canvas calls it late",)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"readme.md": b"hello"}, "there is no Python file in it: readme.md"),
        ({"homework.rar": b"Rar!"}, "use zip or tar"),
        ({"a.py": POLICY, "b.py": POLICY + b"#"}, "not clear which file is the policy: a.py, b.py"),
        ({"x/policy.py": POLICY, "y/policy.py": POLICY + b"#"}, "not clear which file"),
        ({"policy.py": "# é\n".encode("latin-1") + POLICY}, "policy.py, line 1: the file is not UTF-8 text"),
        ({"policy.py": b"#" * (300 << 10)}, "larger than 256 KiB"),
        ({"a.zip": b"no archive"}, "cannot be unpacked"),
        ({"task.ipynb": b"[" * 100_000}, "is not a notebook"),
    ],
)
def test_what_cannot_be_graded_says_what_to_do(tmp_path: Path, files: dict[str, bytes], says: str) -> None:
    root = lay(tmp_path / "in", {"ada/policy.py": POLICY, **{f"bob/{name}": data for name, data in files.items()}})
    found = by_student(collect([root], tmp_path / "out", "02-pin"))
    assert found["ada"].policy is not None
    assert found["bob"].policy is None
    assert says in found["bob"].problem


def test_an_empty_archive_is_a_problem_of_its_student(tmp_path: Path) -> None:
    root = lay(tmp_path / "in", {"ada/policy.py": POLICY})
    pack(root / "bob.zip", {})
    assert "is empty" in by_student(collect([root], tmp_path / "out", "02-pin"))["bob"].problem
    assert "all.zip is empty" in collect([pack(tmp_path / "all.zip", {})], tmp_path / "out2", "02-pin")[0].problem


def test_nobody_in_an_archive_is_lost(tmp_path: Path) -> None:
    files = {"ada/policy.py": POLICY, "bob/": b"", "eve/homework.pdf": b"%PDF"}
    found = by_student(collect([pack(tmp_path / "all.zip", files)], tmp_path / "out", "02-pin"))
    assert texts(list(found.values())) == {"ada": POLICY}
    assert "it is empty" in found["bob"].problem
    assert "there is no Python file in it: homework.pdf" in found["eve"].problem
    flat = lay(tmp_path / "flat", {"ada.py": POLICY, "bob.rar": b"Rar!", "times.csv": b""})
    assert "use zip or tar" in by_student(collect([flat], tmp_path / "out2", "02-pin"))["bob"].problem


def test_links_are_not_followed(tmp_path: Path) -> None:
    root = lay(tmp_path / "in", {"ada/policy.py": POLICY, "bob/notes.txt": b""})
    (root / "bob/policy.py").symlink_to(root / "ada/policy.py")
    (root / "eve").symlink_to(root / "ada")
    os.mkfifo(root / "max.py")
    found = by_student(collect([root], tmp_path / "out", "02-pin"))
    assert texts(list(found.values())) == {"ada": POLICY}
    for student in ("bob", "eve"):
        assert "it is a link" in found[student].problem
    assert "it is no regular file" in found["max.py"].problem


def test_what_may_not_be_read_is_its_students_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = lay(tmp_path / "in", {"ada/policy.py": POLICY, "bob/policy.py": POLICY, "eve/policy.py": POLICY})
    listed, opened = os.scandir, Path.open

    def denied(path: Path) -> Path:
        if path.name == "bob" or path.parts[-2:] == ("eve", "policy.py"):
            raise PermissionError(13, "Permission denied", str(path))
        return path

    monkeypatch.setattr(os, "scandir", lambda path: listed(path if isinstance(path, int) else denied(Path(path))))
    monkeypatch.setattr(Path, "open", lambda path, *args, **more: opened(denied(path), *args, **more))
    found = by_student(collect([root], tmp_path / "out", "02-pin"))
    monkeypatch.undo()
    assert texts(list(found.values())) == {"ada": POLICY}
    assert "this user may not read it" in found["bob"].problem
    assert "Permission denied" in found["eve"].problem
    assert "chmod" in found["eve"].problem


def test_the_same_student_twice_is_told_and_nothing_is_graded_by_chance(tmp_path: Path) -> None:
    first = lay(tmp_path / "first", {"ada/policy.py": POLICY, "bob/policy.py": POLICY})
    second = lay(tmp_path / "second", {"ada/policy.py": POLICY + b"#", "bob/policy.py": POLICY})
    found = by_student(collect([first, second], tmp_path / "out", "02-pin"))
    assert found["ada"].policy is None
    assert "ada handed in 2 times" in found["ada"].problem
    assert found["bob"].notes == ("handed in 2 times, each time the same",)
    assert (first / "ada/policy.py").read_bytes() == POLICY


def test_nothing_at_all(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="there is no submission in"):
        collect([tmp_path / "empty"], tmp_path / "out", "02-pin")
    with pytest.raises(UsageError, match="there is no file or folder"):
        collect([tmp_path / "missing"], tmp_path / "out", "02-pin")


@pytest.mark.parametrize("name", ["../../etc/passwd", "Ada Lovelace", "Ünï çødé", "", ".", "..", "a/b", "x" * 300])
def test_a_students_name_is_never_a_path(name: str) -> None:
    assert "/" not in slug(name)
    assert not slug(name).startswith(".")
    assert 0 < len(slug(name)) < 80
    assert slug(name) != slug(name + "'")


def test_collecting_again_writes_nothing_anew(tmp_path: Path) -> None:
    root = lay(tmp_path / "in", {"ada/policy.py": POLICY})
    first = collect([root], tmp_path / "out", "02-pin")[0]
    assert first.policy is not None
    before = first.policy.stat().st_mtime_ns
    again = collect([root], tmp_path / "out", "02-pin")[0]
    assert again == first
    assert first.policy.stat().st_mtime_ns == before
    assert not [path for path in (tmp_path / "out").iterdir() if path.name.startswith(".")]
