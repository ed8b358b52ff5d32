// @ts-check
// The policy, coloured as the book's listings are, with the line of each task. A line tells the steps at which it ran.

import { element, reveal } from "./dom.js";

/** @typedef {import("./types.js").Frame} Frame */
/**
 * What a code panel needs of a bundle or a board.
 * @typedef {{source: string[], code: [string, number][][], policy: string, about?: string, hues: Record<string, number>,
 *   ran?: Record<string, number[]>, frames?: Frame[]}} Coded
 */

/**
 * @param {Coded} bundle
 * @param {string} key
 * @param {(frame: number) => void} [go] to a frame whose step ran a line
 * @returns {{root: HTMLElement, show: (frame: Pick<Frame, "kind"|"lines"|"task">, index?: number) => void}}
 */
export function codePanel(bundle, key = "", go) {
  const ran = (go && bundle.ran) || {};
  const lines = bundle.source.map((text, i) => {
    const words = ranWords(bundle, ran[i + 1], i + 1);
    return element(
      "li",
      { "data-ran": words !== "", title: words || null },
      coloured(text, bundle.code[i] ?? [["", text.length]]),
    );
  });
  const list = element("ol", { class: "wb-lines" }, ...lines);
  const label = `${key}-code`;
  const told = element("p", { class: "wb-soft wb-ran-told", role: "status" });
  const some = lines.filter((line) => line.title);
  const box = element("div", { class: "wb-box", tabindex: 0, role: "group", "aria-labelledby": label }, list);
  const root = element(
    "div",
    { class: "wb-panel" },
    element("p", { id: label }, `Policy: ${bundle.about ?? bundle.policy}`),
    box,
    some.length ? told : null,
  );
  const begin =
    lines[
      Math.max(
        0,
        bundle.source.findIndex((text) => text.startsWith("def ")),
      )
    ];
  /** @type {HTMLElement[]} */
  let marked = [];
  let shown = 0;
  let asked = -1; // which of the lines that ran was asked, last

  /** @param {HTMLElement} line */
  function tell(line) {
    some[asked]?.removeAttribute("data-told");
    asked = some.indexOf(line);
    line.toggleAttribute("data-told", true);
    told.textContent = line.title;
    reveal(box, line);
  }

  /** To the next step that ran a line. @param {HTMLElement} line */
  function follow(line) {
    const frames = ran[lines.indexOf(line) + 1];
    go?.(frames.find((frame) => frame > shown) ?? frames[0]);
  }

  list.addEventListener("click", (event) => {
    const line = /** @type {HTMLElement} */ (event.target).closest("li");
    if (!line?.title) return;
    tell(line);
    follow(line);
  });
  box.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!some.length || !(by || (event.key === "Enter" && asked >= 0))) return;
    event.preventDefault();
    event.stopPropagation();
    if (by) tell(some[Math.min(some.length - 1, Math.max(0, asked + by))]);
    else follow(some[asked]);
  });

  return {
    root,
    show(frame, index = 0) {
      shown = index;
      for (const line of marked) {
        line.removeAttribute("data-here");
        line.querySelector(".wb-badges")?.remove();
      }
      marked = [];
      /** @type {HTMLElement|undefined} */
      let first;
      for (const [task, number] of Object.entries(frame.lines)) {
        const line = lines[number - 1];
        if (!line) continue;
        let badges = line.querySelector(".wb-badges");
        if (!badges) line.prepend((badges = element("span", { class: "wb-badges" })));
        const badge = element("span", { class: "wb-badge" }, task);
        badge.style.background = `var(--wb-t${bundle.hues[task]})`;
        badges.append(badge);
        if (line.dataset.here !== "acting") line.dataset.here = task === frame.task ? "acting" : "there";
        if (task === frame.task || !first) first = line;
        marked.push(line);
      }
      if (first) reveal(box, first);
      else if (begin && frame.kind === "start") box.scrollTop = begin.offsetTop - lines[0].offsetTop; // past the policy's docstring
    },
  };
}

/** At which steps a line ran. @param {Coded} bundle @param {number[]|undefined} frames @param {number} number */
function ranWords(bundle, frames, number) {
  if (!frames) return "";
  const steps = frames.map((frame) => bundle.frames?.[frame].step);
  return `Line ${number} ran in step${steps.length > 1 ? "s" : ""} ${steps.join(", ")}.`;
}

/** A line in its colours. @param {string} text @param {[string, number][]} pieces */
function coloured(text, pieces) {
  const indent = text.length - text.trimStart().length; // a line that is broken goes on further in than it began
  const code = element("code", { style: `--indent: ${indent}` });
  let from = 0;
  for (const [kind, length] of pieces) {
    const piece = text.slice(from, (from += length));
    code.append(kind ? element("span", { class: `wb-code-${kind}` }, piece) : piece);
  }
  if (!text) code.append(" ");
  return code;
}
