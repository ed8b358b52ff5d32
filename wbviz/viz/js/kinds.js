// @ts-check
// Every widget of the book by its kind: the way in for a notebook (widgets.js). A page loads the rare ones when it has one.

import { GAME } from "./kinds_game.js";
import { LABS } from "./kinds_labs.js";
import { PLAIN } from "./kinds_plain.js";

/** @type {Record<string, import("./types.js").Mount>} */
export const KINDS = { ...PLAIN, ...GAME, ...LABS };
