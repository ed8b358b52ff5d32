"""All mutants, in parts."""

from __future__ import annotations

from tests.mutation.certify import OF_CERTIFICATES
from tests.mutation.harness import Mutant
from tests.mutation.kernel import KERNEL
from tests.mutation.machine import ON_THE_MACHINE
from tests.mutation.reductions import OF_REDUCTIONS
from tests.mutation.verdicts import OF_VERDICTS

PARTS: dict[str, tuple[Mutant, ...]] = {
    "certify": OF_CERTIFICATES,
    "reductions": OF_REDUCTIONS,
    "verdicts": OF_VERDICTS,
    "machine": ON_THE_MACHINE,
    "kernel": KERNEL,
}
MUTANTS = tuple(mutant for part in PARTS.values() for mutant in part)
