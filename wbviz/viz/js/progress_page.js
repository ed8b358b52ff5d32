// @ts-check
// The page of progress: what this book asks, page by page, and what the reader has done of it.

import { element } from "./dom.js";
import { CHANGED, forget, recall } from "./progress.js";
import { isDue } from "./review.js";

/**
 * A page of the book and what it asks, as wbviz/site/tasks.py lists them.
 * @typedef {{page: string, title: string, tasks: {kind: string, id: string, text: string}[]}} Asked
 */

const WORDS = /** @type {Record<string, string>} */ ({
  quiz: "Question",
  question: "Prediction",
  game: "Level",
  exercise: "Exercise",
});

/**
 * How a task stands.
 * @param {unknown} value what was remembered of it
 * @returns {{mark: string, word: string, done: boolean}}
 */
export function standingOf(value) {
  if (value === undefined) return { mark: "○", word: "open", done: false };
  const right =
    value === true || (typeof value === "object" && value !== null && /** @type {any} */ (value).right !== false);
  if (right) return { mark: "✓", word: "done", done: true };
  const { points, total } = /** @type {any} */ (value) ?? {};
  return {
    mark: "✗",
    word: total ? `${Math.round(points * 100) / 100} of ${total} points` : "answered, not yet right",
    done: false,
  };
}

/** @type {import("./types.js").Mount} */
export function progressPage(el, data) {
  const stop = new AbortController();
  const box = element("div", { class: "wbviz wb-progress" });
  el.append(box);
  /** @type {Asked[]} */
  const pages = data.pages ?? []; // the book's build knows them, a notebook does not
  const draw = () => {
    const focused = box.contains(document.activeElement) ? (document.activeElement?.getAttribute("href") ?? "") : null;
    const done = recall();
    const all = pages.flatMap((page) => page.tasks);
    const finished = all.filter((task) => standingOf(done[`${task.kind}:${task.id}`]).done).length;
    const total = all.length
      ? `${finished} of ${all.length} done.`
      : `${Object.keys(done).length} answers and wins are kept in this browser.`;
    const clear = element("button", { type: "button", class: "wb-plain" }, "Forget everything");
    clear.addEventListener("click", () => {
      forget();
      box.querySelector("[role=status]")?.replaceChildren("Nothing is kept any more.");
    });
    const due = pages.flatMap((page) =>
      page.tasks
        .filter((task) => task.kind === "quiz" && isDue(/** @type {any} */ (done[`quiz:${task.id}`]), Date.now()))
        .map((task) => element("li", {}, element("a", { href: page.page }, task.text))),
    );
    const again = due.length
      ? [
          element(
            "section",
            { "data-due": due.length },
            element("p", { class: "wb-title" }, "To look at again"),
            element(
              "p",
              {},
              "A question comes back a day after a wrong answer, and ever later the more often you were right.",
            ),
            element("ul", {}, ...due),
          ),
        ]
      : [];
    box.replaceChildren(
      element("p", { role: "status" }, total),
      ...again,
      ...pages.map((page) =>
        element(
          "section",
          {},
          element("p", { class: "wb-title" }, element("a", { href: page.page }, page.title)),
          element(
            "ul",
            {},
            ...page.tasks.map((task) => {
              const { mark, word } = standingOf(done[`${task.kind}:${task.id}`]);
              return element(
                "li",
                { "data-standing": word },
                element("span", { "aria-hidden": true }, `${mark} `),
                `${WORDS[task.kind] ?? task.kind}: ${task.text} `,
                element("span", { class: "wb-soft" }, `(${word})`),
              );
            }),
          ),
        ),
      ),
      clear,
    );
    // What is drawn anew has lost the focus; whoever was here stays here.
    if (focused !== null)
      ([...box.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused) ?? clear).focus({
        preventScroll: true,
      });
  };
  draw();
  window.addEventListener(CHANGED, draw, { signal: stop.signal });
  window.addEventListener("storage", draw, { signal: stop.signal });
  return () => {
    stop.abort();
    box.remove();
  };
}
