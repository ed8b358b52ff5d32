"""All mutants."""

from __future__ import annotations

from tests.mutation.kernel import KERNEL
from tests.mutation.machine import ON_THE_MACHINE
from tests.mutation.reductions import OF_REDUCTIONS
from tests.mutation.verdicts import OF_VERDICTS

MUTANTS = KERNEL + ON_THE_MACHINE + OF_VERDICTS + OF_REDUCTIONS
