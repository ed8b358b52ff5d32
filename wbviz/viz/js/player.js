// @ts-check
// The player: holds all frames, shows one, moves between them.

import { codePanel } from "./code_panel.js";
import { copyLink, element, reserve } from "./dom.js";
import { gate } from "./gate.js";
import { mood, morePanel, stepsPanel } from "./panels.js";
import { recall, remember } from "./progress.js";
import { screenFor } from "./screen.js";
import { unroll } from "./stage.js";
import { toldBy } from "./things.js";
import { touchable } from "./touch.js";
import { transport } from "./transport.js";

/** @typedef {import("./types.js").Bundle} Bundle */
/** @typedef {import("./types.js").Picture} Picture */
/** @typedef {import("./types.js").Question} Question */
/** @typedef {import("./types.js").Sink} Sink */
/** @typedef {import("./stage.js").Row} Row */

const PLAYER_KEYS = /** @type {[string, string, string, string][]} */ ([
  ["Space", "or", "k", "plays and pauses"],
  ["←", "", "→", "one step back, one step on"],
  ["Home", "", "End", "first, last"],
  ["↑", "", "↓", "in the picture, with ← and →: from thing to thing; Esc leaves it"],
]);
const READ = 1600; // milliseconds from an answer until it goes on
const STILL = 1500; // milliseconds that a frame stands, at speed 1; a long sentence gets more
let counter = 0;

/**
 * The frame that the address names for this player: #play=ID:frame
 * @param {string} hash @param {string} id
 * @returns {number|null}
 */
export function linkedFrame(hash, id) {
  const found = /[#&]play=([^:&]+):(\d+)/.exec(hash);
  return found && decodeURIComponent(found[1]) === id ? Number(found[2]) : null;
}

/**
 * How long a frame stands before the next one, in milliseconds at speed 1.
 * @param {string} sentence
 */
export function standing(sentence) {
  return STILL + Math.max(0, sentence.length - 40) * 22;
}

/**
 * Put a player into an element.
 * @param {HTMLElement} el
 * @param {Bundle} bundle
 * @param {{question?: Question|null, atOnce?: boolean, sink?: (host: HTMLElement, picture: Picture) => Promise<Sink|null>,
 *   beside?: HTMLElement, shown?: (index: number) => void}} [options]
 *   atOnce: play when it is first seen, unless the reader prefers reduced motion
 *   beside: stands above the lines of the policy; shown: told of each frame that is shown
 *   sink: where to draw; without one, or when it gives null or fails, an SVG
 * @returns {{go: (index: number) => void, play: () => void, pause: () => void, dispose: () => void}}
 */
export function mount(el, bundle, options = {}) {
  const key = `wb${(counter += 1)}`;
  const { frames, layers } = bundle;
  const last = frames.length - 1;
  const stop = new AbortController();
  const { signal } = stop;

  // -- the parts
  const chip = element("span", { class: "wb-chip", hidden: true });
  const host = element("div", {
    class: "wb-scene",
    role: "img",
    "aria-labelledby": `${key}-say`,
    "aria-describedby": `${key}-words`,
  });
  const count = element("span", { class: "wb-count" });
  const say = element("span", { class: "wb-say", id: `${key}-say` });
  const said = element("span", { class: "wb-said" }, say);
  const caption = element("p", { class: "wb-caption", "aria-live": "polite", "aria-atomic": "true" }, count, said);
  const status = element("span", { class: "wb-status", role: "status" });
  const link = element("button", { type: "button", class: "wb-link" }, "Copy link");
  const moving = transport({
    last,
    loop: bundle.loop,
    show(to, near, speed) {
      index = to;
      tell();
      stage.show(near, speed);
    },
    standing: (at) => standing(frames[at].say),
    words: (at) => `${frames[at].count}: ${frames[at].say}`,
    halts: (at) => open && at === moment,
    changed: (plays) => (root.dataset.playing = String(plays)),
    more: [link, status],
  });
  const { visit, play, pause } = moving;
  const code = codePanel(bundle, key, visit);
  const steps = stepsPanel(bundle, visit, key);
  const more = morePanel(
    bundle,
    key,
    PLAYER_KEYS,
    " On a touch screen, tap a thing to hear what it is, and drag over the picture to go through the steps.",
  );
  const panels = element(
    "div",
    { class: "wb-panels" },
    options.beside ?? null,
    bundle.source.length ? code.root : null,
    steps.root,
  );
  const title = element("span", { class: "wb-title" }, options.question ? "What will happen?" : bundle.title);
  const moment = options.question?.at ?? 0;
  let open = Boolean(options.question); // it has not been answered yet, nor passed over
  const known = () => {
    open = false;
    steps.root.hidden = false;
    title.textContent = bundle.title;
  };
  const predicts = options.question
    ? gate(options.question, {
        to() {
          visit(0);
          play();
        },
        through() {
          known();
          visit(0);
          play();
        },
        answered(answer) {
          known();
          remember("question", bundle.id, { answer, right: options.question?.options[answer].right });
          if (index > moment) return;
          visit(moment);
          play(READ);
        },
      })
    : null;
  if (predicts) steps.root.hidden = true; // the list would tell how it ends
  const things = touchable(
    host,
    bundle,
    (shape) => marks(shape),
    () => says(index),
    key,
  );
  const root = element(
    "div",
    {
      class: "wbviz wb-player",
      role: "group",
      "aria-label": `Player: ${options.question ? bundle.about : bundle.title}`,
      tabindex: -1,
      "data-lm-suppress-shortcuts": "true",
      "data-player": bundle.id,
    },
    element("div", { class: "wb-head" }, title, chip),
    things.root,
    caption,
    moving.root,
    predicts?.root ?? null,
    panels,
    more.root,
  );
  el.append(root);

  // -- the scene
  let index = 0;
  /** @type {{wide?: Row[][], narrow?: Row[][]}} */
  const rows = {};
  const says = toldBy(bundle.touch);
  const marks = (/** @type {"wide"|"narrow"} */ shape) => (rows[shape] ??= unroll(bundle.scenes[shape], layers))[index];
  const stage = screenFor(root, host, bundle, marks, options.sink);

  function tell() {
    const frame = frames[index];
    const kind = mood(bundle, frame);
    count.textContent = frame.count;
    say.textContent = frame.say;
    caption.dataset.kind = kind;
    more.tell(frame.state);
    const looping = bundle.loop !== null && index >= bundle.loop && index < last;
    chip.hidden = !(looping || (index === last && bundle.verdict));
    chip.dataset.kind = looping ? "loop" : kind;
    chip.textContent = looping ? "repeats for ever" : (bundle.verdict?.title ?? "");
    host.classList.toggle("wb-ants", index === last);
    root.dataset.frame = String(index);
    code.show(frame, index);
    steps.show(index);
    options.shown?.(index);
    things.show();
    if (index >= moment) predicts?.ask();
  }

  // -- listening
  link.addEventListener("click", () =>
    copyLink(`play=${encodeURIComponent(bundle.id)}:${index}`, "step", (text) => (status.textContent = text)),
  );
  moving.listen(root, things.surface);
  const follow = () => {
    const frame = linkedFrame(location.hash, bundle.id);
    if (frame === null) return;
    visit(frame);
    root.scrollIntoView({ block: "start" });
  };
  window.addEventListener("hashchange", follow, { signal });
  let width = 0;
  const watch = new ResizeObserver(() => {
    if (root.clientWidth !== width) code.show(frames[index], index); // its lines are broken anew, and so lie elsewhere
    width = root.clientWidth;
    stage.fit();
    things.show();
  });
  const seen = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      if (index === 0) play();
    },
    { threshold: 0.6 },
  );

  reserve(
    said,
    frames.map((frame) => frame.say),
  );
  const before = /** @type {{answer?: number}|undefined} */ (recall()[`question:${bundle.id}`]);
  if (predicts && typeof before?.answer === "number") {
    predicts.show(before.answer);
    known();
  }
  moving.go(0);
  pause();
  stage.ready.then(() => {
    if (signal.aborted) return;
    watch.observe(root);
    follow();
    if (options.atOnce && !matchMedia("(prefers-reduced-motion: reduce)").matches) seen.observe(host);
  });

  return {
    go: visit,
    play,
    pause,
    dispose() {
      pause();
      stop.abort();
      watch.disconnect();
      seen.disconnect();
      stage.dispose();
      root.remove();
    },
  };
}
