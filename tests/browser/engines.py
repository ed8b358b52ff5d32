"""Three engines behind one small interface: Chromium by Playwright, Firefox by WebDriver BiDi, WebKit by WebDriver.

Debian's Firefox comes without geckodriver, and Playwright drives only Firefoxes of its own; but Firefox itself speaks
BiDi over a websocket. WebKitWebDriver speaks the older protocol over HTTP. Both are little to speak here.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import websocket
from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import FLAGS, executable

KEYS = {"ArrowRight": "\ue014", "ArrowLeft": "\ue012", "Home": "\ue011", "End": "\ue010", "Enter": "\ue007"}
SIZE = (1280, 900)
_START = 60  # seconds that a browser may take to start on a busy machine


class Engine(Protocol):
    """A browser with one page."""

    def open(self, address: str) -> None:
        """Go there, and wait until the page has loaded."""

    def run(self, body: str) -> Any:
        """The value of the body of an async function in the page."""

    def click(self, selector: str) -> None:
        """Click in the middle of the first element, brought into view."""

    def press(self, key: str) -> None:
        """Press a key: its name, or the letter."""


class Missing(Exception):
    """A browser, or what drives it, is not installed; the message says how it is."""


class Chromium:
    """By Playwright."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, address: str) -> None:
        self.page.goto("about:blank")  # else a change of the hash would be no opening
        self.page.goto(address)

    def run(self, body: str) -> Any:
        return self.page.evaluate(f"async () => {{ {body} }}")

    def click(self, selector: str) -> None:
        self.page.locator(selector).first.click()

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)


class Firefox:
    """By WebDriver BiDi, which Firefox speaks itself."""

    def __init__(self, address: str) -> None:
        self.socket = websocket.create_connection(address, timeout=_START, suppress_origin=True)
        self.numbers = itertools.count(1)
        self.ask("session.new", capabilities={})
        tree = self.ask("browsingContext.getTree")
        self.context = tree["contexts"][0]["context"]
        width, height = SIZE
        viewport = {"width": width, "height": height}
        self.ask("browsingContext.setViewport", context=self.context, viewport=viewport)

    def ask(self, method: str, **params: Any) -> Any:
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            said = json.loads(self.socket.recv())
            if said.get("id") == number:
                assert said["type"] == "success", said
                return said["result"]

    def open(self, address: str) -> None:
        for place in ("about:blank", address):
            self.ask("browsingContext.navigate", context=self.context, url=place, wait="complete")

    def run(self, body: str) -> Any:
        # As text there and back: BiDi's own form of values is a language of its own.
        found = self.ask(
            "script.evaluate",
            expression=f"(async () => JSON.stringify((await (async () => {{ {body} }})()) ?? null))()",
            target={"context": self.context},
            awaitPromise=True,
        )
        assert found["type"] == "success", found["exceptionDetails"]["text"]
        return json.loads(found["result"]["value"])

    def click(self, selector: str) -> None:
        x, y = self.run(_MIDDLE.format(json.dumps(selector)))
        steps = [{"type": "pointerMove", "x": x, "y": y}, {"type": "pointerDown", "button": 0}]
        self._act({"type": "pointer", "id": "mouse", "actions": [*steps, {"type": "pointerUp", "button": 0}]})

    def press(self, key: str) -> None:
        value = KEYS.get(key, key)
        keys = [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        self._act({"type": "key", "id": "keys", "actions": keys})

    def _act(self, source: dict[str, Any]) -> None:
        self.ask("input.performActions", context=self.context, actions=[source])

    def close(self) -> None:
        self.ask("session.end")
        self.socket.close()


class WebKit:
    """By WebDriver, over HTTP, from WebKitWebDriver."""

    def __init__(self, address: str) -> None:
        self.address = address
        made = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": {"pageLoadStrategy": "normal"}}})
        self.session = f"/session/{made['sessionId']}"
        self.ask("POST", f"{self.session}/timeouts", {"script": 60_000, "pageLoad": 60_000})
        width, height = SIZE
        self.ask("POST", f"{self.session}/window/rect", {"width": width, "height": height})

    def ask(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=_START + 60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from error

    def open(self, address: str) -> None:
        for place in ("about:blank", address):
            self.ask("POST", f"{self.session}/url", {"url": place})

    def run(self, body: str) -> Any:
        script = (
            "const done = arguments[0];"
            f"(async () => {{ {body} }})().then((value) => done([value ?? null]), (e) => done([null, String(e)]));"
        )
        value = self.ask("POST", f"{self.session}/execute/async", {"script": script, "args": []})
        assert len(value) == 1, value[1]
        return value[0]

    def click(self, selector: str) -> None:
        x, y = self.run(_MIDDLE.format(json.dumps(selector)))
        steps = [{"type": "pointerMove", "x": x, "y": y, "duration": 0}, {"type": "pointerDown", "button": 0}]
        self._act({"type": "pointer", "id": "mouse", "actions": [*steps, {"type": "pointerUp", "button": 0}]})

    def press(self, key: str) -> None:
        value = KEYS.get(key, key)
        keys = [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        self._act({"type": "key", "id": "keys", "actions": keys})

    def _act(self, source: dict[str, Any]) -> None:
        self.ask("POST", f"{self.session}/actions", {"actions": [source]})

    def close(self) -> None:
        self.ask("DELETE", self.session)


_MIDDLE = """
const node = document.querySelector({});
node.scrollIntoView({{ block: "center", behavior: "instant" }});
await new Promise((resolve) => setTimeout(resolve, 50));
const box = node.getBoundingClientRect();
return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];
"""


@contextmanager
def chromium() -> Iterator[Engine]:
    """Chromium. Raises Missing."""
    path = executable()
    if path is None:
        raise Missing("no Chromium: apt-get install chromium, or set CHROMIUM")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        width, height = SIZE
        yield Chromium(browser.new_page(viewport={"width": width, "height": height}))
        browser.close()


@contextmanager
def firefox() -> Iterator[Engine]:
    """Firefox. Raises Missing."""
    path = shutil.which("firefox-esr") or shutil.which("firefox")
    if path is None:
        raise Missing("no Firefox: apt-get install firefox-esr")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        log = Path(profile) / "log"
        command = [path, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
        with log.open("wb") as out, _running(command, out, {"HOME": profile, "MOZ_HEADLESS": "1"}):
            pattern = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
            engine = Firefox(f"{_said(log, pattern)}/session")
            yield engine
            engine.close()


@contextmanager
def webkit() -> Iterator[Engine]:
    """WebKitGTK, under a screen of its own. Raises Missing."""
    for name, package in (("WebKitWebDriver", "webkit2gtk-driver"), ("Xvfb", "xvfb")):
        if shutil.which(name) is None:
            raise Missing(f"no {name}: apt-get install {package}")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        log = Path(home) / "log"
        read, write = os.pipe()
        screen = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1200x24", "-nolisten", "tcp", "-noreset"]
        with log.open("wb") as out, _running(screen, out, {}, (write,)):
            os.close(write)
            with os.fdopen(read) as told:  # the whole line: Xvfb ends if nobody listens to the end of it
                display = f":{told.readline().strip()}"
            port = _free_port()
            around = {"DISPLAY": display, "HOME": home, "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}
            around |= {"GIO_USE_PROXY_RESOLVER": "dummy", "LIBGL_ALWAYS_SOFTWARE": "1", "NO_AT_BRIDGE": "1"}
            with _running(["WebKitWebDriver", f"--port={port}", "--host=127.0.0.1"], out, around):
                _listens(port)
                engine = WebKit(f"http://127.0.0.1:{port}")
                yield engine
                engine.close()


ENGINES = {"firefox": firefox, "webkit": webkit, "chromium": chromium}


@contextmanager
def _running(command: list[str], out: Any, around: dict[str, str], keep: tuple[int, ...] = ()) -> Iterator[None]:
    environment = {**os.environ, **around}
    process = subprocess.Popen(command, stdout=out, stderr=out, env=environment, pass_fds=keep)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _said(log: Path, pattern: re.Pattern[str]) -> str:
    """What a program that has just been started says of itself."""
    end = time.monotonic() + _START
    while time.monotonic() < end:
        if found := pattern.search(log.read_text(encoding="utf-8", errors="replace")):
            return found[1]
        time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace"))


def _listens(port: int) -> None:
    end = time.monotonic() + _START
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"nothing listens on port {port}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
