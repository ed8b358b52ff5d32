"""Labels of sources that can be read: [Wu 2012-03-03], [Linux 3.3 kswapd] instead of [Wu12g], [Lin12a]."""

from __future__ import annotations

import re


def label(key: str) -> str:
    """`wu-2012-03-03` is shown as `Wu 2012-03-03`, `linux-3.3:vmscan.c:kswapd` as `Linux 3.3 kswapd`, and
    `page-lock-fair` as `Page lock fair`."""
    tree, *place = key.split(":")
    name, _, rest = tree.partition("-")
    if place:
        return f"{name.capitalize()} {rest} {place[-1]}"
    rest = rest if re.search(r"\d", rest) else rest.replace("-", " ")
    return f"{name.capitalize()} {rest}".strip()
