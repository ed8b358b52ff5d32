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
  const root = element(
    "details",
    {},
    element("summary", {}, "What you tried"),
    list,
    element("div", { class: "wb-bar" }, out),
  );
  let drawn = "";
  return {
    root,
    /** @param {Tried[]} tried @param {string} text */
    draw(tried, text) {
      const now = JSON.stringify([tried, tried.findIndex((one) => one.text === text)]);
      if (now === drawn) return;
      drawn = now;
      const focused = list.contains(document.activeElement) ? document.activeElement?.getAttribute("data-at") : null;
      list.replaceChildren(
        ...tried.map((one) => {
          const here = one.text === text;
          const button = element(
            "button",
            { type: "button", "data-at": one.at, "aria-current": here ? "true" : null },
            `${when(one.at)}: ${one.said}${here ? " (this one)" : ""}`,
          );
          button.addEventListener("click", () => back(one.text));
          return element("li", {}, button);
        }),
      );
      if (!tried.length)
        list.replaceChildren(
          element(
            "li",
            { class: "wb-soft" },
            "Nothing yet. Each text that was checked in all scenarios is kept here, in this browser.",
          ),
        );
      if (focused) /** @type {HTMLElement|null} */ (list.querySelector(`[data-at="${focused}"]`))?.focus();
    },
  };
}

/** @param {number} at milliseconds */
export function when(at) {
  return new Date(at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}
