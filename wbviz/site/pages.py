"""A Sphinx extension (named in ``_config.yml``): what Sphinx is to know of this book beside its own settings."""

from __future__ import annotations

import posixpath
import re
from html import escape
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from wbviz._version import __version__
from wbviz.site import citation_style
from wbviz.site.frame import REPORT
from wbviz.site.labs import expanded
from wbviz.site.notebooks import is_notebook

# Sphinx marks a bibliography with a deprecated role, on elements that may not have it.
_ROLES = re.compile(r' role="doc-biblioentry"|(?<=<div) role="list"(?= class="citation-list")')


def setup(app: Sphinx) -> dict[str, Any]:
    """What Sphinx calls to load the extension."""
    citation_style.register()
    # Jupyter Book sets these for extensions that this book does not load; unknown settings would be warnings.
    app.add_config_value("comments_config", {}, "html")
    app.add_config_value("wbviz_report", "", "html")
    app.connect("source-read", write_labs_out)
    app.connect("html-page-context", say_where_errors_go)
    app.connect("html-page-context", offer_notebook, priority=100)  # before the theme makes its buttons
    app.connect("html-page-context", proper_roles, priority=900)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


def write_labs_out(app: Sphinx, pagename: str, source: list[str]) -> None:
    """Put the text of labs and exercises where a page names them, before it is read."""
    del pagename
    source[0] = expanded(source[0], Path(app.srcdir).parent)


def offer_notebook(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Give a chapter that is a notebook a download of it; `wbviz.site.notebooks` writes the file."""
    del templatename
    if doctree is not None and is_notebook(Path(app.env.doc2path(pagename)).read_text(encoding="utf-8")):
        context["ipynb_source"] = f"{posixpath.basename(pagename)}.ipynb"


def say_where_errors_go(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Leave the address where errors are reported in the page, for `wbviz.site.frame`, if there is one."""
    del pagename, templatename, doctree
    if app.config.wbviz_report:
        meta = f'<meta name="{REPORT}" content="{escape(app.config.wbviz_report)}">'
        context["metatags"] = context.get("metatags", "") + meta


def proper_roles(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Take roles out that HTML does not know."""
    del app, pagename, templatename, doctree
    context["body"] = _ROLES.sub("", context.get("body", ""))
