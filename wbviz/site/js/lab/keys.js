// @ts-check
// A row of keys that telephones lack, or hide on a second page of theirs.

import { element } from "../../../viz/js/dom.js";

/** @type {[string, string, string][]} what stands on it, what it is called, what it does or writes */
const KEYS = [
  ["⇥", "indent", "more"],
  ["⇤", "indent less", "less"],
  ["↶", "undo", "undo"],
  ["↷", "redo", "redo"],
  ["yield", "yield", "yield "],
  ["mm.", "mm.", "mm."],
  ["page.", "page.", "page."],
  ["( )", "open a bracket", "("],
  [")", "close a bracket", ")"],
  [":", "colon", ":"],
  ["_", "underscore", "_"],
  ["=", "equals", " = "],
  [".", "dot", "."],
];

/** @param {() => import("./types.js").Editor} editor */
export function keyRow(editor) {
  return element(
    "div",
    { class: "wb-keyrow", role: "group", "aria-label": "Keys" },
    ...KEYS.map(([shown, called, does]) => {
      const button = element("button", { type: "button", "aria-label": called }, shown);
      button.addEventListener("pointerdown", (event) => event.preventDefault()); // the keyboard of the telephone stays
      button.addEventListener("click", () => {
        if (does === "more" || does === "less" || does === "undo" || does === "redo") editor().run(does);
        else editor().insert(does);
      });
      return button;
    }),
  );
}
