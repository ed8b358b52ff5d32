"""The book: built with Jupyter Book, served from this machine.

``python -m wbviz book build`` and ``book serve`` call ``build`` and ``serve``. The parts:

    builder   runs Jupyter Book, with warnings as errors
    pages     a Sphinx extension: what Sphinx is to know beside its settings
    finish    from Jupyter Book's pages to what is served; places takes the widgets' states out, frame makes the head,
              js/ has what the pages run, and build.mjs, which bundles it
    server    serves a built book, compressed as a real server would
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

from wbviz.errors import WbvizError

__all__ = ["build", "serve"]


def build(args: argparse.Namespace) -> int:
    """Build the book into ``_build/html`` of the checkout. Uses nothing of ``args``. Returns the exit status."""
    del args
    return _reporting(_build)


def serve(args: argparse.Namespace) -> int:
    """Build the book and serve it until interrupted, on ``args.port`` (0: a free one). Returns the exit status."""
    port = int(args.port)

    def work() -> int:
        if status := _build():
            return status
        from wbviz.site.builder import checkout, html
        from wbviz.site.server import serve_forever

        serve_forever(html(checkout()), port)
        return 0

    return _reporting(work)


def _build() -> int:
    from wbviz.site.builder import build_book, checkout

    return build_book(checkout())


def _reporting(work: Callable[[], int]) -> int:
    """Run ``work``; a mistake that has an explanation is printed as that, without a traceback."""
    import sys

    try:
        return work()
    except WbvizError as error:
        print(error, file=sys.stderr)
        return 1
