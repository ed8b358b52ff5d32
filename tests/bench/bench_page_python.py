"""Python in the page, in each browser: how long from the click to the first verdict, and what comes after it takes.

    python -m tests.bench page_python [--rounds N]

"Cold": a browser that has never been here; "warm": the same page again, from what the browser kept. All from a server on
this machine, so what it takes to fetch four megabytes comes on top. Medians of the rounds. Exits 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.data import machine
from tests.browser.engines import ENGINES, Engine, Missing
from tests.browser.pythons import write_site
from wbviz.policy.load import builtin_names, load_policy
from wbviz.scenarios.catalogue import SCENARIOS
from wbviz.site.python import MOST_BYTES
from wbviz.site.server import serving

ROOT = Path(__file__).parents[2]
ROUNDS = 3
NAMES = ("chromium", "firefox")
GOALS = {
    "click to the first verdict, cold": 4.0,
    "click to the first verdict, warm": 2.5,
    "one scenario, the slowest built-in policy in abba": 0.3,
    "all scenarios, pin_then_lock": 1.5,
    "grade 02, its reference": 3.0,
    "grade the capstone, its reference": 8.0,
    "until a stopped question says so": 0.2,
    "the first verdict after that": 2.5,
}
_TIMED = """
const timed = async (work) => { const began = performance.now(); await work(); return (performance.now() - began) / 1000; };
"""
_START = "return timed(async () => { await start(); await ask(CHECK); });"
_ASK = "return timed(async () => { for (const one of ASKED) { const a = await ask(one); if (a.error) throw new Error(a.error); } });"
_STOP = """
const question = python.ask(CHECK);
await new Promise((resolve) => setTimeout(resolve, 500));
return timed(async () => { question.stop(); await question.answer; });
"""


def check(policy: str, scenario: str, **params: int) -> dict[str, Any]:
    return {"ask": "check", "policy": load_policy(policy).source, "scenario": scenario, "params": params}


def grade(exercise: str) -> dict[str, Any]:
    text = (ROOT / "tests" / "grade" / "references" / f"{exercise}.py").read_text(encoding="utf-8")
    return {"ask": "grade", "policy": text, "exercise": exercise}


def run(engine: Engine, body: str, **values: Any) -> float:
    """The seconds that a script says, with values put in."""
    given = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in values.items())
    return float(engine.run(_TIMED + given + body))


def measure(name: str, address: str) -> dict[str, float]:
    """One round in a fresh browser."""
    first = check("writearound", "abba")
    exercises = sorted(path.stem for path in (ROOT / "tests" / "grade" / "references").glob("[0-9]*.py"))
    second, capstone = exercises[1], exercises[-1]
    with ENGINES[name]() as engine:
        times = []
        for _ in ("cold", "warm"):
            engine.open(address)
            times.append(run(engine, _START, CHECK=first))
        one = [run(engine, _ASK, ASKED=[check(policy, "abba")]) for policy in builtin_names()]
        every = run(engine, _ASK, ASKED=[check("pin_then_lock", scenario) for scenario in SCENARIOS])
        grades = [run(engine, _ASK, ASKED=[grade(exercise)]) for exercise in (second, capstone)]
        stopped = run(engine, _STOP, CHECK=check("writearound", "storm", pages=6))
        again = run(engine, _ASK, ASKED=[first])
    return dict(zip(GOALS, [*times, max(one), every, *grades, stopped, again], strict=True))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    missed = False
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        made = write_site(site)
        missed |= made.bytes > MOST_BYTES
        print(f"{machine()}; load {os.getloadavg()[0]:.1f}, medians of {rounds}; {len(SCENARIOS)} scenarios")
        print(f"  {'a first start fetches':<52}{made.bytes / 1e6:6.2f} MB  (goal {MOST_BYTES / 1e6:.1f})")
        with serving(site, "/course/") as address:
            for name in NAMES:
                try:
                    found = [measure(name, address) for _ in range(rounds)]
                except Missing as missing:
                    print(f"  {name} was not measured: {missing}")
                    continue
                for what, goal in GOALS.items():
                    seconds = median(one[what] for one in found)
                    missed |= seconds > goal
                    print(
                        f"  {name:<9} {what:<52}{seconds:6.2f} s  (goal {goal:.1f}){'' if seconds <= goal else '  MISSED'}"
                    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
