"""Where Chromium is, and a page opened in it that notes whatever goes wrong and whomever it asks."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Request, Route

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync", "--no-first-run"]
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_LOCAL = {"127.0.0.1", "localhost", ""}


def executable() -> str | None:
    """The path of Chromium: ``$CHROMIUM``, or what is installed under one of its names. None if there is none."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


@dataclass
class Visit:
    """A page and what was seen of it.

    ``outside``: the addresses it asked for that are not on this machine; none of them was reached.
    ``errors``: what it wrote to the console as an error, what it threw, and what it asked for here and did not get.
    ``loaded``: every address it got, with the size of the answer's body as it came, compressed.
    """

    page: Page
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    answered: list[Request] = field(default_factory=list)

    @property
    def loaded(self) -> dict[str, int]:
        return {request.url: request.sizes()["responseBodySize"] for request in self.answered}

    def assert_quiet(self) -> None:
        """Fail if the page asked anybody else for anything, or had any error."""
        assert not self.outside, f"asked for what is not on this machine: {self.outside}"
        assert not self.errors, "errors in the page:\n" + "\n".join(self.errors)


def visit(browser: Browser, **options: object) -> Visit:
    """A new page in an empty cache, with the network blocked. ``options`` are those of ``browser.new_context``."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})  # type: ignore[arg-type]
    seen = Visit(context.new_page())

    def block(route: Route) -> None:
        seen.outside.append(route.request.url)
        route.abort()

    # Only what is outside is routed: a route would also switch off the browser's preloads of what is here.
    context.route(lambda url: (urlsplit(url).hostname or "") not in _LOCAL, block)
    seen.page.on("console", lambda said: seen.errors.append(f"console: {said.text}") if said.type == "error" else None)
    seen.page.on("pageerror", lambda error: seen.errors.append(f"thrown: {error}"))
    seen.page.on("requestfailed", lambda request: _failed(seen, request))
    seen.page.on("requestfinished", lambda request: seen.answered.append(request))  # a builtin is refused
    return seen


def _failed(seen: Visit, request: Request) -> None:
    # What Chromium gave up by itself, since the page was left or scripts are off, is no fault of the page.
    if request.failure not in {"net::ERR_ABORTED", "csp"}:
        seen.errors.append(f"not got: {request.url}: {request.failure}")
