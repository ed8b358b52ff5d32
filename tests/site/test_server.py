"""The server of the book: paths, compression, and a port that is taken."""

from __future__ import annotations

import gzip
import urllib.error
import urllib.request
from http.client import HTTPResponse
from pathlib import Path

import pytest

from wbviz.errors import UsageError
from wbviz.site.server import make_server, serving


def get(address: str, **headers: str) -> HTTPResponse:
    return urllib.request.urlopen(urllib.request.Request(address, headers=headers))  # type: ignore[no-any-return]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "part").mkdir()
    (tmp_path / "index.html").write_text("<h1>first</h1>" * 100)
    (tmp_path / "part" / "index.html").write_text("<h1>part</h1>")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    return tmp_path


def test_serves_below_a_path_and_nothing_beside_it(site: Path) -> None:
    with serving(site, "/course/book/") as address:
        assert address.endswith("/course/book/")
        with get(address) as first, get(f"{address}part") as part:
            assert b"first" in first.read()
            assert b"part" in part.read()
            assert part.url == f"{address}part/"
        with pytest.raises(urllib.error.HTTPError, match="404") as error:
            get(address.replace("course/", ""))
        error.value.close()


def test_never_leaves_its_folder(site: Path) -> None:
    (site.parent / "secret.html").write_text("secret")
    with serving(site) as address, pytest.raises(urllib.error.HTTPError, match="404") as error:
        get(f"{address}%2e%2e/secret.html")
    error.value.close()


def test_compresses_text_for_whoever_takes_it(site: Path) -> None:
    with serving(site) as address:
        with get(address, **{"Accept-Encoding": "gzip"}) as packed, get(address) as plain:
            assert packed.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(packed.read()) == plain.read()
            assert plain.headers["Content-Encoding"] is None
        with get(f"{address}picture.png", **{"Accept-Encoding": "gzip"}) as picture:
            assert picture.headers["Content-Encoding"] is None


def test_a_changed_page_is_seen_at_once(site: Path) -> None:
    with serving(site) as address:
        with get(address, **{"Accept-Encoding": "gzip"}) as page:
            page.read()
        (site / "index.html").write_text("<h1>second</h1>")
        with get(address, **{"Accept-Encoding": "gzip"}) as page:
            assert b"second" in gzip.decompress(page.read())


def test_a_port_that_is_taken_is_explained(site: Path) -> None:
    with make_server(site) as server, pytest.raises(UsageError, match="takes a free port"):
        make_server(site, server.server_port)
