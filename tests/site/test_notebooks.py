"""The chapters as notebooks: nothing in them that only the book's builder understands."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from wbviz.site.notebooks import HOW_TO_RUN, chapters, notebook
from wbviz.site.plain_markdown import plain

ROOT = Path(__file__).parents[2]
CHAPTERS = chapters(ROOT)


def test_directives_and_roles_become_plain_markdown() -> None:
    text = """\
As {cite}`wu-2012-03-03, linux-3.3` has it, a {term}`work` and {term}`its flusher <flusher>`; [see](pages.md#locked),
[words](glossary.md).

```{dropdown} Solution
:class: x

Both *wait*.
```

:::{important}
One line.

Another.
:::

```{raw} html
<b>bold</b>
```

```{code-cell} python
:tags: [remove-input]
print("{cite}")
```
"""
    assert (
        plain(text, {"pages"})
        == """\
As [Wu 2012-03-03, Linux 3.3] has it, a work and its flusher; [see](pages.ipynb#locked),
[words](../../book/glossary.md).

<details><summary>Solution</summary>

Both *wait*.

</details>

> **Important**
>
> One line.
>
> Another.

<b>bold</b>

```{code-cell} python
:tags: [remove-input]
print("{cite}")
```
"""
    )


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_is_a_notebook_that_jupyterlab_can_show(chapter: Path) -> None:
    made = notebook(chapter.read_text(encoding="utf-8"), {path.stem for path in CHAPTERS})
    cells = json.loads(made)["cells"]
    assert "".join(cells[0]["source"]) == HOW_TO_RUN
    words = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    left = re.findall(r"^[`:]{3,}\{[^\n]*|\{[a-z:]+\}`[^`]*`", words, re.MULTILINE)
    assert not left, f"JupyterLab would show this as it is: {left}"
    assert any(cell["cell_type"] == "code" for cell in cells)
