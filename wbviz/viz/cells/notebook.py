"""What a notebook shows: a trace in the player; a verdict, with its counterexample in the player."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from IPython.core.display import HTML
from IPython.core.display_functions import display

from wbviz.certify.blame import Ending, ending
from wbviz.certify.proof import Proof, after_head
from wbviz.check.again import again
from wbviz.check.check import check_scenario
from wbviz.check.report import covered, report, summary_line, titled, words
from wbviz.check.verdict import Result
from wbviz.errors import UsageError
from wbviz.policy.notebook import as_policy
from wbviz.policy.printed import printed_words
from wbviz.scenarios.catalogue import SCENARIOS, build
from wbviz.scenarios.described import described
from wbviz.trace.schedule import FUNCTIONS, parse
from wbviz.trace.trace import Trace, from_json
from wbviz.viz.assets import palette_style
from wbviz.viz.stage.player import Player, player


class Checked:
    """Results of a check. As the last value of a cell: the verdict and, if there is one, the counterexample to play."""

    def __init__(
        self,
        results: Sequence[Result],
        question: Mapping[str, Any] | None = None,
        said: Sequence[str] = (),
        printed: tuple[str, ...] = (),
    ) -> None:
        self.results = tuple(results)
        self.question = question
        self.said = tuple(said)
        """Of each result, what a certificate for every size adds to it; "" for nothing."""
        self.printed = printed
        """What the policy itself printed, as lines to show."""

    @property
    def result(self) -> Result:
        """The first result against the policy, or else the first."""
        return next((result for result in self.results if result.verdict != "safe"), self.results[0])

    @property
    def verdict(self) -> str:
        """Its verdict: "safe", "deadlock", …"""
        return self.result.verdict

    @property
    def trace(self) -> Any:
        """Its trace, or None."""
        return self.result.trace

    def __repr__(self) -> str:
        table = [summary_line(result) for result in self.results] if len(self.results) > 1 else []
        own = ["", printed_words(self.printed)] if self.printed else []
        return "\n".join([*table, after_head(report(self.result), self._said()), *own])

    def _said(self) -> str:
        return dict(zip(map(id, self.results), self.said, strict=False)).get(id(self.result), "")

    def _ipython_display_(self, **_: Any) -> None:
        show_result(self.result, self.question, [summary_line(result) for result in self.results], self._said())
        if self.printed:
            own = f'<div class="wbviz wb-result">{error_html(printed_words(self.printed))}</div>'
            display(HTML(own))  # type: ignore[no-untyped-call]


def check(
    policy: Any,
    scenario: str | Mapping[str, Any] | None = None,
    *,
    question: Mapping[str, Any] | None = None,
    **params: int,
) -> Checked:
    """Check every interleaving of a policy in a scenario, or in all of them.

    policy: what `as_policy` takes: the name of a built-in policy, a file, functions of this notebook.
    scenario: a name, or a description of one of your own, see `wbviz.scenarios.described`.
    params: sizes, by the scenario's names.
    question: asked before the counterexample is played, see `play`.
    """
    program = as_policy(policy)
    proof = Proof(as_policy(policy))  # anew: what it prints when certified is of no run that is shown
    if isinstance(scenario, Mapping):
        scenarios = [described({**scenario, **params})]
    else:
        scenarios = [build(name, params) for name in (list(SCENARIOS) if scenario is None else [scenario])]
    results = [check_scenario(program, one) for one in scenarios]
    said = [proof.said(one, result.verdict, _ends(result)) for one, result in zip(scenarios, results, strict=True)]
    return Checked(results, question, said, program.printed())


def _ends(result: Result) -> Ending | None:
    """How the counterexample ends, if there is one."""
    if result.trace is None or not result.trace.steps:
        return None
    last = result.trace.steps[-1]
    return ending(result.trace.verdict or {}, last.lines, last.after)


def play(
    trace: Any, question: Mapping[str, Any] | None = None, name: str | None = None, at_once: bool = False
) -> Player:
    """Play a trace. See `wbviz.viz.stage.player.player` for what goes in; the widget is shown when it ends a cell."""
    if isinstance(trace, Mapping):
        trace = from_json(trace)
    if not isinstance(trace, Trace):
        raise _no_trace(trace)
    return player(trace, question, name, at_once)


def _no_trace(came: Any) -> UsageError:
    causes = {
        Checked: "the trace of a check is its .trace",
        type(None): "the policy is safe there: what never fails has no counterexample to play",
        str: "a schedule is played by wbviz.replay; what a file holds has to be read first",
    }
    from_file = '\nwbviz.play(json.load(open("trace.json")))' if isinstance(came, str) else ""
    return UsageError(
        "this is no trace",
        came=f"{type(came).__name__} {came!r}".splitlines()[0][:80],
        expected="a trace: of a check, or read from its JSON",
        cause=causes.get(type(came), ""),
        fix=f'wbviz.play(wbviz.check("writearound", "abba").trace){from_file}',
    )


def replay(schedule: Any, policy: Any = None, question: Mapping[str, Any] | None = None) -> Player:
    """Play a schedule, the line of text that a check prints.

    policy: another one than the schedule names; the functions themselves, for a policy that is no file.
    """
    if not isinstance(schedule, str):
        raise UsageError(
            "this is no schedule",
            came=type(schedule).__name__,
            expected="text: the line that a check prints below its table",
            cause="a trace is played by wbviz.play" if isinstance(schedule, Trace | Checked) else "",
            fix='wbviz.replay("wb1 abba writearound : kswapd*3 writer flusher*3")',
        )
    plan = parse(schedule)
    if policy is None and plan.policy == FUNCTIONS:
        raise UsageError(
            "this schedule is of a policy that has no file",
            came=f"a policy called {FUNCTIONS}: two functions of some notebook",
            expected="the two functions beside the schedule",
            fix='wbviz.replay("wb1 ...", (enqueue, execute))',
        )
    return player(again(plan, as_policy(plan.policy if policy is None else policy)), question)


def show_result(
    result: Result, question: Mapping[str, Any] | None = None, table: Sequence[str] = (), said: str = ""
) -> None:
    """Display a verdict and, if there is something to play, the player."""
    display(HTML(told(result, table, said)))  # type: ignore[no-untyped-call]
    head = result.headline
    if head.trace is not None and head.trace.steps:
        display(player(head.trace, question))  # type: ignore[no-untyped-call]


def told(result: Result, table: Sequence[str] = (), said: str = "") -> str:
    """A verdict in words, as HTML: the message of a policy-error whole, of anything else a sentence. `said` is what a
    certificate adds."""
    head = result.headline
    title = f"{result.policy} in {titled(result)} is {words(head.kind)}."
    rows = f"<pre>{escape(chr(10).join(table))}</pre>" if len(table) > 1 else ""
    body = error_html(str(head.error)) if head.error else f"<p>{escape(_sentence(head.summary))}</p>"
    more = f"<p>{escape(_sentence(said))}</p>" if said else ""
    mood = "good" if head.kind == "safe" else "wait" if head.kind == "incomplete" else "bad"
    return (
        f'{palette_style()}<div class="wbviz wb-result" data-kind="{mood}">{rows}'
        f"<p><strong>{escape(title)}</strong></p>{more}{body}<p>{escape(_sentence(covered(result).strip()))}</p></div>"
    )


def error_html(message: str) -> str:
    """A message of several lines; a line that does not fit goes on further in than it began."""
    return "<pre>" + "\n".join(f"<span>{escape(line)}</span>" for line in message.splitlines()) + "</pre>"


def _sentence(words: str) -> str:
    """Words that stand alone on a line of a terminal, as a sentence; what begins with a name keeps it as it is."""
    return f"{words[:1].upper() if words.startswith('no ') else words[:1]}{words[1:]}."
