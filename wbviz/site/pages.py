"""A Sphinx extension (named in ``_config.yml``): what each page loads.

A page with widgets gets the runtime that ``wbviz.site.runtime`` has gathered; any other page gets none of it.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from wbviz._version import __version__
from wbviz.site import citation_style
from wbviz.site.notebooks import is_notebook
from wbviz.site.runtime import head

# Sphinx marks a bibliography with a deprecated role, on elements that may not have it.
_ROLES = re.compile(r' role="doc-biblioentry"|(?<=<div) role="list"(?= class="citation-list")')
_VIEW = "application/vnd.jupyter.widget-view+json"


def setup(app: Sphinx) -> dict[str, Any]:
    """What Sphinx calls to load the extension."""
    citation_style.register()
    # Jupyter Book sets these for extensions that this book does not load; unknown settings would be warnings.
    app.add_config_value("comments_config", {}, "html")
    app.connect("html-page-context", offer_notebook, priority=100)  # before the theme makes its buttons
    app.connect("html-page-context", add_runtime, priority=900)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


def offer_notebook(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Give a chapter that is a notebook a download of it; `wbviz.site.notebooks` writes the file."""
    del templatename
    if doctree is not None and is_notebook(Path(app.env.doc2path(pagename)).read_text(encoding="utf-8")):
        context["ipynb_source"] = f"{posixpath.basename(pagename)}.ipynb"


def add_runtime(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Put the runtime into the head of a page that shows a widget, and take roles out that HTML does not know."""
    del app, templatename, doctree
    context["body"] = _ROLES.sub("", context.get("body", ""))
    if _VIEW in context["body"]:
        context["metatags"] = context.get("metatags", "") + head(to_root(pagename))


def to_root(pagename: str) -> str:
    """The way from a page to the root of the site: ``""`` for ``intro``, ``"../"`` for ``part/chapter``."""
    folder = posixpath.dirname(pagename)
    return "../" * len(folder.split("/")) if folder else ""
