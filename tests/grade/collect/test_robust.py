"""Whatever one submission holds, and whatever it is called: it costs nobody else, and is never passed over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.grade.collect.helping import POLICY, by_student, collected, lay, notebook, pack, texts
from wbviz.grade.collect import collect as collecting
from wbviz.grade.collect import layouts
from wbviz.grade.collect.submission import shown, slug


@pytest.mark.parametrize("metadata", [{"nbgrader": None}, {"nbgrader": "x"}, "text", ["list"], None, 3])
def test_odd_metadata_of_a_notebook_is_no_matter(tmp_path: Path, metadata: Any) -> None:
    files = {"ada/a.ipynb": notebook(POLICY.decode(), metadata=metadata), "bob/policy.py": POLICY}
    assert texts(collected(tmp_path, lay(tmp_path / "in", files))) == {"ada": POLICY, "bob": POLICY}


@pytest.mark.parametrize(
    "data", [b"{}", b"[]", b'{"cells": 3}', b'{"cells": [3]}', b'{"cells": [{"cell_type": "code"}]}']
)
def test_what_is_no_notebook_costs_one_student(tmp_path: Path, data: bytes) -> None:
    found = by_student(collected(tmp_path, lay(tmp_path / "in", {"ada/a.ipynb": data, "bob/policy.py": POLICY})))
    assert "is not a notebook" in found["ada"].problem
    assert found["bob"].policy is not None


@pytest.mark.parametrize("stage", ["choosing", "listing"])
def test_a_fault_of_ours_costs_one_student_and_is_told_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    module, name = (collecting, "choose") if stage == "choosing" else (layouts.Tree, "walk")
    real = getattr(module, name)

    def faulty(*args: Any, **more: Any) -> Any:
        if any("ada" in str(one) for one in args):
            raise AttributeError("'NoneType' object has no attribute 'get'")
        return real(*args, **more)

    monkeypatch.setattr(module, name, faulty)
    found = by_student(collected(tmp_path, lay(tmp_path / "in", {"ada/policy.py": POLICY, "bob/policy.py": POLICY})))
    assert found["bob"].policy is not None
    assert found["ada"].internal
    assert found["ada"].problem.startswith("internal error, the grader failed: AttributeError: 'NoneType'")
    assert "test_robust.py, line" in found["ada"].problem


def test_each_of_several_archives_is_one_student(tmp_path: Path) -> None:
    metadata = b"bob:\n  :submitters:\n  - :name: Bob\n    :sid: 'bob'\n"
    ada = pack(tmp_path / "in/ada.zip", {"bob/policy.py": POLICY + b"# by ada"})
    bob = pack(tmp_path / "in/bob.zip", {"policy.py": POLICY})
    eve = pack(tmp_path / "in/eve.zip", {"submission_metadata.yml": metadata, "bob/policy.py": POLICY})
    found = collected(tmp_path, ada, bob, eve)
    assert texts(found) == {"ada": POLICY + b"# by ada", "bob": POLICY, "eve": POLICY}


def test_only_nbgraders_own_time_counts(tmp_path: Path) -> None:
    early, late = b"2026-11-20 21:00:00 UTC", b"2026-11-25 21:00:00 UTC"
    tree = {
        "submitted/ada/01-two-pages/timestamp.txt": early,
        "submitted/ada/02-pin-then-lock/timestamp.txt": late,
        "submitted/ada/02-pin-then-lock/02-pin-then-lock.ipynb": notebook(POLICY.decode()),
        "submitted/bob/02-pin-then-lock/02-pin-then-lock.ipynb": notebook(POLICY.decode()),
        "submitted/bob/02-pin-then-lock/timestamp.txt": b"2026-11-25 21:00:00 EST",
        "nbgrader_config.py": b"",
    }
    found = by_student(collected(tmp_path, pack(tmp_path / "course.zip", {f"course/{k}": v for k, v in tree.items()})))
    assert set(found) == {"ada", "bob"}, "the settings of nbgrader are no student"
    assert found["ada"].submitted is not None
    assert found["ada"].submitted.day == 25
    assert found["bob"].submitted is None
    assert any("timestamp.txt does not tell a time" in note for note in found["bob"].notes)
    only = {name: data for name, data in tree.items() if name.startswith("submitted/ada")}
    for root in (lay(tmp_path / "one", only), tmp_path / "one/submitted"):
        assert set(by_student(collected(tmp_path, root))) == {"ada"}, "exercises are no students"
    plain = {"ada/policy.py": POLICY, "ada/timestamp.txt": early, "bob/policy.py": POLICY}
    assert by_student(collected(tmp_path, lay(tmp_path / "plain", plain)))["ada"].submitted is None


def test_students_with_the_names_of_folders_of_nbgrader(tmp_path: Path) -> None:
    students = ("submitted", "feedback", "source", "release", "ada")
    root = lay(tmp_path / "in", {f"{student}/src/policy.py": POLICY for student in students})
    assert set(texts(collected(tmp_path, root))) == set(students)


def test_a_name_with_a_dot_in_front_is_a_student(tmp_path: Path) -> None:
    files = {".eve/policy.py": POLICY, ".max.py": POLICY, "ada/policy.py": POLICY, ".git/hooks/x.py": POLICY}
    found = collected(tmp_path, lay(tmp_path / "in", {**files, "ada/.venv/lib/policy.py": b"", "._ada.py": b"\0"}))
    assert texts(found) == {".eve": POLICY, ".max": POLICY, "ada": POLICY}


def test_a_name_like_another_students_slug_is_another_student(tmp_path: Path) -> None:
    thief = slug("Ada Lovelace")
    root = lay(tmp_path / "in", {"Ada Lovelace/policy.py": POLICY, f"{thief}/policy.py": POLICY + b"#"})
    assert texts(collected(tmp_path, root)) == {"Ada Lovelace": POLICY, thief: POLICY + b"#"}
    assert slug(thief) != thief


def test_names_that_are_no_utf_8_stay_apart(tmp_path: Path) -> None:
    root = lay(tmp_path / "in", {"ada/policy.py": POLICY})
    for name in (b"M\xfcller", b"M\xf6ller"):
        folder = bytes(root) + b"/" + name
        Path(folder.decode("utf-8", "surrogateescape")).mkdir()
    assert {one.student for one in collected(tmp_path, root).submissions} == {"ada", r"M\xfcller", r"M\xf6ller"}


@pytest.mark.parametrize("name", ["a\x1b[2Jb", "a\nb", "a\x07", "\u202eada", "a\x9b31m", "a\u200bb", "a\\b", "\ufeffa"])
def test_a_name_cannot_move_the_terminal_and_is_nobody_elses(name: str) -> None:
    assert not [
        char for char in shown(name) if ord(char) < 32 or 127 <= ord(char) < 160 or char in "\u202e\u200b\ufeff"
    ]
    assert shown(name) != shown(shown(name)) or shown(name) == name


def test_a_very_long_chain_of_folders_is_no_matter(tmp_path: Path) -> None:
    deep = lay(tmp_path / "in", {"ada/policy.py": POLICY, "bob/x": b""})
    inner = deep / "bob"
    for _ in range(200):
        inner = inner / "d"
        inner.mkdir()
    (inner / "policy.py").write_bytes(POLICY)
    found = by_student(collected(tmp_path, deep))
    assert found["ada"].policy is not None
    assert "folders in one another" in found["bob"].problem
    assert collected(tmp_path, deep / "bob").submissions


@pytest.mark.parametrize(
    ("packed", "says"),
    [
        ({"inner.zip": {"policy.py": POLICY}}, "holds another archive: inner.zip"),
        ({}, "the archive homework.zip is empty"),
        ({"../policy.py": POLICY}, "can be used: its name leads out of the archive"),
    ],
)
def test_an_archive_without_a_policy_says_why(tmp_path: Path, packed: dict[str, Any], says: str) -> None:
    made = {
        name: pack(tmp_path / "inner.zip", data).read_bytes() if isinstance(data, dict) else data
        for name, data in packed.items()
    }
    pack(tmp_path / "in/ada/homework.zip", made)
    lay(tmp_path / "in", {"bob/policy.py": POLICY})
    assert says in by_student(collected(tmp_path, tmp_path / "in"))["ada"].problem


def test_an_encrypted_archive_is_called_that(tmp_path: Path) -> None:
    path = pack(tmp_path / "in/ada/homework.zip", {"policy.py": POLICY})
    data = path.read_bytes()
    at = data.rindex(b"PK\x01\x02")
    path.write_bytes(data[: at + 8] + bytes([data[at + 8] | 1]) + data[at + 9 :])
    lay(tmp_path / "in", {"bob/policy.py": POLICY})
    assert "it is encrypted: it needs a password" in by_student(collected(tmp_path, tmp_path / "in"))["ada"].problem


def test_who_is_missing_from_a_classs_archive_is_told(tmp_path: Path) -> None:
    path = pack(tmp_path / "all.zip", {"bob/policy.py": POLICY, "../eve/policy.py": POLICY, "ada/policy.py": POLICY})
    data = path.read_bytes()
    at = data.rindex(b"PK\x01\x02")
    path.write_bytes(data[: at + 8] + bytes([data[at + 8] | 1]) + data[at + 9 :])
    found = collected(tmp_path, path)
    assert "'policy.py' was left out: it is encrypted" in by_student(found)["ada"].problem
    assert found.remarks == ["'../eve/policy.py' was left out: its name leads out of the archive"]


def test_what_is_left_out_of_one_submission_does_not_fill_the_table(tmp_path: Path) -> None:
    root = lay(tmp_path / "in", {"ada/policy.py": POLICY, "bob/policy.py": POLICY})
    for number in range(100):
        (root / f"ada/{number:03}.py").symlink_to("policy.py")
    ada = by_student(collected(tmp_path, root))["ada"]
    assert ada.policy is not None
    assert len(ada.notes) == 21
    assert ada.notes[-1] == "and 80 more were left out"


def test_a_folder_that_is_a_link_to_itself_is_told(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(Exception, match="there is no file or folder") as caught:
        collected(tmp_path, tmp_path / "loop")
    assert "leads round in a circle" in str(caught.value)


def test_competing_files_are_told(tmp_path: Path) -> None:
    root = lay(
        tmp_path / "in",
        {
            "ada/policy.py": POLICY,
            "ada/old.py": POLICY + b"# old",
            "ada/work.ipynb": notebook(POLICY.decode()),
            "bob/mine.py": POLICY,
            "bob/test_mine.py": b"import mine",
            "eve/mine.py": POLICY,
        },
    )
    found = by_student(collected(tmp_path, root))
    assert found["ada"].notes == (
        "policy.py was graded, and not old.py",
        "policy.py was graded, and not work.ipynb",
    )
    assert found["bob"].notes == ("mine.py was graded, and not test_mine.py",)
    assert found["bob"].file == "mine.py"
    assert found["eve"].notes == ("there is no policy.py: mine.py was graded",)
    (one,) = collected(tmp_path, tmp_path / "in/eve/mine.py").submissions
    assert one.notes == (), "whoever names the file knows its name"
