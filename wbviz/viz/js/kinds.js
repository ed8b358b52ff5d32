// @ts-check
// Every widget of the book by its kind: the one way in, for a notebook (widgets.js) and for a page (live.js).

import { certificate } from "./certificate.js";
import { flusherLab } from "./flusher_lab.js";
import { mountGame } from "./game_view.js";
import { paste } from "./paste.js";
import { mount } from "./player.js";
import { progressPage } from "./progress_page.js";
import { quiz } from "./quiz.js";
import { reclaimLab } from "./reclaim_lab.js";
import { recorded } from "./recorded.js";

/** @type {Record<string, import("./types.js").Mount>} */
export const KINDS = {
  player: (el, data, host) =>
    mount(el, data.bundle, { question: data.question, atOnce: data.at_once, sink: host.sink }).dispose,
  game: (el, data, host) => mountGame(el, data.board, host.sink).dispose,
  paste,
  recorded,
  quiz,
  progress: progressPage,
  certificate,
  "reclaim-lab": reclaimLab,
  "flusher-lab": flusherLab,
};
