"""The labels of sources."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from wbviz.site.citation_style import KeySorting
from wbviz.site.labels import label

SHOWN = {
    "wu-2012-03-03": "Wu 2012-03-03",
    "linux-3.3:vmscan.c:kswapd": "Linux 3.3 kswapd",
    "linux-6.19:vm.rst": "Linux 6.19 vm.rst",
    "lockdep-design": "Lockdep design",
    "page-lock-fair": "Page lock fair",
    "dept": "Dept",
}


@pytest.mark.parametrize("key", SHOWN)
def test_a_label_says_who_and_when(key: str) -> None:
    assert label(key) == SHOWN[key]


def test_versions_are_in_order_of_their_numbers() -> None:
    keys = ["linux-3.10", "linux-3.9", "kara-2012", "linux-4.1"]
    ordered = sorted(keys, key=lambda key: KeySorting().sorting_key(SimpleNamespace(key=key)))
    assert ordered == ["kara-2012", "linux-3.9", "linux-3.10", "linux-4.1"]
