// @ts-check
// The game with the reader's own policy: the graph of the scenario that is picked, with its sizes.

import { element } from "../../../viz/js/dom.js";
import { mountGame } from "../../../viz/js/game_view.js";
import { button } from "./parts.js";
import { OWN, chipOf } from "./state.js";

/** @typedef {import("./state.js").Lab} Lab */

/** What is asked for the game of a lab as it stands. @param {Lab} lab */
export function gameOf(lab) {
  return { ask: "game", policy: lab.text, scenario: lab.picked, params: chipOf(lab, lab.picked)?.sizes };
}

/**
 * @param {{get: () => Lab, ask: (request: Record<string, any>) => Promise<any>, tell: (words: string) => void}} lab
 * @returns {{button: HTMLElement, root: HTMLElement, draw: (lab: Lab) => void, dispose: () => void}}
 */
export function scheduling(lab) {
  const play = button("game", "Be the scheduler here", begin);
  const root = element("div", { class: "wb-own-game" });
  /** @type {{dispose: () => void}|null} */
  let game = null;
  let of = ""; // the question that the game, or the one that is coming, answers

  function leave() {
    if (of && !game) lab.tell("");
    game?.dispose();
    game = null;
    of = "";
  }

  async function begin() {
    leave();
    const sent = gameOf(lab.get());
    const mine = JSON.stringify(sent);
    of = mine;
    play.disabled = true;
    lab.tell("The graph of your policy in this scenario is being explored …");
    try {
      const board = await lab.ask(sent);
      if (board.error) throw new Error(board.error);
      if (of !== mine) return;
      lab.tell("");
      game = mountGame(root, board);
      root.scrollIntoView({ block: "nearest" });
    } catch (error) {
      if (of === mine) lab.tell(error instanceof Error ? error.message : String(error));
    } finally {
      play.disabled = false;
    }
  }

  return {
    button: play,
    root,
    /** A game of another text, scenario or size is none of this lab any more. */
    draw(now) {
      play.hidden = !chipOf(now, now.picked) || now.picked === OWN;
      if (of && of !== JSON.stringify(gameOf(now))) leave();
    },
    dispose: leave,
  };
}
