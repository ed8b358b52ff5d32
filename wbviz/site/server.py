"""Serves a folder of pages on this machine, compressed as a real server would.

Also for the tests: they serve the book under a path of its own, as a course's web server may.
"""

from __future__ import annotations

import gzip
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit, urlunsplit

from wbviz.errors import UsageError

HOST = "127.0.0.1"
_COMPRESSIBLE = {".html", ".js", ".css", ".json", ".svg", ".txt", ".md", ".xml", ".ipynb", ".ttf"}


class Server(ThreadingHTTPServer):
    """A thread for each connection; a browser that hangs up is no error."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say what went wrong, unless it is only that nobody listens any more."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(SimpleHTTPRequestHandler):
    """Files below ``root``, seen below the path ``prefix``; text is sent compressed to whoever takes that."""

    protocol_version = "HTTP/1.1"  # else a connection for every file
    extensions_map = {  # noqa: RUF012  (as in the base class)
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".ipynb": "application/x-ipynb+json",
        ".woff2": "font/woff2",
    }

    def __init__(self, *args: Any, root: Path, prefix: str, **kwargs: Any) -> None:
        self.root = root
        self.prefix = prefix
        super().__init__(*args, directory=str(root), **kwargs)

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Answer a request; the base class does, but for the prefix and the compression."""
        parts = urlsplit(self.path)
        if not parts.path.startswith(self.prefix):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        self.path = urlunsplit(("", "", "/" + parts.path[len(self.prefix) :], parts.query, ""))
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            if not parts.path.endswith("/"):  # here, since the base class would forget the prefix
                self.send_response(HTTPStatus.MOVED_PERMANENTLY)
                self.send_header("Location", parts.path + "/")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return None
            path /= "index.html"
        if not self._takes_gzip() or path.suffix not in _COMPRESSIBLE or not path.is_file():
            return super().send_head()
        body = compressed(path, path.stat().st_mtime_ns)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return BytesIO(body)

    def end_headers(self) -> None:
        """A page that was built anew is seen at once."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the address is all that a reader wants to see in the terminal."""

    def _takes_gzip(self) -> bool:
        return "gzip" in self.headers.get("Accept-Encoding", "")


@lru_cache(maxsize=512)
def compressed(path: Path, changed: int) -> bytes:
    """The file, compressed with gzip. ``changed`` is its time of change, so that a changed file is compressed anew."""
    del changed
    return gzip.compress(path.read_bytes(), compresslevel=6, mtime=0)


def warm(root: Path) -> None:
    """Compress the scripts and styles below ``root`` now, so that the first reader does not wait for it."""
    for path in root.rglob("*"):
        if path.suffix in {".js", ".css"}:
            compressed(path, path.stat().st_mtime_ns)


def make_server(root: Path, port: int = 0, prefix: str = "/") -> ThreadingHTTPServer:
    """A server of ``root`` on ``port`` of this machine (0: a free one). Raises ``UsageError`` if the port is taken."""

    def handler(*args: Any, **kwargs: Any) -> Handler:
        return Handler(*args, root=root, prefix=prefix, **kwargs)

    try:
        server = Server((HOST, port), handler)
    except OSError as error:
        raise UsageError(
            "cannot serve on this port",
            came=f"--port {port}: {error.strerror}",
            expected="a port that nothing else listens on",
            cause="another server, perhaps an earlier one of this book, still runs",
            fix="python -m wbviz book serve      (takes a free port by itself)",
        ) from error
    return server


@contextmanager
def serving(root: Path, prefix: str = "/") -> Iterator[str]:
    """Serve ``root`` on a free port while the block runs; gives the address of its first page."""
    server = make_server(root, 0, prefix)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield address(server, prefix)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def serve_forever(root: Path, port: int) -> None:
    """Serve ``root`` until interrupted, and say where."""
    server = make_server(root, port)
    warm(root)
    print(f"The book is at {address(server)}      (Ctrl-C ends this)", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()
    finally:
        server.server_close()


def address(server: ThreadingHTTPServer, prefix: str = "/") -> str:
    """Where the pages of ``server`` are."""
    return f"http://{HOST}:{server.server_port}{prefix}"
