// @ts-check
// A question on its own, with feedback on every answer. The answer stays in the reader's browser.

import { element } from "./dom.js";
import { choices } from "./gate.js";
import { recall } from "./progress.js";
import { keepAnswer } from "./review.js";

/** @type {import("./types.js").Mount} */
export function quiz(el, { name: id, question }) {
  const { root, show } = choices(question, (index) => keepAnswer(id, index, question.options[index].right));
  const before = /** @type {{answer?: number}|undefined} */ (recall()[`quiz:${id}`]);
  if (typeof before?.answer === "number") show(before.answer);
  const box = element("div", { class: "wbviz wb-quiz", "data-quiz": id }, root);
  el.append(box);
  return () => box.remove();
}
