"""What is explored of one submission, and what was found: the rubric's scenarios, deeper worlds, hidden scenarios."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256

from wbviz.certify.certify import certify
from wbviz.certify.meets import covers
from wbviz.certify.result import Certificate
from wbviz.check.check import as_found, check_scenario, concluded, made_short
from wbviz.check.reduced.ends import Covered
from wbviz.check.reduced.search import prove
from wbviz.check.verdict import INCOMPLETE, SAFE, WELL, Result, Verdict
from wbviz.grade.deep import look
from wbviz.grade.exercise import Exercise
from wbviz.grade.failure import Finding
from wbviz.grade.hidden import Drawn, hidden_draws
from wbviz.grade.judge.errors import Spent
from wbviz.grade.result import Checked
from wbviz.machine.machine import Machine
from wbviz.machine.scenario import Scenario
from wbviz.policy.load import Policy
from wbviz.policy.provably_pure import is_plain
from wbviz.scenarios.build import Recipe

MAX_STATES = 150_000
"""So many states are looked at for one submission, in all scenarios together. No reference takes a quarter of it."""

Told = Callable[[str, int], None]
"""Hears which scenario is looked at next, and how many states there were so far."""

TOO_MANY = f"more than {MAX_STATES:,} states in all that was explored for this submission"


def one_of(text: str, count: int) -> int:
    """Which of so many scenarios is held against the plain exploration: each in its turn, as the policies differ.

    All of them would cost more than all else that is asked. The same text has the same one wherever it is graded.
    """
    return int.from_bytes(sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big") % max(1, count)


class Explored:
    """See the module. `states` counts those of probes as well, `deeper` the worlds beyond the rubric's."""

    def __init__(self, exercise: Exercise, told: Told) -> None:
        self.exercise = exercise
        self.told = told
        self.states = 0
        self.checked: list[Checked] = []
        self.findings: list[Finding] = []
        self.deeper = 0
        self.proof: Certificate | None = None
        """What holds for every size, where that was asked and is so."""
        self._asked = False
        self._scenarios: list[Scenario] = []
        """All that are in `checked`."""

    def proved(self) -> bool:
        """Whether a certificate for every size speaks of every scenario that was checked."""
        return self.proof is not None and all(covers(self.proof, one) for one in self._scenarios)

    def most(self) -> int:
        """How many states may be looked at in the next exploration."""
        return max(0, min(self.exercise.max_states, MAX_STATES - self.states))

    def public(self, policy: Policy) -> None:
        """Check the policy in every scenario of the rubric, and where all is well deeper."""
        crossed = one_of(policy.source, len(self.exercise.checks))
        for number, one in enumerate(self.exercise.checks):
            self._check(policy, one.recipe, one.recipe.build(one.params), number == crossed)
        if all(one.verdict.kind == SAFE for one in self.findings):
            self._look_deeper(policy)

    def hidden(self, policy: Policy, seed: str) -> None:
        """Check the policy in the hidden scenarios. What was found before is put aside."""
        known = {one.verdict.kind for one in self.findings} - {SAFE, INCOMPLETE}
        self.findings = []
        draws = hidden_draws(self.exercise, seed)
        crossed = one_of(policy.source, len(draws))
        for number, drawn in enumerate(draws):
            scenario = drawn.recipe.build()
            self.told(drawn.recipe.name, self.states)
            try:
                self._hidden(policy, drawn, scenario, known, number == crossed)
            except Spent as spent:
                self.findings.append(Finding(drawn.recipe, scenario, True, Verdict(INCOMPLETE, str(spent))))
                return

    def _look_deeper(self, policy: Policy) -> None:
        """All is well so far: look at other places, in queues and in a crowd, up to the first that is wrong."""
        self._prove(policy)
        try:
            for seen in look(policy, self.exercise, self.proof):
                self.states += seen.states
                self.deeper += 1
                self.told(seen.recipe.name, self.states)
                self.findings += [Finding(seen.recipe, seen.scenario, False, verdict) for verdict in seen.verdicts]
                if seen.verdicts:
                    return
                if not self.most():
                    raise Spent(TOO_MANY)
        except Spent as spent:
            self.findings.append(self.findings[0]._replace(verdict=Verdict(INCOMPLETE, str(spent))))

    def _hidden(self, policy: Policy, drawn: Drawn, scenario: Scenario, known: set[str], cross: bool) -> None:
        """Check the policy in a hidden scenario. What is `known` to go wrong need not be shown a second time.

        The plain exploration of one among syncs and works costs seconds, and often has no end. So where it is known to
        end badly, or the policy has failed already, what else is wrong is looked for without these.
        """
        bound = self.most()
        proof = prove(scenario, policy, bound)
        if isinstance(proof, Covered) or not (known or proof.violation):
            result = concluded(policy, scenario, proof, bound, cross=cross)
            self._note(drawn.recipe, scenario, True, self._settled(policy, scenario, result), bound)
            return
        inner = drawn.inner.build()
        result = check_scenario(policy, inner, bound, cross=False)
        self._note(drawn.inner, inner, True, result, bound)
        if proof.violation is not None:
            machine = Machine(scenario, policy)
            run = as_found(machine, proof.violation)
            if run.kind not in {verdict.kind for verdict in result.verdicts}:
                self.checked[-1] = self.checked[-1]._replace(verdict=run.kind)
                if run.kind not in known:
                    self.findings.append(Finding(drawn.recipe, scenario, True, made_short(machine, run)))

    def _check(self, policy: Policy, recipe: Recipe, scenario: Scenario, cross: bool) -> None:
        """Check the policy in a scenario of the rubric."""
        bound = self.most()
        result = check_scenario(policy, scenario, bound, cross=cross)
        self._note(recipe, scenario, False, self._settled(policy, scenario, result), bound)

    def _settled(self, policy: Policy, scenario: Scenario, result: Result) -> Result:
        """What an exploration found. Where it came to its bound and found nothing, a certificate may settle the rest;
        it never stands in for what the exploration can cover."""
        if {verdict.kind for verdict in result.verdicts} != {INCOMPLETE}:
            return result
        self._prove(policy)
        covered = self.proof is not None and covers(self.proof, scenario)
        return result._replace(verdicts=(WELL,)) if covered else result

    def _prove(self, policy: Policy) -> None:
        """Ask for a certificate, once, of a text that is plain: any other may do other things when it is asked that."""
        if self._asked or not is_plain(policy.source):
            return
        self._asked = True
        with suppress(Spent):  # it is met again where the policy is asked next
            made = certify(policy)
            self.proof = made if isinstance(made, Certificate) and made.pages is None else None

    def _note(self, recipe: Recipe, scenario: Scenario, hidden: bool, result: Result, bound: int) -> None:
        """Note what an exploration of at most `bound` states found."""
        self.states += result.states
        self._scenarios.append(scenario)
        self.checked.append(Checked(recipe.name, scenario.params, hidden, result.verdict, result.states))
        for verdict in result.verdicts:
            if verdict.kind == INCOMPLETE and bound < self.exercise.max_states and result.states > bound:
                verdict = Verdict(INCOMPLETE, TOO_MANY)
            self.findings.append(Finding(recipe, scenario, hidden, verdict))
