// @ts-check
// A question on its own, with feedback on every answer, and room for the reader's own reason. All of it stays in the browser.

import { element } from "./dom.js";
import { choices } from "./gate.js";
import { recall } from "./progress.js";
import { keepAnswer, keepWhy } from "./review.js";

/** @type {import("./types.js").Mount} */
export function quiz(el, { name: id, question }) {
  const before = /** @type {import("./review.js").Answer|undefined} */ (recall()[`quiz:${id}`]);
  const why = /** @type {HTMLTextAreaElement} */ (element("textarea", { rows: 2, maxlength: 600 }));
  why.value = before?.why ?? "";
  why.addEventListener("input", () => keepWhy(id, why.value));
  why.addEventListener("keydown", (event) => event.stopPropagation()); // a notebook has commands on single letters
  const reason = element(
    "label",
    { class: "wb-why", hidden: true },
    element(
      "span",
      {},
      element("strong", {}, "Why? "),
      "In a sentence of your own, if you like. Nobody judges it, and only this browser keeps it.",
    ),
    why,
  );
  const { root, show, feedback } = choices(question, (index) => {
    keepAnswer(id, index, question.options[index].right);
    reason.hidden = false;
  });
  if (typeof before?.answer === "number") {
    show(before.answer);
    reason.hidden = false;
  }
  root.append(element("div", { class: "wb-after" }, feedback, reason));
  const box = element("div", { class: "wbviz wb-quiz", "data-quiz": id }, root);
  el.append(box);
  return () => box.remove();
}
