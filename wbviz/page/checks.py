"""What the policy lab asks: which scenarios there are, what a check says, the game of one's own policy."""

from __future__ import annotations

from typing import Any

from wbviz.check.check import Tick, check_scenario
from wbviz.check.export import MOST as LARGEST_GAME
from wbviz.check.export import explored, graph_json
from wbviz.check.graph import Progress
from wbviz.check.lines import own_lines
from wbviz.check.report import report
from wbviz.check.smallest import smallest, smallest_text
from wbviz.check.verdict import LIVELOCK, POLICY_ERROR, SAFE, Result, Verdict
from wbviz.errors import PolicyError, UsageError
from wbviz.machine.scenario import Scenario
from wbviz.page.asked import Asked, Json, Report
from wbviz.policy.correction import correction
from wbviz.scenarios.build import LARGEST, MAY_BE_NONE
from wbviz.scenarios.catalogue import SCENARIOS
from wbviz.viz.stage.board import Board
from wbviz.viz.stage.frames import TITLES, film
from wbviz.viz.stage.levels import BREAK, CIRCLE, SAVE, Level

USUAL, MOST = 200_000, 1_000_000
"""States at which a check ends as incomplete, unless told otherwise; the most that may be asked for. A million take
about a gigabyte, a quarter of what a page's Python may have."""


def scenarios(asked: Asked, tell: Report) -> list[Json]:
    """All scenarios with their claims and the sizes they have."""
    del asked, tell
    return [
        {
            "name": recipe.name,
            "claim": recipe.claim,
            "parameters": [
                {"name": name, "value": value, "least": 0 if name in MAY_BE_NONE else 1, "most": LARGEST}
                for name, value in recipe.defaults.items()
            ],
        }
        for recipe in SCENARIOS.values()
    ]


def check(asked: Asked, tell: Report) -> Json:
    """A check: what `check --json` writes for it, the words, the film to play, and the lines to mark.

    "summary": the words; "film": what the player plays, or null; "blame": lines to mark at rest, as `blame` has them;
    "printed": what the policy printed.
    """
    policy, scenario = asked.policy(), asked.scenario()
    most = asked.whole("max_states", USUAL, 1, MOST)
    if asked.flag("smallest"):
        if asked.has("described"):
            raise UsageError(
                "only a scenario of the book has sizes to make smaller",
                came="a scenario of your own",
                expected="a name",
            )
        found = smallest(policy, SCENARIOS[scenario.name], dict(scenario.params), most, lambda one: ticking(one, tell))
        result, words, data = found.result or found.given, smallest_text(found), found.to_json()
    else:
        result = check_scenario(policy, scenario, most, ticking(scenario, tell))
        words, data = report(result), result.to_json()
    return {
        **data,
        "summary": words,
        "film": film(result.trace).bundle() if result.trace is not None and result.trace.steps else None,
        "blame": blame(result, policy.source),
        "printed": list(policy.printed()),
    }


def ticking(scenario: Scenario, tell: Report) -> Tick:
    """Tells of an exploration."""

    def tick(progress: Progress) -> None:
        tell({"scenario": scenario.name, "params": dict(scenario.params), "states": progress.seen})

    return tick


def blame(result: Result, text: str) -> list[Json]:
    """The lines that a verdict is about: {"line", "message"}; of a policy-error also "whole", the whole message, and
    "fix", where there is a corrected form: {"from_line", "to_line", "text"}; to_line may be from_line - 1: before it.
    """
    head = result.headline
    if head.error is not None:
        return [error_blame(head.error, text)]
    if head.trace is None or head.kind in (SAFE, POLICY_ERROR):
        return []
    said = _said(head)
    return [{"line": number, "message": said} for number, _ in own_lines(head.trace, head.kind)]


def error_blame(error: PolicyError, text: str) -> Json:
    """The line of a policy-error, its message, and the edit that corrects it."""
    told: dict[str, Any] = {"line": error.line or 1, "message": error.what, "whole": str(error)}
    edit = correction(text, error)
    if edit is not None:
        told["fix"] = {"from_line": edit.first, "to_line": edit.last, "text": edit.text}
    return told


def _said(head: Verdict) -> str:
    return f"{TITLES.get(head.kind, head.kind)}: {head.summary}"


def game(asked: Asked, tell: Report) -> Json:
    """The explored graph of a policy in a small scenario, for the game: "goal" is "break" (the default) or "save".

    Raises UsageError, in words, where the graph is too large, or where nothing can go wrong.
    """
    policy, scenario = asked.policy(), asked.scenario()
    goal = asked.text("goal", BREAK)
    if goal not in (BREAK, SAVE):
        raise UsageError("the game has no such goal", came=repr(goal), expected=f"{BREAK!r} or {SAVE!r}")
    tick = ticking(scenario, tell)
    graph = explored(policy, scenario, tick=tick)
    if not graph.complete:
        raise UsageError(
            f"{scenario.name} is too large for the game: {graph.why_incomplete}",
            came=" ".join(f"{key}={value}" for key, value in scenario.params),
            expected=f"a scenario that is explored completely in at most {LARGEST_GAME:,} states",
            cause="the sizes are too large; the check finds its smallest that fails",
        )
    result = check_scenario(policy, scenario, tick=tick)
    head = result.headline
    if head.error is not None:
        raise head.error
    if head.kind == SAFE:
        raise UsageError(
            f"nothing can go wrong in {scenario.name}: whoever runs next, it ends well",
            expected="a policy that fails there, to break it or to save it",
        )
    goal = CIRCLE if head.kind == LIVELOCK and goal == BREAK else goal
    title = f"{policy.name} in {scenario.name}"
    level = Level(f"own-{scenario.name}", title, scenario.name, policy.name, goal, TASKS[goal], WON[goal])
    played = Board(level, graph_json(graph), 0, result)
    if played.par < 0:
        raise UsageError("it cannot be saved: something can always go wrong", expected='the goal "break"')
    return played.bundle()


TASKS = {
    BREAK: "Your own policy, and you choose who runs next. Bring about what the checker found.",
    SAVE: "Your own policy, and you choose who runs next. Reach a state from which nothing can go wrong any more.",
    CIRCLE: "Your own policy, and you choose who runs next. Go once round a circle, and leave nobody out who can run.",
}
WON = {
    BREAK: "This is what the scheduler may do to your policy. In the lab, mend it, and try again to break it.",
    SAVE: "It worked because you chose the order. A kernel cannot choose: the policy must be safe in all of them.",
    CIRCLE: "What happened once can happen for ever: everybody ran, and nothing got done. In the lab, mend it.",
}
