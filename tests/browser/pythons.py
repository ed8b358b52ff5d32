"""A page that has Python and nothing else, below a path, under the Content-Security-Policy of the book's pages."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from unittest.mock import patch

from wbviz.site import server
from wbviz.site.frame import POLICY
from wbviz.site.offline import write_service
from wbviz.site.python import Made, write_python

ROOT = Path(__file__).parents[2]
_ESBUILD = ROOT / "node_modules" / ".bin" / "esbuild"
_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="wb-python" content="_static/{name} {bytes}"><link rel="icon" href="data:,"><title>Python</title>
<script src="page.js"></script></head><body><h1>Python</h1></body></html>
"""
_SCRIPT = """
import { costs, startPython, why } from "PYTHON";
window.against = [];
addEventListener("securitypolicyviolation", (event) => against.push(event.violatedDirective + " " + event.blockedURI));
if (location.protocol !== "file:") navigator.serviceWorker?.register("service.js");
// One of each, kept for the test: what it was told while it started, and the answers by name.
window.told = [];
window.start = async () => {
  window.python = await startPython({ onProgress: (loading) => told.push(loading) });
};
window.ask = (request) => python.ask(request).answer;
Object.assign(window, { costs, startPython, why });
"""


def write_site(folder: Path) -> Made:
    """Write the page, its script, Python and the service worker."""
    (folder / "_static").mkdir(parents=True)
    made = write_python(ROOT, folder / "_static")
    page = _PAGE.format(policy=escape(POLICY), name=made.name, bytes=made.bytes)
    (folder / "index.html").write_text(page, encoding="utf-8")
    script = _SCRIPT.replace("PYTHON", (ROOT / "wbviz" / "viz" / "js" / "python.js").as_posix())
    command = [_ESBUILD, "--bundle", "--format=iife", f"--outfile={folder / 'page.js'}", "--log-level=error"]
    subprocess.run(command, input=script, cwd=ROOT, text=True, check=True)
    write_service(folder)
    return made


@contextmanager
def serving_with(folder: Path, prefix: str, headers: dict[str, str]) -> Iterator[str]:
    """Serve a folder with headers beside the usual ones."""

    class Handler(server.Handler):
        def end_headers(self) -> None:
            for name, value in headers.items():
                self.send_header(name, value)
            super().end_headers()

    with patch.object(server, "Handler", Handler), server.serving(folder, prefix) as address:
        yield address


def policy_of() -> dict[str, str]:
    """The policy as a header."""
    return {"Content-Security-Policy": POLICY}
