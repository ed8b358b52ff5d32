// @ts-check
// The game, which few pages have.

import { mountGame } from "./game_view.js";

/** @type {Record<string, import("./types.js").Mount>} */
export const GAME = {
  game: (el, data, host) => mountGame(el, data.board, host.sink).dispose,
};
