// @ts-check
// The parts of a lab that are only form: its bar, its head, the bar that says how far Python has come.

import { element } from "../../../viz/js/dom.js";
import { startingWords } from "../../../viz/js/shared_python.js";

/**
 * How far Python has come, with a way out.
 * @param {() => void} again  pressed where it did not start @param {() => void} leave  pressed while it starts
 */
export function starting(again, leave) {
  const said = element("p", { role: "status" });
  const bar = element("progress", { max: 1, value: 0, "aria-label": "Python is being fetched" });
  const retry = element("button", { type: "button", hidden: true }, "Try again");
  const cancel = element("button", { type: "button" }, "Cancel");
  retry.addEventListener("click", again);
  cancel.addEventListener("click", leave);
  const root = element("div", { class: "wb-starting", hidden: true }, said, bar, cancel, retry);
  return {
    root,
    /** @param {any} told */
    progress(told) {
      root.hidden = bar.hidden = cancel.hidden = false;
      retry.hidden = true;
      const part = told.total ? Math.min(1, told.loaded / told.total) : 0;
      bar.setAttribute("value", String(part));
      const now = startingWords(told);
      if (said.textContent !== now) said.textContent = now;
    },
    /** @param {string} words */
    failed(words) {
      root.hidden = retry.hidden = false;
      bar.hidden = cancel.hidden = true;
      said.textContent = `${words} You can go on writing: the text is kept.`;
    },
    done() {
      root.hidden = true;
    },
  };
}

/**
 * A button of the lab.
 * @param {string} name @param {string} text @param {() => void} action @param {string} [look]
 */
export function button(name, text, action, look = "") {
  const node = /** @type {HTMLButtonElement} */ (
    element("button", { type: "button", "data-do": name, class: look || null }, text)
  );
  node.addEventListener("click", action);
  return node;
}

/**
 * What an editor may begin with: the policies of the book.
 * @param {{name: string, says: string, text: string}[]} policies @param {(text: string) => void} begin
 */
export function beginnings(policies, begin) {
  const select = /** @type {HTMLSelectElement} */ (
    element(
      "select",
      { "data-do": "begin" },
      element("option", { value: "" }, "…"),
      ...policies.map((one) => element("option", { value: one.name }, `${one.name}: ${one.says}`)),
    )
  );
  select.addEventListener("change", () => {
    const chosen = policies.find((one) => one.name === select.value);
    select.value = "";
    if (chosen) begin(chosen.text);
  });
  return element("label", { class: "wb-begin" }, "Begin with ", select);
}
