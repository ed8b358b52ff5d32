"""`python -m wbviz.policy.child`: load everything that a policy may need, and serve."""

from __future__ import annotations

from importlib import import_module

from wbviz.policy.child.serve import Channel, serve
from wbviz.policy.guard import PURE_MODULES

LATER = (
    "collections.abc",
    "unicodedata",  # the parser wants it for a name that is not ASCII
    "wbviz.policy.faults.functions",
    "wbviz.policy.faults.operations",
    "wbviz.policy.faults.purity",
    "wbviz.policy.faults.running",
    "wbviz.policy.faults.views",
    "wbviz.policy.words",
)
"""What would otherwise be imported when it is first needed, and no file can be opened any more."""


def main() -> None:
    """See the module."""
    for name in (*sorted(PURE_MODULES), *LATER):
        import_module(name)
    channel = Channel()
    channel.send(("ready",))
    serve(channel)


if __name__ == "__main__":
    main()
