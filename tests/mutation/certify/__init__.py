"""Mutants of the certificate: an obligation not asked, knowledge kept too long, too much relied on.

Each makes it certify what it should not; what makes it refuse more is no mutant.
"""

from __future__ import annotations

from tests.mutation.certify.followed import FOLLOWED
from tests.mutation.certify.known import FORGOTTEN, READ
from tests.mutation.certify.narrowed import NARROWED
from tests.mutation.certify.relied_on import APPLIED, RELIED_ON
from tests.mutation.certify.unasked import UNASKED

OF_CERTIFICATES = UNASKED + NARROWED + FORGOTTEN + READ + FOLLOWED + APPLIED + RELIED_ON
