"""Asks every address outside that the book names: ``python -m wbviz.site.links``, with Sphinx's own link checker.

The build itself checks what leads from page to page and to the bibliography; this needs the internet, so it is apart.
"""

from __future__ import annotations

import subprocess
import sys

from wbviz.site.builder import checkout, environment


def main() -> int:
    """Check them; the exit status is not 0 where one does not answer."""
    root = checkout()
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()"]
    command += ["build", "book", "--config", "_config.yml", "--path-output", "_build/links", "--builder", "linkcheck"]
    return subprocess.run(command, cwd=root, env=environment(root), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
