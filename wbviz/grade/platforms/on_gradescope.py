"""What runs on Gradescope's machine: `python -m wbviz.grade.platforms.on_gradescope /autograder`.

Reads ROOT/submission, writes ROOT/results/results.json whatever happens. Details of a failure go to the output, which
only instructors see.
"""

from __future__ import annotations

import json
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

from wbviz.errors import WbvizError
from wbviz.grade.batch.job import judge
from wbviz.grade.batch.store import write
from wbviz.grade.collect.archives import Unpacker
from wbviz.grade.collect.choose import choose
from wbviz.grade.collect.layouts import handed_folder
from wbviz.grade.collect.wanted import wanted_by
from wbviz.grade.exercise import load_exercise
from wbviz.grade.platforms.gradescope import broken, gradescope, not_graded


def main(root: Path) -> int:
    """Grade the submission there; 0 if it could be graded."""
    status = 1
    try:
        results = grade(root)
        status = 0
    except WbvizError as error:
        traceback.print_exc()
        results = broken(error.what)
    except BaseException as error:  # also an interrupt: Gradescope must get its file
        traceback.print_exc()
        results = broken(type(error).__name__)
    write(root / "results" / "results.json", json.dumps(results, indent=1) + "\n")
    return status


def grade(root: Path) -> dict[str, Any]:
    """The results of the submission in ROOT/submission."""
    source = root / "source"
    settings = json.loads((source / "autograder.json").read_text(encoding="utf-8"))
    exercise = load_exercise(source / "exercises" / settings["exercise"])
    wanted = wanted_by(exercise)._replace(others=tuple(settings["others"]))
    secret = source / "secret" / "seed"
    seed = secret.read_text(encoding="utf-8") if secret.is_file() else None
    handed = handed_folder(root / "submission")
    with tempfile.TemporaryDirectory() as scratch:
        try:
            with Unpacker() as unpacker:
                chosen = choose(handed.files, wanted, Path(scratch) / "unpacked", unpacker.unpack)
        except WbvizError as error:
            return not_graded(str(error))
    official, policy, file = bool(settings["official"]), chosen.data, chosen.file
    public = judge(policy, exercise, None, official, file)
    return gradescope(public, judge(policy, exercise, seed, official, file) if seed is not None else None)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
