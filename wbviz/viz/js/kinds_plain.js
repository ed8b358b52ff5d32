// @ts-check
// The widgets that most pages have.

import { certificate } from "./certificate.js";
import { paste } from "./paste.js";
import { mount } from "./player.js";
import { progressPage } from "./progress_page.js";
import { quiz } from "./quiz.js";
import { recorded } from "./recorded.js";

/** @type {Record<string, import("./types.js").Mount>} */
export const PLAIN = {
  player: (el, data, host) =>
    mount(el, data.bundle, { question: data.question, atOnce: data.at_once, sink: host.sink }).dispose,
  paste,
  recorded,
  quiz,
  progress: progressPage,
  certificate,
};
