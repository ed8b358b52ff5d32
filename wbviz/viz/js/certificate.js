// @ts-check
// The end of the final test: how many answers are right, and a certificate to print. Nothing leaves the browser.

import { element } from "./dom.js";
import { CHANGED, recall } from "./progress.js";
import { standingOf } from "./progress_page.js";

/** @type {import("./types.js").Mount} */
export function certificate(el, { name: test, bundle: { questions, needed } }) {
  const stop = new AbortController();
  const box = element("div", { class: "wbviz wb-certificate" });
  const name = /** @type {HTMLInputElement} */ (
    element("input", { type: "text", autocomplete: "name", maxlength: 80 })
  );
  const count = element("p", { role: "status" });
  const sheet = element("div", { class: "wb-sheet", hidden: true });
  const print = element("button", { type: "button" }, "Print the certificate");
  print.addEventListener("click", () => {
    document.documentElement.classList.add("wb-printing-certificate");
    window.print();
    document.documentElement.classList.remove("wb-printing-certificate");
  });
  const label = element("label", {}, "Your name ", name);
  box.append(count, label, sheet, print);
  el.append(box);
  const draw = () => {
    const done = recall();
    const ids = Array.from({ length: questions }, (_, n) => `quiz:${test}-${n + 1}`);
    const right = ids.filter((id) => standingOf(done[id]).done).length;
    const enough = right >= needed;
    const told = `${right} of ${questions} right${enough ? "." : `; ${needed} are needed for the certificate.`}`;
    if (count.textContent !== told) count.replaceChildren(told); // read aloud when it changes, not at each letter of a reason
    for (const part of [label, sheet, print]) part.toggleAttribute("hidden", !enough);
    sheet.replaceChildren(
      element("p", { class: "wb-title" }, "Who holds the page lock?"),
      element("p", {}, name.value.trim() || "A reader of this book"),
      element("p", {}, `has answered ${right} of the ${questions} questions of its final test rightly.`),
      element("p", { class: "wb-soft" }, new Date().toISOString().slice(0, 10)),
    );
  };
  draw();
  name.addEventListener("input", draw, { signal: stop.signal });
  window.addEventListener(CHANGED, draw, { signal: stop.signal });
  return () => {
    stop.abort();
    box.remove();
  };
}
