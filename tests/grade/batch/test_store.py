"""The folder of a class: whole files only, one run only, and a full disk loses nothing."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from tests.grade.batch.helping import SEED, small_exercise
from wbviz.errors import UsageError
from wbviz.grade.batch import store as module
from wbviz.grade.batch.job import FORMAT, GRADED, Outcome
from wbviz.grade.batch.store import Store
from wbviz.grade.exercise import load_exercise


def outcome(slug: str = "ada", digest: str = "d1") -> Outcome:
    record = {"format_version": FORMAT, "sha256": digest, "student": slug}
    return Outcome(slug, GRADED, "", json.dumps(record), "# report\n", "<html>")


def test_a_record_is_kept_for_the_policy_that_was_graded(tmp_path: Path) -> None:
    store = Store(tmp_path / "out", load_exercise(small_exercise(tmp_path)), None)
    assert store.record("ada", "d1") is None
    store.keep(outcome())
    assert store.record("ada", "d1") == {"format_version": FORMAT, "sha256": "d1", "student": "ada"}
    assert store.record("ada", "d2") is None
    assert (tmp_path / "out/reports/ada.md").read_text(encoding="utf-8") == "# report\n"


def test_half_a_record_is_none(tmp_path: Path) -> None:
    store = Store(tmp_path / "out", load_exercise(small_exercise(tmp_path)), None)
    store.keep(outcome())
    path = tmp_path / "out/results/ada.json"
    path.write_text(path.read_text(encoding="utf-8")[:-4], encoding="utf-8")
    assert store.record("ada", "d1") is None


def test_another_run_is_not_mixed_in(tmp_path: Path) -> None:
    folder = small_exercise(tmp_path)
    exercise = load_exercise(folder)
    Store(tmp_path / "out", exercise, SEED)
    Store(tmp_path / "out", exercise, SEED)
    with pytest.raises(UsageError, match="holds the results of another run") as caught:
        Store(tmp_path / "out", exercise, SEED + "!")
    assert "--against" in caught.value.fix
    with pytest.raises(UsageError, match="another run"):
        Store(tmp_path / "out", exercise, None)
    rubric = folder / "rubric.toml"
    rubric.write_text(rubric.read_text(encoding="utf-8").replace("duty = 10", "duty = 20"), encoding="utf-8")
    with pytest.raises(UsageError, match="another run"):
        Store(tmp_path / "out", load_exercise(folder), SEED)


def test_a_full_disk_is_told_and_leaves_what_was_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path / "out", load_exercise(small_exercise(tmp_path)), None)
    store.keep(outcome("ada"))

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(module.os, "fsync", full)
    with pytest.raises(UsageError) as caught:
        store.keep(outcome("bob"))
    assert "No space left" in str(caught.value)
    assert "what is finished is kept" in str(caught.value)
    monkeypatch.undo()
    assert store.record("ada", "d1") is not None
    assert store.record("bob", "d1") is None
    assert not [path for path in (tmp_path / "out").rglob("*") if path.name.endswith(".part")]


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot write"):
        Store(tmp_path / "file" / "out", load_exercise(small_exercise(tmp_path)), None)
