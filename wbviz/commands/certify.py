"""`python -m wbviz certify`: a proof for every size, or the lines and the rules where it fails."""

from __future__ import annotations

import argparse
from typing import Any

from wbviz.certify.certify import certify
from wbviz.certify.report import text, to_json
from wbviz.certify.result import Certificate
from wbviz.policy.load import load_policy

CERTIFIED, REFUSED, UNUSABLE = 0, 1, 3


def add_command(commands: Any) -> None:
    """Add `certify` to the commands."""
    parser = commands.add_parser("certify", help="a proof for every size, or where it fails")
    parser.add_argument("policy", metavar="POLICY", help="a file, or the name of a built-in policy")
    parser.add_argument("--json", action="store_true", help="print it as JSON, with what is known at each line")
    parser.set_defaults(command=_certify)


def _certify(args: argparse.Namespace) -> int:
    policy = load_policy(args.policy)
    result = certify(policy)
    if args.json:
        import json

        from wbviz import __version__

        print(json.dumps({"wbviz": __version__, **to_json(result)}, indent=1))
    else:
        print(text(result, policy.source))
    if isinstance(result, Certificate):
        return CERTIFIED
    return REFUSED if result.error is None else UNUSABLE
