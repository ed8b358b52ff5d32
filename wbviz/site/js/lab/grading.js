// @ts-check
// An exercise's points: a live rubric, the lesson of each property that fails, and what is handed in.

import { element } from "../../../viz/js/dom.js";
import { mount } from "../../../viz/js/player.js";
import { remember } from "../../../viz/js/progress.js";

const MARKS = /** @type {Record<string, string>} */ ({
  holds: "✓",
  partly: "◐",
  fails: "✗",
  unsettled: "?",
  "not counted": "–",
});

/** @param {number} points */
const number = (points) => String(Math.round(points * 100) / 100);

/**
 * The report's head, in words.
 * @param {any} report
 */
export function standingOf(report) {
  if (report.error) return report.error;
  if (!report.gradable)
    return "Nothing was graded, because of a mistake that has to be mended first. It costs no points.";
  return `${number(report.points)} of ${report.total} points.`;
}

/** What a text that is handed in is called. */
export const FILE = "policy.py";

/**
 * @param {string} exercise
 * @param {{grade: () => Promise<any>, text: () => string}} lab
 */
export function grading(exercise, lab) {
  const button = /** @type {HTMLButtonElement} */ (
    element("button", { type: "button", class: "wb-strong", "data-do": "grade" }, "Grade")
  );
  const hand = element("button", { type: "button", "data-do": "hand-in" }, "Hand in");
  const head = element("p", { role: "status", class: "wb-points" });
  const rubric = element("div", { class: "wb-rubric" });
  const told = element("p", { role: "status", class: "wb-soft" });
  const root = element(
    "section",
    { class: "wb-grading", "aria-label": "Grade" },
    element("p", { class: "wb-title" }, "Your grade"),
    element("div", { class: "wb-bar" }, button, hand),
    told,
    head,
    rubric,
  );
  /** @type {(() => void)[]} */
  let playing = [];
  let graded = ""; // the text that was
  let standing = "Not graded yet.";

  /** @param {any} report */
  function show(report) {
    for (const stop of playing) stop();
    playing = [];
    standing = standingOf(report);
    draw(lab.text());
    root.dataset.points = report.error ? "" : String(report.points);
    rubric.replaceChildren();
    if (report.problem) rubric.append(element("pre", { tabindex: 0 }, report.problem));
    for (const one of report.properties ?? []) rubric.append(property(one));
    if (!report.error && report.gradable)
      remember("exercise", exercise, {
        right: report.points === report.total,
        points: report.points,
        total: report.total,
      });
  }

  /** @param {any} one */
  function property(one) {
    const row = element(
      "div",
      { class: "wb-property", "data-verdict": one.verdict, "data-property": one.name },
      element(
        "p",
        {},
        element("span", { class: "wb-shape", "aria-hidden": true }, MARKS[one.verdict] ?? "?"),
        element("b", {}, `${one.title}: `),
        `${one.verdict}, ${number(one.points)} of ${one.possible} points. `,
      ),
      element("p", {}, one.said ?? one.sentence),
    );
    const lesson = one.lesson ?? [];
    if (one.verdict === "holds" || one.verdict === "not counted" || (!lesson.length && !one.rule)) return row;
    const body = element(
      "div",
      {},
      ...lesson.flatMap((/** @type {any} */ part) => [
        element("p", { class: "wb-label" }, part.label),
        part.fixed ? element("pre", { tabindex: 0 }, part.words) : element("p", {}, part.words),
      ]),
    );
    if (!lesson.length) body.append(element("p", {}, one.rule));
    const more = element("details", {}, element("summary", {}, "The lesson"), body);
    more.addEventListener("toggle", () => {
      const film = one.film;
      if (!film || !(/** @type {HTMLDetailsElement} */ (more).open) || body.querySelector(".wb-player")) return;
      playing.push(mount(body, film).dispose);
    });
    row.append(more);
    return row;
  }

  async function grade() {
    if (button.disabled) return;
    button.disabled = true;
    graded = lab.text();
    standing = "Being graded …";
    draw(graded);
    try {
      show(await lab.grade());
    } catch (error) {
      show({ error: error instanceof Error ? error.message : String(error) });
    }
    button.disabled = false;
    root.scrollIntoView({ block: "nearest" });
  }

  /** The text has changed. @param {string} text */
  function draw(text) {
    const words = !graded || text === graded ? standing : `${standing} Of the text before your last change.`;
    if (head.textContent !== words) head.textContent = words;
  }

  button.addEventListener("click", grade);
  hand.addEventListener("click", () => {
    save(FILE, lab.text());
    told.textContent =
      `${FILE} was saved by your browser: give it to your course as your course asks. The points here are unofficial. ` +
      "The official grade may look at hidden scenarios as well.";
  });
  return {
    root,
    grade,
    draw,
    dispose: () => playing.forEach((stop) => stop()),
  };
}

/** Hand a text to the reader as a file. @param {string} name @param {string} text */
export function save(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/x-python" }));
  const link = element("a", { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
