// @ts-check
// The game: a script of its own, which live.js brings when such a widget comes near.

import { GAME } from "../../viz/js/kinds_game.js";

/** @type {any} */ (globalThis).wbvizKinds(GAME);
