// @ts-check
// A question with a few answers: the reader commits to one and is told how it stands. It never blocks.

import { element } from "./dom.js";

/** @typedef {import("./types.js").Question} Question */

/**
 * The question, a button for each answer, and the feedback on the one that was chosen.
 * @param {Question} question
 * @param {(index: number) => void} answered
 * @param {...HTMLElement} beside  more buttons, after the answers
 * @returns {{root: HTMLElement, show: (index: number) => void}}  show: as if that answer had been chosen before
 */
export function choices(question, answered, ...beside) {
  const feedback = element("p", { class: "wb-feedback", "aria-live": "polite" });
  const buttons = question.options.map((option, index) => {
    const button = element("button", { type: "button", "aria-pressed": "false", "data-answer": true }, option.text);
    button.addEventListener("click", () => {
      show(index);
      answered(index);
    });
    return button;
  });
  /** @param {number} chosen */
  const show = (chosen) => {
    const option = question.options[chosen];
    if (!option) return;
    buttons.forEach((button, i) => {
      button.setAttribute("aria-pressed", String(i === chosen));
      if (i === chosen) button.dataset.right = String(option.right);
      else delete button.dataset.right;
    });
    feedback.replaceChildren(element("strong", {}, option.right ? "Right. " : "Not quite. "), option.feedback);
  };
  const root = element("fieldset", { class: "wb-gate" }, element("legend", {}, question.text),
    element("div", { class: "wb-options" }, ...buttons, ...beside), feedback);
  return { root, show };
}

/**
 * A question before the play.
 * @param {Question} question
 * @param {() => void} play  called when the reader wants to see it
 * @param {(right: boolean|null) => void} done  called at each answer, and with null when the reader just wants to see
 * @returns {HTMLElement}
 */
export function gate(question, play, done) {
  const skip = element("button", { type: "button", class: "wb-plain" }, "Just show me");
  const { root } = choices(question, (index) => {
    skip.textContent = "Play it";
    done(question.options[index].right);
  }, skip);
  skip.addEventListener("click", () => {
    done(null);
    play();
  });
  return root;
}
