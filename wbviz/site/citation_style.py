"""The bibliography's style: sources in the order of their keys, under labels that can be read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pybtex.plugin import register_plugin
from pybtex.style.formatting.unsrt import Style
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.sorting import BaseSortingStyle

from wbviz.site.labels import label

STYLE = "wbviz"


class KeyLabels(BaseLabelStyle):  # type: ignore[misc]  # pybtex has no types
    """Labels made from the keys of the bibliography."""

    def format_labels(self, entries: Iterable[Any]) -> Iterable[str]:
        """What pybtex calls, with the entries in the order of the bibliography."""
        for entry in entries:
            yield label(entry.key)


class KeySorting(BaseSortingStyle):  # type: ignore[misc]
    """Sources in the order of their labels, version 3.10 after 3.9."""

    def sorting_key(self, entry: Any) -> list[tuple[int, str]]:
        """What pybtex sorts by."""
        return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", entry.key)]


class KeyStyle(Style):  # type: ignore[misc]
    """The plain style, with labels from the keys and sorted by them."""

    default_label_style = KeyLabels
    default_sorting_style = KeySorting


def register() -> None:
    """Make the style known to pybtex under `STYLE`, the name that `_config.yml` uses."""
    register_plugin("pybtex.style.formatting", STYLE, KeyStyle)
