// @ts-check
// A report or a trace of a real kernel, pasted into the page and read there, by Python in the page. It goes nowhere.

import { element } from "./dom.js";
import { why } from "./python.js";
import { bringPython, pythonCosts, startingWords } from "./shared_python.js";

/**
 * @param {HTMLElement} el
 * @param {{example: string}} data  a report to try it with
 * @returns {() => void}
 */
export function paste(el, { example }) {
  const text = /** @type {HTMLTextAreaElement} */ (
    element("textarea", { rows: 8, spellcheck: "false", autocomplete: "off", "aria-label": "Report or trace" })
  );
  const read = /** @type {HTMLButtonElement} */ (element("button", { type: "button", class: "wb-read" }, "Read it"));
  const fill = element("button", { type: "button", class: "wb-plain" }, "Take the report of f2fs");
  const status = element("p", { role: "status" });
  const told = element("div", { class: "wb-told" });
  const costing = why() || pythonCosts();
  const root = element(
    "div",
    { class: "wbviz wb-paste", role: "group", "aria-label": "A report, read in this page" },
    element("label", {}, "A hung-task report, the output of sysrq w, or a trace", text),
    element("p", { class: "wb-row" }, read, fill),
    element("p", {}, `What you paste stays in your browser: nothing is sent anywhere. ${costing}`),
    status,
    told,
  );
  el.append(root);
  read.disabled = Boolean(why());

  fill.addEventListener("click", () => (text.value = example));
  read.addEventListener("click", async () => {
    if (read.getAttribute("aria-disabled") === "true") return;
    read.setAttribute("aria-disabled", "true"); // it keeps the focus
    status.textContent = "Reading …";
    try {
      const python = await bringPython((one) => (status.textContent = startingWords(one)));
      status.textContent = "Reading …";
      show(await python.ask({ ask: "kernel", text: text.value }).answer);
    } catch (error) {
      status.textContent = error instanceof Error ? error.message : String(error);
    }
    read.removeAttribute("aria-disabled");
  });

  /** @param {{html?: string, words?: string, error?: string}} answer */
  function show(answer) {
    status.textContent = answer.error ? "" : "Read:";
    told.replaceChildren();
    if (!answer.html) {
      told.append(element("pre", {}, answer.error ?? answer.words ?? ""));
      return;
    }
    // Its style is its own, and what was pasted is text in it, never markup. Scripts that come this way do not run.
    const page = new DOMParser().parseFromString(answer.html, "text/html");
    const place = told.appendChild(element("div", {}));
    const style = getComputedStyle(root).colorScheme;
    place.style.colorScheme = style;
    const main = page.querySelector("main");
    main?.style.setProperty("color-scheme", style);
    for (const item of page.querySelectorAll("li")) {
      const chapter = /^book\/([\w-]+)\.md$/.exec(item.textContent ?? "");
      if (chapter) item.replaceChildren(element("a", { href: `${chapter[1]}.html` }, chapter[1].replaceAll("-", " ")));
    }
    place.attachShadow({ mode: "open" }).append(...page.querySelectorAll("style"), ...(main ? [main] : []));
  }

  return () => root.remove();
}
