// @ts-check
// The labs, one in each of two chapters.

import { flusherLab } from "./flusher_lab.js";
import { reclaimLab } from "./reclaim_lab.js";

/** @type {Record<string, import("./types.js").Mount>} */
export const LABS = {
  "reclaim-lab": reclaimLab,
  "flusher-lab": flusherLab,
};
