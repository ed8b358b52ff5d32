// @ts-check
// The labs: a script of its own, which live.js brings when such a widget comes near.

import { LABS } from "../../viz/js/kinds_labs.js";

/** @type {any} */ (globalThis).wbvizKinds(LABS);
