"""Python in the page: started when it is asked for, stopped, broken and started again, offline, in every engine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.chromium import Visit
from tests.browser.conftest import SUBPATH
from tests.browser.engines import ENGINES, Missing
from tests.browser.pythons import policy_of, serving_with, write_site
from tests.browser.test_engines import until
from wbviz.check.check import check_scenario
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import build
from wbviz.site.python import Made, make_python
from wbviz.site.server import serving

pytestmark = pytest.mark.browser

BAD = load_policy("writearound").source
CHECK = {"ask": "check", "policy": BAD, "scenario": "abba"}
LONG = {"ask": "check", "policy": BAD, "scenario": "storm", "params": {"pages": 6}}

Opened = Callable[..., Visit]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of one page."""
    folder = tmp_path_factory.mktemp("site") / "site"
    write_site(folder)
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Where it is served, below a path."""
    with serving(folder, SUBPATH) as address:
        yield address


@pytest.fixture(scope="module")
def made() -> Made:
    return make_python(Path(__file__).parents[2])


def ask(page: Page, request: dict[str, Any]) -> Any:
    return page.evaluate("(request) => ask(request)", request)


def fetched(seen: Visit, made: Made) -> dict[str, int]:
    return {url.rpartition("/")[2]: size for url, size in seen.loaded.items() if made.name in url}


def test_it_is_fetched_when_it_is_asked_for_and_then_it_checks(opened: Opened, address: str, made: Made) -> None:
    seen = opened(address)
    page = seen.page
    page.wait_for_load_state("networkidle")
    assert page.evaluate("why()") == ""
    assert not fetched(seen, made), "the reader had not asked"
    page.evaluate("start()")
    told = page.evaluate("told")
    assert told[-1]["loaded"] <= told[-1]["total"] == pytest.approx(page.evaluate("costs()"), rel=0.01)
    assert [one["loaded"] for one in told] == sorted(one["loaded"] for one in told)
    answer = ask(page, CHECK)
    result = check_scenario(load_policy("writearound"), build("abba")).to_json()
    assert {key: answer[key] for key in ("verdict", "states", "transitions", "cycle")} == {
        key: result[key] for key in ("verdict", "states", "transitions", "cycle")
    }
    assert answer["film"]["frames"]
    assert page.evaluate("against") == []


def test_who_stops_a_question_is_told_so_and_asks_the_next(opened: Opened, address: str) -> None:
    page = opened(address).page
    page.evaluate("start()")
    heard = page.evaluate(
        """async ({ long, check }) => {
          const heard = [];
          let began;
          const begun = new Promise((resolve) => (began = resolve));
          const first = python.ask(long, { onProgress: (told) => { heard.push(told); began(); } });
          const second = python.ask(check);
          const third = python.ask(check);
          await begun;
          second.stop();
          first.stop();
          return { heard, answers: await Promise.all([first.answer, second.answer, third.answer]) };
        }""",
        {"long": LONG, "check": CHECK},
    )
    first, second, third = heard["answers"]
    assert heard["heard"][0]["scenario"] == "storm"
    assert first["stopped"]
    assert second["stopped"]
    assert third["verdict"] == "deadlock"


def test_after_a_crash_the_next_question_starts_a_new_worker(opened: Opened, address: str) -> None:
    page = opened(address).page
    page.evaluate(
        "() => { window.Worker = class extends Worker { constructor(url) { super(url); window.last = this; } } }"
    )
    page.evaluate("start()")
    answer = page.evaluate(
        """async (long) => {
          const { answer } = python.ask(long);
          last.dispatchEvent(new ErrorEvent("error", { message: "out of memory", cancelable: true }));
          return answer;
        }""",
        LONG,
    )
    assert answer["crashed"]
    assert "broke" in answer["error"]
    assert ask(page, CHECK)["verdict"] == "deadlock"


def test_what_was_started_once_starts_without_a_network(opened: Opened, address: str) -> None:
    page = opened(address).page
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.reload()  # from now on the service worker answers
    page.evaluate("start()")
    ask(page, CHECK)
    page.wait_for_function("caches.keys().then((names) => names.some((name) => name.startsWith('wbviz-python ')))")
    page.context.set_offline(True)
    page.reload()
    assert page.evaluate("navigator.serviceWorker.controller !== null")
    page.evaluate("start()")
    assert ask(page, {"ask": "grade", "policy": BAD, "exercise": "02-pin-then-lock"})["gradable"]


def test_a_policy_finds_no_network_in_the_worker(opened: Opened, address: str) -> None:
    """Looked at as soon as it is ready: it was cut off only once it had kept its memory, and a quick disk hid that."""
    page = opened(address).page
    page.evaluate("start()")
    (worker,) = page.workers
    names = ["fetch", "XMLHttpRequest", "WebSocket", "importScripts", "caches", "indexedDB", "Worker"]
    assert [name for name in names if worker.evaluate(f"typeof {name}") != "undefined"] == []
    hostile = "import js\n\ndef enqueue(mm, page):\n    yield\n\ndef execute(mm, work):\n    yield\n"
    assert ask(page, {**CHECK, "policy": hostile})["verdict"] == "policy-error"


def test_under_the_policy_as_a_header_too(opened: Opened, folder: Path) -> None:
    with serving_with(folder, SUBPATH, policy_of()) as address:
        page = opened(address).page
        page.evaluate("start()")
        assert ask(page, CHECK)["verdict"] == "deadlock"
        assert page.evaluate("against") == []


def test_where_it_cannot_be_it_says_why(opened: Opened, folder: Path, address: str) -> None:
    assert "from a file" in opened((folder / "index.html").as_uri()).page.evaluate("why()")
    page = opened(address).page
    page.evaluate("delete window.WebAssembly")
    assert "WebAssembly" in page.evaluate("why()")
    assert "WebAssembly" in page.evaluate("startPython().then(() => '', (error) => error.message)")
    page.evaluate("document.querySelector('meta[name=wb-python]').content = ''")
    assert "without Python" in page.evaluate("why()")


@pytest.mark.parametrize("name", [name for name in ENGINES if name != "chromium"])  # in which all of the above ran
def test_it_runs_in_every_other_engine(name: str, address: str) -> None:
    try:
        with ENGINES[name]() as engine:
            engine.open(address)
            request = f'{{ ask: "check", scenario: "abba", policy: {BAD!r} }}'
            asked = f"start().then(() => ask({request})).catch((error) => ({{ error: error.message }}))"
            engine.run(f"{asked}.then((answer) => (window.answer = answer)); return 0")
            until(engine, "window.answer", 300)
            answer, against = engine.run("return [answer, against]")
    except Missing as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{name}: {missing}")
        pytest.skip(f"{name} was not tested: {missing}")
    assert against == []
    assert answer.get("verdict") == "deadlock", answer.get("error")
    assert len(answer["film"]["frames"]) > 3
