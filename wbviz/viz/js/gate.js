// @ts-check
// A question before the play: the reader commits to an answer, is told how it stands, and goes on. It never blocks, and
// the answer goes nowhere.

import { element } from "./dom.js";

/** @typedef {import("./types.js").Question} Question */

/**
 * @param {Question} question
 * @param {() => void} play  called when the reader wants to see it
 * @param {() => void} done  called once, when the gate is left
 * @returns {HTMLElement}
 */
export function gate(question, play, done) {
  const feedback = element("p", { class: "wb-feedback", "aria-live": "polite" });
  const skip = element("button", { type: "button", class: "wb-plain" }, "Just show me");
  const buttons = question.options.map((option) => {
    const button = element("button", { type: "button", "aria-pressed": "false", "data-answer": true }, option.text);
    button.addEventListener("click", () => {
      buttons.forEach((other, i) => {
        other.setAttribute("aria-pressed", String(other === button));
        if (other === button) other.dataset.right = String(question.options[i].right);
        else delete other.dataset.right;
      });
      feedback.replaceChildren(element("strong", {}, option.right ? "Right. " : "Not quite. "), option.feedback);
      skip.textContent = "Play it";
      done();
    });
    return button;
  });
  const root = element("fieldset", { class: "wb-gate" }, element("legend", {}, question.text),
    element("div", { class: "wb-options" }, ...buttons, skip), feedback);
  skip.addEventListener("click", () => {
    done();
    play();
  });
  return root;
}
