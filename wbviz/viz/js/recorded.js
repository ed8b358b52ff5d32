// @ts-check
// The player beside the log of a machine on which the same steps were taken: its lines come with the steps.

import { element, reveal } from "./dom.js";
import { mount } from "./player.js";

/**
 * @param {HTMLElement} el
 * @param {{bundle: import("./types.js").Bundle, question?: import("./types.js").Question|null, at_once?: boolean,
 *   log: {title: string, lines: [string, number][]}}} data  of the log each line, and the frame with which it comes
 * @param {import("./types.js").Host} host
 * @returns {() => void}
 */
export function recorded(el, data, host) {
  const { title, lines } = data.log;
  const items = lines.map(([text]) => element("li", {}, element("code", {}, text)));
  const empty = element("li", { class: "wb-silent" }, "Nothing yet.");
  const box = element(
    "div",
    { class: "wb-box", tabindex: 0, role: "group", "aria-label": title },
    element("ol", { class: "wb-log" }, empty, ...items),
  );
  const beside = element("div", { class: "wb-panel wb-recorded" }, element("p", {}, title), box);
  return mount(el, data.bundle, {
    question: data.question,
    atOnce: data.at_once,
    sink: host.sink,
    beside,
    shown(index) {
      const now = items.filter((item, at) => {
        const came = lines[at][1];
        item.hidden = came > index;
        item.toggleAttribute("data-now", came === index);
        return came === index;
      });
      empty.hidden = items.some((item) => !item.hidden);
      reveal(box, now[0]);
    },
  }).dispose;
}
