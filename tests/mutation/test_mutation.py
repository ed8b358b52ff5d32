"""Every mutant still fits the code; a few of them, others each day, are noticed by the tests that should."""

from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from tests.mutation.harness import ROOT, Mutant, Stale, changed, tree
from tests.mutation.mutants import MUTANTS

SAMPLE = 10
ONE = "tests/check/test_counts.py::test_one_writer_one_dirty_page"
PAGES = "wbviz/kernel/pages.py"


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_each_still_fits_the_code(mutant: Mutant) -> None:
    compile(changed(mutant), mutant.file, "exec")
    for test in mutant.tests:
        file, _, name = test.partition("::")
        assert f"def {name.partition('[')[0]}" in (ROOT / file).read_text(encoding="utf-8")


def test_there_are_enough_and_each_is_another() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) > 180
    assert len({(mutant.file, mutant.old, mutant.new) for mutant in MUTANTS}) == len(MUTANTS)


def test_some_of_them_are_noticed_others_each_day() -> None:
    seed = f"{datetime.now(UTC):%Y-%m-%d}"
    print(f"seed {seed}")
    with tree() as runs:
        for mutant in Random(seed).sample(MUTANTS, SAMPLE):
            outcome = runs.run(mutant)
            print(f"{mutant.name}: {outcome.killer or 'SURVIVES'}")
            assert outcome.killer, f"{mutant.name}: {mutant.breaks}, and no test of {', '.join(mutant.tests)} notices"


def test_the_harness_tells_what_is_noticed_and_what_is_not() -> None:
    broken = Mutant("broken", PAGES, "dirty=False, writeback=True", "dirty=False, writeback=False", "", (ONE,))
    same = broken._replace(name="same", old="The disk has written the page.", new="It is written.")
    with tree() as runs:
        assert runs.run(broken).killer == ONE
        assert runs.run(same).killer == ""
    with tree() as runs:
        (runs.place / PAGES).write_text(changed(broken), encoding="utf-8")
        with pytest.raises(RuntimeError, match="although nothing is broken"):
            runs.run(same)


def test_a_mutant_that_does_not_fit_any_more_is_told(tmp_path: Path) -> None:
    (tmp_path / "twice.py").write_text("x = 1\nx = 1\n", encoding="utf-8")
    mutant = Mutant("worn", "twice.py", "x = 1", "x = 2", "", (ONE,))
    for old, found in (("x = 1", 2), ("x = 3", 0)):
        with pytest.raises(Stale, match=f"worn: its old text stands {found} times in twice.py"):
            changed(mutant._replace(old=old), tmp_path)
