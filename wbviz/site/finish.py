"""From what Jupyter Book built to what is served: pages that carry their widgets, one style sheet, a few scripts.

Jupyter Book writes whole pages with the theme's head. Each gets a head of our own here, and its widgets get places
(wbviz.site.places); style sheets and scripts are made by js/build.mjs, and are named after what is in them.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterable
from html import unescape
from pathlib import Path
from typing import Any

from wbviz.errors import UsageError
from wbviz.site.cover import cover
from wbviz.site.frame import Made, framed
from wbviz.site.labs import contracts, finished, policies
from wbviz.site.offline import write_service
from wbviz.site.places import Lifted, lift, placed, write_states
from wbviz.site.python import write_python
from wbviz.site.search import Piece, pieces
from wbviz.site.tasks import tasks
from wbviz.site.terms import linked, terms

ASSETS = "_static"
"""The folder of what the pages load."""

NOTES = "design/"
"""The folder of the design notes, which are searched when a reader asks for it."""

_INDEX = "index.html"
_ANY = "genindex.html"
_WITHOUT_LINKS = {"glossary.html", "genindex.html", "search.html", "bibliography.html"}
_CANONICAL = re.compile(r'<link rel="canonical" href="([^"]*)"')
_ADDRESS = re.compile(r'<link rel="canonical" href="([^"]*/)[^"/]*"')
_REFRESH = re.compile(r'<meta http-equiv="Refresh" content="0; url=([^"]+)"')
LOADED_BY_NAME = ("favicon.svg",)
_SHEET = re.compile(r'<link rel="stylesheet"[^>]*? href="([^"?]+)|<link href="([^"?]+)[^>]*? rel="stylesheet"')
_OURS = ("palette", "stage/player", "cells/recorded", "stage/game", "labs/lab")
_HERE = Path(__file__).parent
_PALETTE = re.compile(r"<style data-wb-palette>.*?</style>", re.DOTALL)
_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)


def finish(root: Path, raw: Path, target: Path) -> None:
    """Write the pages of `raw` into `target`, which is emptied first. root: the checkout, for node_modules.

    Raises UsageError where a package is missing, or a page or a source is not as it has to be.
    """
    shutil.rmtree(target, ignore_errors=True)
    assets = target / ASSETS
    assets.mkdir(parents=True)
    texts = {name: (raw / name).read_text(encoding="utf-8") for name in _names(raw)}
    if found := _REFRESH.search(texts[_INDEX]):
        texts[_INDEX] = texts[found[1]]  # the first page itself, not a page that leads on to it
    parts, asked = list(pieces(raw)), list(tasks(raw))
    pages = {name: _told(lift(text), asked) for name, text in texts.items()}
    made, shells = _made(root, raw, pages, assets, parts)
    lab_size = sum(_compressed(assets / file) for file in (made.editor, made.policylab)) + made.python_bytes
    known = terms(parts)
    says = {part.page: part.text for part in reversed(parts) if part.level == 1}
    for name, page in pages.items():
        write_states(page, assets)
        up = "../" * name.count("/")
        here = page if name in _WITHOUT_LINKS else page._replace(html=linked(page.html, known, up))
        text = finished(placed(here, shells, up + ASSETS), name, f"{up}{ASSETS}/{made.policylab}", lab_size)
        html = framed(name, _styles_once(text), made, page.widgets, says.get(name, ""))
        (target / name).parent.mkdir(exist_ok=True)
        (target / name).write_text(html, encoding="utf-8")
    (target / "404.html").write_text(_not_found((target / _ANY).read_text(encoding="utf-8")), encoding="utf-8")
    _for_machines(target, list(pages))
    for name in ("_images", "_downloads", "_sources"):
        if (raw / name).is_dir():
            shutil.copytree(raw / name, target / name)
    for name in LOADED_BY_NAME:
        shutil.copy(raw / ASSETS / name, assets / name)
    write_service(target)


def _names(raw: Path) -> list[str]:
    """The pages of the book, by their paths; not what Sphinx puts beside them."""
    paths = (path.relative_to(raw) for path in sorted(raw.rglob("*.html")))
    return [path.as_posix() for path in paths if path.parts[0] != "reports" and not path.parts[0].startswith("_")]


def _not_found(page: str) -> str:
    """A page of the frame, for addresses that lead nowhere."""
    said = (
        "<h1>There is no such page</h1><p>The address leads nowhere in this book. The chapters are listed beside this, "
        'and the <a href="search.html">search</a> knows all of them.</p>'
    )
    text = re.sub(r"<title>[^<—]*", "<title>There is no such page ", page)
    text = re.sub(r'<link rel="canonical"[^>]*>\n|<meta (?:name="description"|property="og:)[^>]*>\n', "", text)
    base = _ADDRESS.search(page)
    if base:  # such an address may be deeper than the pages are
        text = text.replace("<head>", f'<head>\n<base href="{base[1]}">', 1)
    return re.sub(r'(<article class="bd-article">).*?(</article>)', rf"\1{said}\2", text, flags=re.DOTALL)


def _for_machines(target: Path, names: list[str]) -> None:
    """robots.txt; and a sitemap, if the pages know their address."""
    heads = (_CANONICAL.search((target / name).read_text(encoding="utf-8")) for name in names)
    addresses = [found[1] for found in heads if found]
    lines = ["User-agent: *", "Allow: /"]
    if addresses:
        listed = "".join(f"<url><loc>{address}</loc></url>\n" for address in dict.fromkeys(addresses))
        sitemap = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{listed}</urlset>\n'
        (target / "sitemap.xml").write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{sitemap}', encoding="utf-8")
        lines.append(f"Sitemap: {addresses[0].rpartition('/')[0]}/sitemap.xml")
    (target / "robots.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _kept(folder: Path, name: str, text: str) -> str:
    """Write a script under a name with a digest of it; the name."""
    file = f"{name}.{hashlib.sha256(text.encode()).hexdigest()[:10]}.js"
    (folder / file).write_text(text, encoding="utf-8")
    return file


def _compressed(path: Path) -> int:
    """About as many bytes as a server sends."""
    return len(gzip.compress(path.read_bytes()))


def _script(name: str, found: list[Piece]) -> str:
    return f"globalThis.{name} = {_json([piece._asdict() for piece in found])};\n"


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _told(page: Lifted, asked: list[dict[str, object]]) -> Lifted:
    """The widget of progress is told what the book asks."""
    told = (w._replace(data={**w.data, "pages": asked}) if w.kind == "progress" else w for w in page.widgets)
    return page._replace(widgets=tuple(told))


def _made(
    root: Path, raw: Path, pages: dict[str, Lifted], assets: Path, parts: list[Piece]
) -> tuple[Made, dict[str, str]]:
    """What js/build.mjs makes of the sources: names of files, and the shells by the keys of widgets."""
    package = root / "wbviz"
    own = {path.name for path in (root / "book" / "_static").glob("*.css")}
    wishes = {
        "scripts": [str(_HERE / "js" / f"{name}.js") for name in ("frame", "live", "game", "labs", "search")],
        "lab": {"editor": str(_HERE / "js" / "editor.js"), "lab": str(_HERE / "js" / "policylab.js")},
        "words": {"contracts": contracts(), "policies": policies()},
        "kinds": str(package / "viz" / "js" / "kinds.js"),
        "theirs": [str(raw / sheet) for sheet in _sheets(raw / _ANY) if Path(sheet).name not in own],
        "ours": [
            *map(str, sorted((raw / ASSETS / name) for name in own)),
            *(str(package / "viz" / f"{name}.css") for name in _OURS),
            *map(str, sorted(_HERE.glob("*.css"))),
        ],
        "pages": [str(raw / name) for name in pages],
        "states": {w.key: {"kind": w.kind, "data": w.data} for page in pages.values() for w in page.widgets},
        "picture": cover(pages[_INDEX].html, package / "viz" / "palette.css", _title(pages[_INDEX].html)),
        "out": str(assets),
    }
    command = ["node", "--no-warnings", str(_HERE / "js" / "build.mjs")]
    done = subprocess.run(command, cwd=root, input=json.dumps(wishes), capture_output=True, text=True, check=False)
    if done.returncode:
        raise UsageError(
            "what the pages load could not be made",
            came=done.stderr.strip()[-2000:],
            expected="scripts and style sheets of wbviz that can be bundled, and the packages of package-lock.json",
            cause="npm packages are not installed, or a source has a mistake",
            fix="npm ci      (make serve does it by itself)",
        )
    told: dict[str, Any] = json.loads(done.stdout)
    files = {Path(path).stem: name for path, name in told["files"].items()}
    notes = [part for part in parts if part.page.startswith(NOTES)]
    chapters = [part for part in parts if not part.page.startswith(NOTES)]
    python = write_python(root, assets)
    made = Made(
        told["style"],
        pieces=_kept(assets, "pieces", _script("wbvizPieces", chapters)),
        notes=_kept(assets, "notes", _script("wbvizNotes", notes)),
        picture=told["picture"],
        python=python.name,
        python_bytes=python.bytes,
        **files,
    )
    return made, told["shells"]


def _title(page: str) -> str:
    found = re.search(r"<h1>(.*?)<", page)
    return unescape(found[1]) if found else ""


def _sheets(page: Path) -> Iterable[str]:
    """The style sheets that the theme gives a page, in their order."""
    return [one or other for one, other in _SHEET.findall(page.read_text(encoding="utf-8"))]


def _styles_once(html: str) -> str:
    """The palette is in the pages' style sheet; any other style that outputs bring with them is needed once."""
    seen: set[str] = set()

    def once(found: re.Match[str]) -> str:
        if found[0] in seen:
            return ""
        seen.add(found[0])
        return found[0]

    return _STYLE.sub(once, _PALETTE.sub("", html))
