"""Score a policy: explore what the rubric names, and give points by property.

A property holds in all scenarios or it does not. Nothing here looks at a clock: states and simulated steps are
bounded, so the same policy and seed get the same report on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial

from wbviz import __version__
from wbviz.check.verdict import (
    BROKEN,
    DEADLOCK,
    INCOMPLETE,
    LEAK,
    LIVELOCK,
    LOST,
    POLICY_ERROR,
    STARVATION,
)
from wbviz.errors import PolicyError
from wbviz.grade.advice import KINDS as TAUGHT
from wbviz.grade.advice import About, left_words, lesson_of
from wbviz.grade.asked import asked_probe
from wbviz.grade.deep import places
from wbviz.grade.exercise import PROPERTIES, Band, Exercise
from wbviz.grade.explored import Explored, Told
from wbviz.grade.failure import failure, smallest_failure
from wbviz.grade.hidden import hidden_seeds
from wbviz.grade.judge.errors import Spent
from wbviz.grade.measures import MEASURES, Bench, Measured
from wbviz.grade.probes import (
    WRITES_ITSELF,
    Probe,
    duty_probes,
    reclaim_probes,
    reclaim_writes,
    run_probe,
)
from wbviz.grade.result import (
    FAILS,
    HOLDS,
    NOT_COUNTED,
    PARTLY,
    UNSETTLED,
    Failure,
    PropertyResult,
    Report,
)
from wbviz.grade.watched import Spied
from wbviz.policy.load import Policy
from wbviz.scenarios.catalogue import SCENARIOS

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

SHRINKING = 10_000
"""So many when a failure is made smaller, for each of the failures that are tried."""

Fresh = Callable[[], AbstractContextManager[Policy]]


def grade_policy(
    exercise: Exercise,
    policy: Policy,
    *,
    seed: str | None = None,
    fresh: Fresh | None = None,
    told: Told = lambda where, states: None,
) -> Report:
    """The report on a policy. With `seed`, the instructor's secret, the hidden scenarios count as well.

    Where the policy runs, in this process or in a sandbox, makes no difference here. `fresh` opens the same policy
    anew, in a process that knows nothing of the first: it is asked about the hidden scenarios, when all else is done.
    `told` hears which scenario is looked at next, and how many states there were so far.
    """
    problem = policy.problem()
    if problem is not None:
        return _ungradable(exercise, policy, seed, problem)
    return _Grading(exercise, policy, seed, told).report(fresh or (lambda: nullcontext(policy)))


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
    """One grading: what was explored, and what was found.

    First without the hidden scenarios, to the end. Then `policy`, what was found and the seeds are those of the hidden
    ones, and what held is looked at again.
    """

    def __init__(self, exercise: Exercise, policy: Policy, seed: str | None, told: Told) -> None:
        self.exercise = exercise
        self.policy = Spied(policy)
        self.seed = seed
        self.hidden = False
        self.bench = Bench(self.policy, PUBLIC_SEEDS)
        self.seen = Explored(exercise, told)

    def report(self, fresh: Fresh) -> Report:
        results, printed = self.results(), self.policy.printed()
        if self.seed is not None and results[0].verdict == HOLDS:
            with fresh() as policy:
                results = self.with_hidden(results, policy, self.seed)
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
            states=self.seen.states,
            properties=results,
            checked=tuple(self.seen.checked),
            printed=printed,
        )

    def results(self) -> tuple[PropertyResult, ...]:
        """Everything without the hidden scenarios."""
        duty = self.bounded("duty", self.duty)
        rest = [name for name in self.exercise.points if name != "duty"]
        if duty.verdict != HOLDS:
            return (duty, *(self.not_counted(name) for name in rest))
        return self.unless_it_writes((duty, *(self.bounded(name, partial(self.judge, name)) for name in rest)))

    def bounded(self, name: str, judge: Callable[[], PropertyResult]) -> PropertyResult:
        """The result for a property; it is unsettled if the policy has been asked all that it may."""
        try:
            return judge()
        except Spent as spent:
            return self.unsettled(name, str(spent))

    def unless_it_writes(self, results: tuple[PropertyResult, ...]) -> tuple[PropertyResult, ...]:
        """The same, unless an `enqueue` has written a page in anything that was run: then nothing else counts."""
        if "writepage" not in self.policy.asked:
            return results
        return (self.writes_itself(), *(self.not_counted(one.name) for one in results[1:]))

    def with_hidden(self, results: tuple[PropertyResult, ...], policy: Policy, seed: str) -> tuple[PropertyResult, ...]:
        """The same where the hidden scenarios show nothing else."""
        self.hidden, self.policy = True, Spied(policy)
        self.bench = self.bench.further(self.policy, hidden_seeds(self.exercise, seed, HIDDEN_SEEDS))
        self.seen.hidden(self.policy, seed)
        duty, *rest = results
        return self.unless_it_writes((duty, *(self.bounded(one.name, partial(self.again, one)) for one in rest)))

    def again(self, result: PropertyResult) -> PropertyResult:
        """A property once more, with the hidden scenarios, if they can change it."""
        if result.name in KINDS:
            return self.safety(result.name) if result.verdict == HOLDS else result
        return result if result.name in ("asked", "reclaim") else self.judge(result.name)

    # The properties

    def judge(self, name: str) -> PropertyResult:
        """The result for one property other than duty."""
        if name in KINDS:
            return self.safety(name)
        if name == "asked":
            return self.probed(name, [asked_probe(one) for one in self.exercise.asked])
        if name == "reclaim":
            return self.probed(name, reclaim_probes(places(self.policy.source)))
        return self.measured(name, self.exercise.cost if name == "cost" else self.exercise.hold)

    def duty(self) -> PropertyResult:
        """Whether the policy does its work when nobody is in its way, and leaves the writing to the flusher."""
        result = self.probed("duty", duty_probes())
        if result.verdict == HOLDS and "writepage" not in self.policy.asked:
            self.seen.public(self.policy)
        if result.verdict == HOLDS and "writepage" in self.policy.asked:
            return self.writes_itself()
        return result

    def writes_itself(self) -> PropertyResult:
        """Reclaim writes, somewhere in what was run. Where no run of it is found again, it is said all the same."""
        scenarios = [] if self.hidden else [probe.scenario for probe in duty_probes()]
        scenarios += [one.scenario for one in self.seen.findings]
        try:
            shown = reclaim_writes(self.policy, scenarios, self.exercise.max_states)
        except Spent:
            shown = None
        if shown is not None:
            return self.failed("duty", FAILS, shown._replace(hidden=self.hidden))
        rule, chapter = lesson_of("duty", About.ITSELF)
        return self.none("duty", FAILS, WRITES_ITSELF)._replace(rule=rule, chapter=chapter)

    def probed(self, name: str, probes: Sequence[Probe]) -> PropertyResult:
        """The first thing that is wrong in one of the probes."""
        for probe in probes:
            found = run_probe(self.policy, probe, name)
            self.seen.states += found.states
            if found.verdict is not None:
                verdict = UNSETTLED if found.verdict.kind == INCOMPLETE else FAILS
                shown = failure(probe.scenario, found.verdict, False, 0)
                return self.failed(name, verdict, shown._replace(about=found.about or shown.about))
        return self.held(name, HELD[name])

    def safety(self, name: str) -> PropertyResult:
        """A property that the checker's verdicts tell about."""
        for kind in KINDS[name]:
            found = [one for one in self.seen.findings if one.verdict.kind == kind]
            if found:
                return self.failed(name, FAILS, smallest_failure(self.policy, found, SHRINKING))
        unsettled = [one.verdict for one in self.seen.findings if one.verdict.kind == INCOMPLETE]
        if unsettled:
            return self.unsettled(name, unsettled[0].summary if not self.hidden else "a bound in a hidden scenario")
        if any(one.verdict.kind == POLICY_ERROR for one in self.seen.findings):
            return self.unsettled(name, "an error in the policy cut some runs short")
        public = [one for one in self.seen.checked if not one.hidden]
        where = f"{len(public)} scenarios, {sum(one.states for one in public):,} states"
        where += f", and {self.seen.deeper} times at other places and in queues" if self.seen.deeper else ""
        where += f", and {len(self.seen.checked) - len(public)} hidden scenarios" if self.hidden else ""
        proved = "; a certificate says so for every size" if self.seen.proved() else ""
        return self.held(name, f"{HELD[name]} ({where}: every interleaving{proved})")

    def measured(self, name: str, bands: tuple[Band, ...]) -> PropertyResult:
        """A property that the simulator measures: each band counts the same."""
        shares, sentences = [], []
        for band in bands:
            scenario = SCENARIOS[band.sized.scenario].build(band.sized.params)
            found = self.bench.measure(band.measure, scenario.name, scenario.params, band.against)
            share = 1.0 if found.times <= band.full else 0.5 if found.times <= band.half else 0.0
            shares.append(share)
            told = (
                self.bench.before or self.bench
            )  # numbers with hidden seeds are nobody's business but the instructor's
            public = told.measure(band.measure, scenario.name, scenario.params, band.against)
            sentences.append(_measured(band, public, share))
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
        return self.none(
            name, NOT_COUNTED, "It counts once the policy does its work: a policy that does nothing does no harm."
        )

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
