"""The end of the final test: how many answers are right, and a certificate to print, from the reader's own browser."""

from __future__ import annotations

import traitlets

from wbviz.viz.assets import palette_style
from wbviz.viz.widgets import Shown

_STYLE = """
.wb-certificate { margin: 1rem 0; padding: 1rem 1.2rem; border: 1px solid var(--wb-edge); border-radius: 12px;
  background: var(--wb-paper); color: var(--wb-ink); font: 1rem/1.5 var(--wb-font); }
.wb-certificate input { font: inherit; padding: 0.3rem 0.5rem; max-width: 100%; }
.wb-certificate button { padding: 0.45rem 0.9rem; border: 1px solid var(--wb-soft); border-radius: 8px; font: inherit; }
.wb-sheet { margin: 1rem 0; padding: 1.5rem; border: 3px double var(--wb-ink); text-align: center; }
.wb-sheet .wb-title { font-size: 1.4rem; font-weight: 650; }
.wb-certificate [hidden] { display: none; }
@media print {
  .wb-printing-certificate body * { visibility: hidden; }
  .wb-printing-certificate .wb-certificate { display: block !important; }
  .wb-printing-certificate .wb-sheet, .wb-printing-certificate .wb-sheet * { visibility: visible; }
  .wb-printing-certificate .wb-sheet { position: fixed; inset: 20% 10% auto; }
}
"""


class Certificate(Shown):
    """Counts the right answers of a test in this browser."""

    name = traitlets.Unicode().tag(sync=True)
    bundle = traitlets.Dict().tag(sync=True)

    def picture(self) -> str:
        """What to say where no script runs."""
        needed, questions = self.bundle["needed"], self.bundle["questions"]
        return (
            f'{palette_style()}<style>{_STYLE}</style><div class="wbviz wb-still" id="{self.still}"><p>'
            f"Answers are counted by a script in your browser: {needed} right ones of {questions} make a certificate."
            "</p></div>"
        )


def certificate(test: str, questions: int, needed: int) -> Certificate:
    """A widget that counts the right answers to `{test}-1`, `{test}-2` and so on; `needed` of them make one."""
    return Certificate(
        kind="certificate",
        name=test,
        bundle={"questions": questions, "needed": needed},
        still=f"wb-certificate-{test}",
    )
