"""Chapters in JupyterLab and in Notebook 7, in Chromium: run from top to bottom, and the same player moves there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from random import Random
from threading import Thread
from typing import NamedTuple
from urllib.parse import urlsplit

import nbformat
import pytest
from nbclient import NotebookClient
from playwright.sync_api import Browser, Error, Page, expect

from tests.drawn import SEED, WHOLE
from wbviz.site.notebooks import write_notebooks

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.browser
LONG = 120_000  # a kernel has to start, and a checker to run, before there is something to see

# Cells out of sight are not drawn otherwise, so that a player further down could not be found.
WHOLE_NOTEBOOK = {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}
QUIET = {"@jupyterlab/apputils-extension:notification": {"checkForUpdates": False, "fetchNews": "false"}}
PLAYER = ".wb-player[data-drawn]"
LAB = ".wb-lab[data-drawn]"
KERNEL_IS_IDLE = """async (path) => {
  const sessions = await (await fetch("/api/sessions")).json();
  return sessions.some((session) => session.path === path && session.kernel.execution_state === "idle");
}"""


class Program(NamedTuple):
    """A program for notebooks: the module that starts it, and where it opens one."""

    module: str
    opens: str


PROGRAMS = {
    "JupyterLab": Program("jupyterlab", "lab/workspaces/{0}/tree/{0}.ipynb"),  # else other chapters are open too
    "Notebook 7": Program("notebook", "notebooks/{0}.ipynb"),
}


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the chapters as notebooks, not run."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "book").symlink_to(ROOT / "book", target_is_directory=True)
    return write_notebooks(folder)[0].parent


@pytest.fixture(scope="module", params=PROGRAMS)
def jupyter(request: pytest.FixtureRequest, notebooks: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Each of the programs on that folder: where it opens a chapter, whose name is to be put in."""
    program = PROGRAMS[request.param]
    home = tmp_path_factory.mktemp("jupyter")
    settings = home / "overrides" / "overrides.json"
    settings.parent.mkdir()
    settings.write_text(json.dumps({**WHOLE_NOTEBOOK, **QUIET}), encoding="utf-8")
    (home / "config").mkdir()
    config = {"LabServerApp": {"overrides_path": str(settings)}, "ServerApp": {"root_dir": str(notebooks)}}
    (home / "config" / "jupyter_server_config.json").write_text(json.dumps(config), encoding="utf-8")
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "JUPYTER_PLATFORM_DIRS": "1",
    }
    command = [sys.executable, "-m", program.module, "--no-browser", "--port=0", "--ip=127.0.0.1", "--allow-root"]
    command += ["--IdentityProvider.token=", "--ServerApp.open_browser=False"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        said = []
        for line in server.stderr:  # ends when the server does
            said.append(line)
            if "http://127.0.0.1:" in line:
                Thread(target=server.stderr.read, daemon=True).start()  # a full pipe would stop the server
                address = urlsplit(line[line.index("http://") :].strip())
                yield f"http://{address.netloc}/{program.opens}"
                server.terminate()
                break
        else:
            pytest.fail(f"{request.param} did not start:\n" + "".join(said), pytrace=False)


def test_every_chapter_runs_from_top_to_bottom(notebooks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    for path in sorted(notebooks.glob("*.ipynb")):
        chapter = nbformat.read(path, as_version=4)
        NotebookClient(chapter, timeout=LONG // 1000, resources={"metadata": {"path": str(notebooks)}}).execute()
        shown = [output for cell in chapter.cells if cell.cell_type == "code" for output in cell.outputs]
        widgets = any("application/vnd.jupyter.widget-view+json" in output.get("data", {}) for output in shown)
        assert widgets or path.stem in MADE_FROM_CODE, f"{path.stem} shows no widget"
        assert any(output.output_type in ("display_data", "execute_result") for output in shown)


MADE_FROM_CODE = ("architecture", "how-far-a-proof-reaches", "intro", "reference", "scenarios")
"""Pages that show tables, plots or a still picture, and no widget."""


def run_all(page: Page) -> None:
    """Run > Run All Cells. Jupyter forgets the wish if its kernel has not answered it yet: then again."""
    begun = page.locator(".jp-InputPrompt", has_text=re.compile(r"\[(\*|\d+)\]")).first
    for attempt in range(6):
        page.locator(".lm-MenuBar-item", has_text="Run").click()
        page.locator('.lm-Menu-item[data-command="runmenu:run-all"]').click()
        try:
            expect(begun).to_be_visible(timeout=15_000)
        except AssertionError:
            if attempt == 5:
                raise
        else:
            return


def run_chapter(browser: Browser, jupyter: str, chapter: str, widget: str) -> Page:
    """A chapter, run until its first such widget is drawn. anywidget gives up on a busy machine: then again."""
    for attempt in range(4):
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        try:
            page.goto(jupyter.format(chapter))
            expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible(timeout=LONG)
            page.wait_for_function(KERNEL_IS_IDLE, arg=f"{chapter}.ipynb", timeout=LONG)
            run_all(page)
            expect(page.locator(widget).first).to_be_visible(timeout=60_000)
        except (AssertionError, Error):
            if attempt == 3:
                raise
            page.close()
        else:
            return page
    raise AssertionError("unreachable: the last attempt returns or raises")


def test_the_player_moves(jupyter: str, browser: Browser) -> None:
    page = run_chapter(browser, jupyter, "lock-ordering", PLAYER)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    player = page.locator(PLAYER).first
    player.scroll_into_view_if_needed()
    told = player.locator(".wb-caption")
    start = told.text_content() or ""
    player.get_by_role("button", name="Just show me").click()
    player.get_by_role("button", name="Restart").click()  # it plays: on a busy machine it may be anywhere by now
    expect(told).to_have_text(start)
    player.get_by_role("button", name="One step on").click()
    expect(told).not_to_have_text(start)
    player.get_by_role("button", name="One step back").click()
    expect(told).to_have_text(start)
    level = page.locator(".wb-game[data-drawn]").first
    expect(level).to_be_visible(timeout=LONG)
    level.locator(".wb-moves button").first.focus()
    page.keyboard.press("1")
    expect(level).to_have_attribute("data-steps", "1")
    assert errors == []
    page.close()


LABS = ("reclaim", "flushers")
TODAY = zip(PROGRAMS, Random(SEED).sample(LABS, 2), strict=True)
PAIRS = list(product(PROGRAMS, LABS) if WHOLE else TODAY)


@pytest.mark.parametrize(("jupyter", "chapter"), PAIRS, indirect=["jupyter"])
def test_a_labs_controls_run_the_simulator(jupyter: str, chapter: str, browser: Browser) -> None:
    """Each lab in one of the two programs, in which one is drawn each day; in both of them with `WBVIZ_WHOLE=1`."""
    page = run_chapter(browser, jupyter, chapter, LAB)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    root = page.locator(LAB)
    root.scroll_into_view_if_needed()
    expect(root).to_have_attribute("data-live", "true")
    expect(root.locator(".wb-source")).to_contain_text("Live")
    before = root.locator(".wb-came tbody").text_content()
    root.locator("input[data-control]").nth(2).check()
    expect(root.locator(".wb-came thead th").last).to_have_text("the run before", timeout=LONG)
    assert root.locator(".wb-came tbody").text_content() != before
    root.focus()
    page.keyboard.press("ArrowRight")
    expect(root).to_have_attribute("data-tick", "1")
    assert errors == []
    page.close()
