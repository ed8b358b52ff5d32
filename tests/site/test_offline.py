"""The service worker's version: another one whenever anything that is served has changed."""

from __future__ import annotations

import re
from pathlib import Path

from wbviz.site.offline import NAME, write_service


def version(folder: Path) -> str:
    write_service(folder)
    found = re.search(r'const VERSION = "([0-9a-f]{16})"', (folder / NAME).read_text(encoding="utf-8"))
    assert found is not None
    return found[1]


def test_another_version_whenever_a_file_differs(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    page = tmp_path / "deep" / "page.html"
    page.write_text("one")
    first = version(tmp_path)
    assert version(tmp_path) == first, "the same files, the same version"
    page.write_text("two")
    second = version(tmp_path)
    page.rename(tmp_path / "page.html")
    assert len({first, second, version(tmp_path)}) == 3
