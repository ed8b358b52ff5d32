"""Gathers the widget runtime that the pages load, so that the site asks no third party for anything.

By default the pages would load require.js and html-manager from two content delivery networks, and whatever module a
widget names from one of them. Here all of it comes from what is installed: the first two from npm, the modules of
bqplot, bqscales and anywidget from their own wheels, which carry them for the classic notebook. They are put beside
the pages, not under ``_static``: Jupyter Book adds every script it finds there to every page.
"""

from __future__ import annotations

import re
import shutil
import sysconfig
from pathlib import Path

from wbviz.errors import UsageError

FOLDER = "widgets"
"""The folder of the runtime beside the pages."""

MODULES = ("bqplot", "bqscales", "anywidget")
"""The modules that widgets name, as the folders of ``share/jupyter/nbextensions`` are called."""

# html-manager carries the widgets of ipywidgets 7 as well. Nothing here asks for them, and they are a quarter of it.
_UNUSED = ("@jupyter-widgets/base7", "@jupyter-widgets/controls7")

_HASTE = "AbortSignal.timeout(2e3)"

_CALL = re.compile(r'^\(\(\)=>\{"use strict";window\.require\(\[.*renderWidgets.*$\n?', re.MULTILINE)

# Where two of its modules look for the icons of ipywidgets' own buttons; fetched only when one is shown.
_FONTS = ("@jupyter-widgets", "@jupyter-widgets/html-manager/dist")


def assemble(root: Path, target: Path) -> None:
    """Write the runtime into ``target/widgets``, from ``root/node_modules`` and this Python's ``share/jupyter``.

    ``target`` is emptied first. Raises ``UsageError`` when a part is not installed.
    """
    manager = _existing(root / "node_modules" / "@jupyter-widgets" / "html-manager" / "dist", "npm ci")
    require = _existing(root / "node_modules" / "requirejs" / "require.js", "npm ci")
    share = Path(sysconfig.get_path("data")) / "share" / "jupyter" / "nbextensions"
    modules = {name: _existing(share / name / "index.js", "make venv") for name in MODULES}

    shutil.rmtree(target, ignore_errors=True)
    folder = target / FOLDER
    folder.mkdir(parents=True)
    (folder / "require.js").write_bytes(require.read_bytes())
    embed = trim(_read(manager / "embed-amd.js")) + _read(Path(__file__).with_name("embed.js"))
    (folder / "embed-amd.js").write_text(embed, encoding="utf-8", newline="\n")
    for place in _FONTS:
        (folder / place).mkdir(parents=True, exist_ok=True)
        for font in manager.glob("*.woff2"):
            (folder / place / font.name).write_bytes(font.read_bytes())
    for name, source in modules.items():
        text = _without_map(_read(source))
        text = patient(text) if name == "anywidget" else text
        (folder / f"{name}.js").write_text(text, encoding="utf-8", newline="\n")


def patient(script: str) -> str:
    """anywidget's module, which gives a widget a minute to load and not two seconds.

    All widgets of a page begin to load at once, so on a slow telephone the last of a dozen takes longer than that,
    and would be missing. Raises ``UsageError`` when the module does not say how long it waits where it is expected to.
    """
    parts = script.split(_HASTE)
    if len(parts) != 2:
        raise UsageError(
            "anywidget's index.js is not as expected",
            came=f"{len(parts) - 1} times {_HASTE}",
            expected="once",
            cause="requirements.txt names another version of anywidget",
            fix="pip install -r requirements.txt, or mend wbviz/site/runtime.py for the new version",
        )
    return "AbortSignal.timeout(6e4)".join(parts)


def trim(bundle: str) -> str:
    """html-manager's ``embed-amd.js`` without the modules of ipywidgets 7 and without the call that shows the widgets.

    The bundle is a row of named AMD modules, each beginning on a line of its own, and that call at the end. Raises
    ``UsageError`` when it is not. What shows the widgets instead is ``embed.js``, beside this file.
    """
    first, *parts = re.split(r'^(?=define\(")', bundle, flags=re.MULTILINE)
    kept = [part for part in parts if not part.startswith(tuple(f'define("{name}"' for name in _UNUSED))]
    text, calls = _CALL.subn("", first + "".join(kept))
    if len(parts) - len(kept) != len(_UNUSED) or calls != 1:
        raise UsageError(
            "html-manager's embed-amd.js is not laid out as expected",
            came=f"a bundle of {len(parts)} modules and {calls} such calls",
            expected=f"named modules, {' and '.join(_UNUSED)} among them, and one call that shows the widgets",
            cause="package-lock.json names another version of @jupyter-widgets/html-manager",
            fix="npm ci, or mend wbviz/site/runtime.py for the new version",
        )
    return _without_map(text)


def head(prefix: str) -> str:
    """What a page with widgets has in its head. ``prefix`` leads from the page to the site's root: ``""``, ``"../"``….

    Everything is named at once, so that the browser fetches it side by side, while the page is read; the scripts run in
    order after that. ``require`` finds modules by these paths; what it is not told of, it looks for in the same folder,
    so that a missing module is an error here and not a request to somebody else.
    """
    folder = f"{prefix}{FOLDER}"
    scripts = ("embed-amd", *MODULES)
    preloads = "".join(f'<link rel="preload" as="script" href="{folder}/{name}.js">\n' for name in scripts)
    paths = ", ".join(f'"{name}": "{name}"' for name in MODULES)
    return f"""
{preloads}<script>
window.require = {{ baseUrl: "{folder}", paths: {{ {paths} }}, waitSeconds: 0 }};
</script>
<script defer src="{folder}/require.js"></script>
<script defer src="{folder}/embed-amd.js" data-jupyter-widgets-cdn="{folder}/"></script>
"""


def _without_map(script: str) -> str:
    """The script without its references to source maps, which are not beside it: a debugger would ask for them."""
    return re.sub(r"^//# sourceMappingURL=.*$\n?", "", script, flags=re.MULTILINE)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _existing(path: Path, command: str) -> Path:
    if not path.exists():
        raise UsageError(
            "a part of the widget runtime is missing",
            came=f"no {path}",
            expected="the packages of requirements.txt and of package-lock.json, installed",
            cause="they were not installed yet, or elsewhere",
            fix=f"{command}      (make serve does it by itself)",
        )
    return path
