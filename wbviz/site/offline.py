"""The service worker, with the version of the build in it: a digest of all files that are served."""

from __future__ import annotations

import hashlib
from pathlib import Path

NAME = "service.js"
"""At the root of the site, since it may only answer for what lies beside and below it."""

_SOURCE = Path(__file__).parent / "js" / NAME


def write_service(target: Path) -> None:
    """Write the service worker beside the pages. target: the folder of the finished site."""
    digest = hashlib.sha256()
    for path in sorted(target.rglob("*")):
        if path.is_file() and path.name != NAME:
            digest.update(f"{path.relative_to(target).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    text = _SOURCE.read_text(encoding="utf-8").replace("wbviz-version", digest.hexdigest()[:16])
    (target / NAME).write_text(text, encoding="utf-8")
