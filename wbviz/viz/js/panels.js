// @ts-check
// What stands below the controls, beside the policy: the list of steps, the state in words, the legend.

import { element, glyph, mark, reveal } from "./dom.js";

/** @typedef {import("./types.js").Bundle} Bundle */
/** @typedef {import("./types.js").Frame} Frame */

/** Verdicts that are no fault of the policy's. */
const HARMLESS = new Set(["safe", "incomplete"]);

/**
 * What a frame is, for its colour: the kind of the frame, or for the last one whether its verdict is bad.
 * @param {Bundle} bundle @param {Frame} frame
 */
export function mood(bundle, frame) {
  if (frame.kind !== "end" || !bundle.verdict) return frame.kind;
  return HARMLESS.has(bundle.verdict.kind) ? (bundle.verdict.kind === "safe" ? "good" : "wait") : "bad";
}

/**
 * @param {Bundle} bundle
 * @param {(index: number) => void} go
 * @returns {{root: HTMLElement, show: (index: number) => void}}
 */
export function stepsPanel(bundle, go, key = "") {
  const buttons = bundle.frames.map((frame, index) => {
    const number = frame.kind === "step" ? String(frame.step) : frame.kind === "wait" ? "…" : "";
    const button = element("button", { type: "button" }, element("span", {}, number), element("span", {}, frame.say));
    button.addEventListener("click", () => go(index));
    return button;
  });
  buttons[0].lastElementChild?.replaceChildren("At the start");
  const items = buttons.map((button, index) => {
    const looping = bundle.loop !== null && index >= bundle.loop && bundle.frames[index].kind !== "end";
    return element("li", { "data-kind": mood(bundle, bundle.frames[index]), "data-loop": looping }, button);
  });
  const label = `${key}-steps`;
  const title = bundle.loop === null ? "Steps" : "Steps; those beside the dotted line repeat for ever";
  const box = element(
    "div",
    { class: "wb-box", tabindex: 0, role: "group", "aria-labelledby": label },
    element("ol", { class: "wb-steps" }, ...items),
  );
  const root = element("div", { class: "wb-panel" }, element("p", { id: label }, title), box);
  return {
    root,
    show(index) {
      buttons.forEach((button, i) => mark(button, i === index));
      reveal(box, items[index]);
    },
  };
}

/**
 * The state in words, the legend, the keys: folded away until asked for.
 * @param {{shapes: Record<string, number[]>}} bundle
 * @param {string} key
 * @param {[string, string, string, string][]} keys  key, what stands between, another key, what they do
 * @param {string} hand  how it goes on a touch screen
 */
export function morePanel(bundle, key, keys, hand = "") {
  const words = element("p");
  // What the picture's description refers to: what is folded away is not read out.
  const described = element("p", { id: `${key}-words`, hidden: true });
  const legend = [
    ["clean", "--wb-ink-clean", "C clean: as on disk"],
    ["dirty", "--wb-dirty-line", "D dirty: to be written"],
    ["writeback", "--wb-writeback-line", "W writeback: the disk has it (B: and dirty again)"],
    ["gone", "--wb-ink-gone", "X detached: no longer in its file; F freed: its memory may be anybody's"],
    ["lock", "--wb-tw", "page lock, with its holder"],
    ["runs", "--wb-soft", "task that can run"],
    ["waits", "--wb-wait", "task that waits; its arrow leads to the page it wants, and on to who holds it"],
  ].map(([shape, colour, text]) => element("li", {}, glyph(bundle.shapes[shape], `var(${colour})`), text));
  const pressed = keys.map(([a, or, b, text]) =>
    element("li", {}, element("kbd", {}, a), ` ${or} `, b ? element("kbd", {}, b) : null, ` ${text}`),
  );
  const root = element(
    "div",
    { class: "wb-more" },
    described,
    element("details", {}, element("summary", {}, "The state in words"), words),
    element("details", {}, element("summary", {}, "Legend"), element("ul", {}, ...legend)),
    element(
      "details",
      {},
      element("summary", {}, "Keys"),
      element("ul", {}, ...pressed),
      element("p", {}, `They work while the focus is inside this box.${hand}`),
    ),
  );
  /** @param {string} state in words */
  const tell = (state) => {
    words.textContent = state;
    described.textContent = state;
  };
  return { root, tell };
}
