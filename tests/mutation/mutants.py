"""All mutants."""

from __future__ import annotations

from tests.mutation.kernel import KERNEL

MUTANTS = KERNEL
