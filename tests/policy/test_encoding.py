"""Files that are no UTF-8: what they are is told, and the advice rewrites them and destroys nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from wbviz.errors import PolicyError
from wbviz.policy.encoding import mistaken
from wbviz.policy.load import load_policy

TEXT = "# für Jürgen\ndef enqueue(mm, page):\n    yield\n\n\ndef execute(mm, work):\n    yield\n"
ENCODINGS = {
    "latin-1": "Windows-1252 or Latin-1",
    "cp1252": "Windows-1252 or Latin-1",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16-LE",
    "utf-16-be": "UTF-16-BE",
    "utf-32": "UTF-32",
}


def advised(error: PolicyError, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """What the shell makes of the advice."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(error.fix, shell=True, cwd=folder, env=environment, capture_output=True, check=False)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", ["policy.py", "my $HOME 'policy'.py", "policy-utf8.py"])
def test_the_advice_was_tried(tmp_path: Path, encoding: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data = TEXT.replace("\n", "\r\n").encode(encoding)
    file = tmp_path / name
    file.write_bytes(data)
    with pytest.raises(PolicyError) as caught:
        load_policy(name)
    assert caught.value.what == "the file is not UTF-8 text"
    assert ENCODINGS[encoding] in caught.value.cause
    done = advised(caught.value, tmp_path)
    assert done.returncode == 0, done.stderr
    assert file.read_bytes() == data, "the advice destroyed the file"
    (new,) = (path for path in tmp_path.iterdir() if path != file)
    assert load_policy(new).source == TEXT
    before = new.read_bytes()
    assert advised(caught.value, tmp_path).returncode != 0, "a second time would overwrite what may have been changed"
    assert new.read_bytes() == before


def test_a_mark_at_the_beginning_of_utf_8_is_no_matter(tmp_path: Path) -> None:
    (tmp_path / "policy.py").write_bytes(TEXT.encode("utf-8-sig"))
    assert load_policy(tmp_path / "policy.py").source == TEXT
    assert mistaken(TEXT.encode("utf-8-sig"), "policy.py") is None


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"PK\x03\x04\x14\0\0\0", bytes(range(256)), b"\xff\xfe\0"]
)
def test_what_is_no_text_is_called_that(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "policy.py").write_bytes(data)
    with pytest.raises(PolicyError, match="the file is no text") as caught:
        load_policy(tmp_path / "policy.py")
    assert caught.value.fix == ""
