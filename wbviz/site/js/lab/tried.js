// @ts-check
// What was tried: a list that brings a text back, and takes all of it out as a file.

import { element } from "../../../viz/js/dom.js";

/** @typedef {import("./history.js").Tried} Tried */

/**
 * @param {(text: string) => void} back @param {() => void} take
 */
export function triedList(back, take) {
  const list = element("ol", { class: "wb-tried" });
  const out = element("button", { type: "button" }, "Save all of it as a file");
  out.addEventListener("click", take);
  const root = element("details", {}, element("summary", {}, "What you tried"), list, element("div", { class: "wb-bar" }, out));
  return {
    root,
    /** @param {Tried[]} tried @param {string} text */
    draw(tried, text) {
      list.replaceChildren(...tried.map((one) => {
        const here = one.text === text;
        const button = element("button", { type: "button", "aria-current": here ? "true" : null }, `${when(one.at)}: ${one.said}${here ? " (this one)" : ""}`);
        button.addEventListener("click", () => back(one.text));
        return element("li", {}, button);
      }));
      if (!tried.length) list.replaceChildren(element("li", { class: "wb-soft" }, "Nothing yet. Each text that was checked in all scenarios is kept here, in this browser."));
    },
  };
}

/** @param {number} at milliseconds */
export function when(at) {
  return new Date(at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}
