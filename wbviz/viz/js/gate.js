// @ts-check
// A question with a few answers: the reader commits to one and is told how it stands. It never blocks.

import { element } from "./dom.js";

/** @typedef {import("./types.js").Question} Question */

/**
 * The question, a button for each answer, and the feedback on the one that was chosen.
 * @param {Question} question
 * @param {(index: number) => void} answered
 * @param {...HTMLElement} beside  more buttons, after the answers
 * @returns {{root: HTMLElement, feedback: HTMLElement, show: (index: number) => void}}  show: as if that answer had been
 *   chosen before
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
  const root = element(
    "fieldset",
    { class: "wb-gate", tabindex: -1 },
    element("legend", {}, question.text),
    element("div", { class: "wb-options" }, ...buttons, ...beside),
    feedback,
  );
  return { root, feedback, show };
}

/**
 * A question at the moment it is about: until then it says when it will come, and keeps its room.
 * @param {Question} question
 * @param {{to: () => void, through: () => void, answered: (index: number) => void}} play  to: up to the question; through: all of
 *   it; answered: an answer was chosen
 * @returns {{root: HTMLElement, ask: () => void, asks: () => boolean, show: (index: number) => void}}  ask: it is time
 */
export function gate(question, play) {
  const skip = element("button", { type: "button", class: "wb-plain" }, "Just show me");
  const { root: asked, show } = choices(
    question,
    (index) => {
      skip.hidden = true; // the focus is on the answer
      play.answered(index);
    },
    skip,
  );
  const to = element("button", { type: "button", class: "wb-onward" }, "Play up to the question");
  const over = element("button", { type: "button", class: "wb-plain" }, "Just show me");
  const coming = element(
    "div",
    { class: "wb-coming" },
    element("p", {}, `${question.when ?? "First"} you are asked what will happen.`),
    to,
    over,
  );
  const root = element("div", { class: "wb-predict", "aria-live": "polite", "data-asks": "no" }, coming, asked);
  const ask = () => {
    const inside = coming.contains(document.activeElement); // what is hidden loses the focus, and the keys with it
    root.dataset.asks = "yes";
    if (inside) asked.focus({ preventScroll: true });
  };
  to.addEventListener("click", play.to);
  for (const button of [skip, over]) {
    button.addEventListener("click", () => {
      ask();
      asked.focus({ preventScroll: true });
      skip.hidden = true;
      play.through();
    });
  }
  return {
    root,
    ask,
    asks: () => root.dataset.asks === "yes",
    show: (index) => {
      skip.hidden = true;
      show(index);
      ask();
    },
  };
}
