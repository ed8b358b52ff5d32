"""Score a policy: explore what the rubric names, and give points by property.

A property holds in all scenarios or it does not. Nothing here looks at a clock: states and simulated steps are
bounded, so the same policy and seed get the same report on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence

from wbviz import __version__
from wbviz.check.check import check_scenario
from wbviz.check.verdict import BROKEN, DEADLOCK, INCOMPLETE, LEAK, LIVELOCK, LOST, POLICY_ERROR, STARVATION
from wbviz.errors import PolicyError
from wbviz.grade.exercise import PROPERTIES, RECIPES, Band, Exercise
from wbviz.grade.failure import Finding, failure, smallest_failure
from wbviz.grade.hidden import hidden_recipes, hidden_seeds
from wbviz.grade.lesson import KINDS as TAUGHT
from wbviz.grade.lesson import left_words, lesson_of
from wbviz.grade.measures import MEASURES, Bench, Measured
from wbviz.grade.probes import Probe, asked_probe, duty_probes, reclaim_probes, reclaim_writes, run_probe
from wbviz.grade.result import (
    FAILS,
    HOLDS,
    NOT_COUNTED,
    PARTLY,
    UNSETTLED,
    Checked,
    Failure,
    PropertyResult,
    Report,
)
from wbviz.grade.watched import Watched
from wbviz.policy.load import Policy
from wbviz.scenarios.build import Recipe
from wbviz.scenarios.scenario import Params

KINDS = {
    "rules": (POLICY_ERROR, BROKEN),
    "deadlock": (DEADLOCK,),
    "progress": (LOST, LIVELOCK, STARVATION),
    "leak": (LEAK,),
}
"""The verdicts that tell against a property, the worst first."""

HELD = {
    "duty": "Alone with reclaim, every page is accepted at once and written by the flusher.",
    "rules": "No operation broke a rule",
    "deadlock": "Nobody was ever blocked for ever",
    "progress": "Every accepted page was written or went away, and every call returned",
    "leak": "At rest no pin, lock or reference was left",
    "asked": "Seen where nobody else is about, and the flusher in no hurry.",
    "reclaim": "Reclaim was never kept waiting, neither for room nor for a lock.",
}

PUBLIC_SEEDS, HIDDEN_SEEDS = (1, 2, 3), 2


def grade_policy(exercise: Exercise, policy: Policy, *, seed: str | None = None) -> Report:
    """The report on a policy. With `seed`, the instructor's secret, the hidden scenarios count as well.

    Where the policy runs, in this process or in a sandbox, makes no difference here.
    """
    problem = policy.problem()
    if problem is not None:
        return _ungradable(exercise, policy, seed, problem)
    return _Grading(exercise, policy, seed).report()


def _ungradable(exercise: Exercise, policy: Policy, seed: str | None, problem: PolicyError) -> Report:
    return Report(
        exercise=exercise.name,
        title=exercise.title,
        version=_version(exercise),
        policy=policy.name,
        seeded=seed is not None,
        points=0,
        total=exercise.total,
        gradable=False,
        problem=str(problem),
        tier="none",
        states=0,
        properties=(),
        checked=(),
    )


def _version(exercise: Exercise) -> str:
    return f"wbviz {__version__}, rubric {exercise.version}"


class _Grading:
    """One grading: what was explored, and what was found."""

    def __init__(self, exercise: Exercise, policy: Policy, seed: str | None) -> None:
        self.exercise = exercise
        self.policy = Watched(policy)
        self.seed = seed
        self.states = 0
        self.checked: list[Checked] = []
        self.findings: list[Finding] = []

    def report(self) -> Report:
        duty = self.duty()
        rest = [name for name in self.exercise.points if name != "duty"]
        results = (duty, *(self.judge(name) if duty.verdict == HOLDS else self.not_counted(name) for name in rest))
        return Report(
            exercise=self.exercise.name,
            title=self.exercise.title,
            version=_version(self.exercise),
            policy=self.policy.name,
            seeded=self.seed is not None,
            points=sum(one.points for one in results),
            total=self.exercise.total,
            gradable=True,
            problem="",
            tier="none",
            states=self.states,
            properties=results,
            checked=tuple(self.checked),
        )

    def explore(self) -> None:
        """Check the policy in every scenario of the rubric, and in the hidden ones."""
        plans: list[tuple[Recipe, Params, bool]] = [
            (RECIPES[one.scenario], one.params, False) for one in self.exercise.checks
        ]
        if self.seed is not None:
            plans += [(recipe, {}, True) for recipe in hidden_recipes(self.exercise, self.seed)]
        for recipe, params, hidden in plans:
            scenario = recipe.build(params)
            result = check_scenario(self.policy, scenario, self.exercise.max_states)
            self.states += result.states
            self.checked.append(Checked(recipe.name, scenario.params, hidden, result.verdict, result.states))
            self.findings += [Finding(recipe, scenario, hidden, verdict) for verdict in result.verdicts]

    # The properties

    def judge(self, name: str) -> PropertyResult:
        """The result for one property other than duty."""
        if name in KINDS:
            return self.safety(name)
        if name == "asked":
            return self.probed(name, [asked_probe(one) for one in self.exercise.asked])
        if name == "reclaim":
            return self.probed(name, reclaim_probes())
        return self.measured(name, self.exercise.cost if name == "cost" else self.exercise.hold)

    def duty(self) -> PropertyResult:
        """Whether the policy does its work when nobody is in its way, and leaves the writing to the flusher."""
        result = self.probed("duty", duty_probes())
        if result.verdict == HOLDS and "writepage" not in self.policy.asked:
            self.explore()
        if result.verdict == HOLDS and "writepage" in self.policy.asked:
            scenarios = [probe.scenario for probe in duty_probes()] + [one.scenario for one in self.findings]
            return self.failed("duty", FAILS, reclaim_writes(self.policy, scenarios, self.exercise.max_states))
        return result

    def probed(self, name: str, probes: Sequence[Probe]) -> PropertyResult:
        """The first thing that is wrong in one of the probes."""
        for probe in probes:
            found = run_probe(self.policy, probe, name)
            self.states += found.states
            if found.verdict is not None:
                verdict = UNSETTLED if found.verdict.kind == INCOMPLETE else FAILS
                shown = failure(probe.scenario, found.verdict, False, 0)
                return self.failed(name, verdict, shown._replace(about=found.about or shown.about))
        return self.held(name, HELD[name])

    def safety(self, name: str) -> PropertyResult:
        """A property that the checker's verdicts tell about."""
        for kind in KINDS[name]:
            found = [one for one in self.findings if one.verdict.kind == kind]
            if found:
                return self.failed(name, FAILS, smallest_failure(self.policy, found, self.exercise.max_states))
        unsettled = [one.verdict for one in self.findings if one.verdict.kind == INCOMPLETE]
        if unsettled:
            return self.unsettled(name, unsettled[0].summary)
        if any(one.verdict.kind == POLICY_ERROR for one in self.findings):
            return self.unsettled(name, "an error in the policy cut some runs short")
        where = f"{len(self.checked)} scenarios, {sum(one.states for one in self.checked):,} states"
        return self.held(name, f"{HELD[name]} ({where}: every interleaving)")

    def measured(self, name: str, bands: tuple[Band, ...]) -> PropertyResult:
        """A property that the simulator measures: each band counts the same."""
        seeds: tuple[int, ...] = PUBLIC_SEEDS
        if self.seed is not None:
            seeds += hidden_seeds(self.exercise, self.seed, HIDDEN_SEEDS)
        bench = Bench(self.policy, seeds)
        shares, sentences = [], []
        for band in bands:
            scenario = RECIPES[band.sized.scenario].build(band.sized.params)
            found = bench.measure(band.measure, scenario.name, scenario.params, band.against)
            share = 1.0 if found.times <= band.full else 0.5 if found.times <= band.half else 0.0
            shares.append(share)
            sentences.append(_measured(band, found, share))
        possible = self.exercise.points[name]
        points = round(2 * possible * sum(shares) / len(shares)) / 2
        verdict = HOLDS if min(shares) == 1 else PARTLY if max(shares) > 0 else FAILS
        rule, chapter = ("", "") if verdict == HOLDS else lesson_of(name)
        result = self.none(name, verdict, " ".join(sentences))
        return result._replace(points=points, rule=rule, chapter=chapter)

    # Results

    def held(self, name: str, sentence: str) -> PropertyResult:
        possible = self.exercise.points[name]
        return PropertyResult(name, PROPERTIES[name], possible, possible, HOLDS, sentence, "", "", None)

    def failed(self, name: str, verdict: str, shown: Failure) -> PropertyResult:
        kind = shown.kind if shown.kind in TAUGHT else name
        rule, chapter = lesson_of(kind, shown.about)
        sentence = "; ".join([shown.summary, *left_words(shown.trace, shown.about)])
        return self.none(name, verdict, sentence)._replace(rule=rule, chapter=chapter, failure=shown)

    def unsettled(self, name: str, why: str) -> PropertyResult:
        return self.none(name, UNSETTLED, f"Not settled: {why}.")

    def not_counted(self, name: str) -> PropertyResult:
        return self.none(name, NOT_COUNTED, "It counts once the policy does its work: who does nothing does no harm.")

    def none(self, name: str, verdict: str, sentence: str) -> PropertyResult:
        return PropertyResult(name, PROPERTIES[name], 0, self.exercise.points[name], verdict, sentence, "", "", None)


def _measured(band: Band, found: Measured, share: float) -> str:
    """A measure in a sentence."""
    measure = MEASURES[band.measure]
    if found.trouble:
        return f"{measure.words.capitalize()}: {found.trouble}."
    earned = {1.0: "all points", 0.5: "half the points", 0.0: "no points"}[share]
    own, yardstick = measure.unit(found.own), measure.unit(found.yardstick)
    if measure.more_is_better:
        full, half = measure.unit(found.yardstick / band.full), measure.unit(found.yardstick / band.half)
        bands = f"all points from {full} on, half from {half} on"
    else:
        full, half = measure.unit(found.yardstick * band.full), measure.unit(found.yardstick * band.half)
        bands = f"all points up to {full}" + (f", half up to {half}" if half != full else "")
    return f"{measure.words.capitalize()}: {own}, where {band.against} has {yardstick}: {earned} ({bands})."
