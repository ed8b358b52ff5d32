// @ts-check
// What is said of a game: how it stands, how far it is to the goal.

import { circleAt, hintAt, outcome, verdictAt } from "./game.js";

/** @typedef {import("./types.js").Board} Board */
/** @typedef {import("./game.js").Game} Game */

export const GOALS = { break: "Break it", save: "Save it", circle: "Keep it going" };
export const STATUS_WORDS = /** @type {Record<string, string>} */ ({
  ready: "can run",
  blocked: "waits",
  idle: "idle",
  ended: "ended",
});
export const GLYPHS = /** @type {Record<string, string>} */ ({
  ready: "runs",
  blocked: "waits",
  idle: "idle",
  ended: "ended",
});
export const GAME_KEYS = /** @type {[string, string, string, string][]} */ ([
  ["1", "to", "9", "lets that task run"],
  ["u", "or", "⌫", "takes back one step"],
  ["h", "", "", "a hint; again, and it shows the way"],
]);

/** @param {number} count @param {string} word */
export const counted = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

/**
 * What the level wants to see, as part of a sentence.
 * @param {Board} board
 */
function badThing(board) {
  const title = (Object.values(board.titles)[0] ?? "a mistake").toLowerCase();
  return title === "a rule is broken" ? "a broken rule" : /^lost/.test(title) ? title : `a ${title}`;
}

/**
 * How it stands, in words; empty while it is open.
 * @param {Game} game
 */
export function outcomeWords(game) {
  const { board, at } = game;
  const kind = verdictAt(game);
  const stands = outcome(game);
  const round = circleAt(game);
  if (board.goal === "circle" && stands === "won" && round)
    return `Livelock: round in ${counted(round.steps, "step")}, and everybody ran.`;
  if (stands === "won" && board.goal === "save")
    return "Saved: from here nothing can go wrong any more, whoever runs next.";
  if (kind !== null && kind !== "livelock") {
    const cycle = board.cycles[at];
    return `${board.titles[kind]}${cycle ? `: ${cycle}` : ""}.`;
  }
  if (stands === "late")
    return "Too late: from here every order ends badly. Go on and watch it come, or take back a step.";
  if (stands === "stuck")
    return `No way leads from here to ${badThing(board)} any more. Take back a step, or start again.`;
  if (round)
    return `You have been here ${counted(round.steps, "step")} ago. But ${round.left.join(" and ")} could have run on the way and never did: a fair scheduler would have let ${round.left.length > 1 ? "them" : "it"}.`;
  return "";
}

/**
 * Help in words: first only how far it is.
 * @param {Game} game @param {boolean} shown  whether the way is shown as well
 */
export function hintWords(game, shown) {
  const { goal, danger, moves } = hintAt(game);
  const { board } = game;
  if (goal < 0) return "There is no way from here: take back a step.";
  const way = shown && moves.length ? ` ${moves.join(" or ")}: that way.` : "";
  if (board.goal === "save")
    return `Safety is ${counted(goal, "step")} away${danger > 0 ? `, ${badThing(board)} ${danger}` : ""}.${way}`;
  if (board.goal === "circle")
    return (
      (danger
        ? `A circle begins ${counted(goal, "step")} from here.`
        : `The circle can be closed in ${counted(goal, "step")}.`) + way
    );
  const thing = badThing(board);
  return `${thing[0].toUpperCase()}${thing.slice(1)} is ${counted(goal, "step")} away, at the fewest.${way}`;
}
