// @ts-check
// The player: holds all frames, shows one, moves between them.

import { element, icon } from "./dom.js";
import { gate } from "./gate.js";
import { codePanel, mood, morePanel, stepsPanel } from "./panels.js";
import { remember } from "./progress.js";
import { screenFor } from "./screen.js";
import { unroll } from "./stage.js";

/** @typedef {import("./types.js").Bundle} Bundle */
/** @typedef {import("./types.js").Picture} Picture */
/** @typedef {import("./types.js").Question} Question */
/** @typedef {import("./types.js").Sink} Sink */
/** @typedef {import("./stage.js").Row} Row */

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
 * @param {{question?: Question|null, atOnce?: boolean, sink?: (host: HTMLElement, picture: Picture) => Promise<Sink|null>}} [options]
 *   atOnce: play when it is first seen, unless the reader prefers reduced motion
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
  const host = element("div", { class: "wb-scene", role: "img", "aria-labelledby": `${key}-say`, "aria-describedby": `${key}-words` });
  const count = element("span", { class: "wb-count" });
  const say = element("span", { class: "wb-say", id: `${key}-say` });
  const caption = element("p", { class: "wb-caption", "aria-live": "polite", "aria-atomic": "true" }, count, say);
  const slider = /** @type {HTMLInputElement} */ (element("input", { type: "range", min: 0, max: last, step: 1, value: 0, "aria-label": "Position" }));
  const speed = /** @type {HTMLSelectElement} */ (
    element("select", {}, ...[0.5, 1, 2, 4].map((v) => element("option", { value: v, selected: v === 1 }, `${v}×`)))
  );
  const status = element("span", { class: "wb-status", role: "status" });
  /** @param {string} name @param {string} label @param {() => void} action */
  const button = (name, label, action) => {
    const node = /** @type {HTMLButtonElement} */ (element("button", { type: "button", class: `wb-${name}`, "aria-label": label, title: label }, icon(name)));
    node.addEventListener("click", action);
    return node;
  };
  const first = button("first", "Restart", () => visit(0));
  const back = button("back", "One step back", () => visit(index - 1));
  const playing = button("play", "Play", () => (timer === null ? play() : pause()));
  const forward = button("forward", "One step on", () => visit(index + 1));
  const end = button("last", "To the end", () => visit(last));
  const link = element("button", { type: "button", class: "wb-link" }, "Copy link");
  const controls = element("div", { class: "wb-controls", role: "group", "aria-label": "Playback" },
    first, back, playing, forward, end, slider, element("label", {}, "Speed", speed), link, status);
  const code = codePanel(bundle, key);
  const steps = stepsPanel(bundle, visit, key);
  const more = morePanel(bundle, key);
  const panels = element("div", { class: "wb-panels" }, bundle.source.length ? code.root : null, steps.root);
  const question = options.question ? gate(options.question, () => { visit(0); play(); }, (right) => {
    steps.root.hidden = false;
    if (right !== null) remember("question", bundle.id, { right });
  }) : null;
  if (question) steps.root.hidden = true; // the list would tell how it ends
  const root = element("div", { class: "wbviz wb-player", role: "group", "aria-label": `Player: ${bundle.title}`, tabindex: -1,
    "data-lm-suppress-shortcuts": "true", "data-player": bundle.id },
    element("div", { class: "wb-head" }, element("span", { class: "wb-title" }, bundle.title), chip),
    question, host, caption, controls, panels, more.root);
  el.append(root);

  // -- the scene
  let index = 0;
  /** @type {number|null} */
  let timer = null;
  /** @type {{wide?: Row[][], narrow?: Row[][]}} */
  const rows = {};
  const stage = screenFor(root, host, bundle, (shape) => (rows[shape] ??= unroll(bundle.scenes[shape], layers))[index], options.sink);

  /** Room for the longest sentences, so that the buttons keep their place under the finger. */
  function reserve() {
    if (!root.clientWidth) return;
    const probe = /** @type {HTMLElement} */ (caption.cloneNode(true));
    probe.removeAttribute("aria-live");
    probe.style.cssText = `position: absolute; visibility: hidden; min-height: 0; width: ${caption.offsetWidth}px`;
    probe.dataset.kind = "bad"; // the widest letters
    const text = /** @type {HTMLElement} */ (probe.lastElementChild);
    text.removeAttribute("id");
    root.append(probe);
    const longest = frames.map((frame) => frame.say).sort((a, b) => b.length - a.length).slice(0, 3);
    const heights = longest.map((sentence) => {
      text.textContent = sentence;
      return probe.offsetHeight;
    });
    probe.remove();
    caption.style.minHeight = `${Math.max(...heights)}px`;
  }

  // -- going from frame to frame
  /** @param {number} to */
  function go(to) {
    const target = Math.min(last, Math.max(0, to));
    const near = Math.abs(target - index) === 1;
    index = target;
    tell();
    stage.show(near, Number(speed.value));
  }

  /** Go there because the reader says so: playing stops. @param {number} to */
  function visit(to) {
    pause();
    go(to);
  }

  function tell() {
    const frame = frames[index];
    const total = frames[last].step ?? 0;
    const kind = mood(bundle, frame);
    const time = frame.time === undefined ? "" : `, ${(frame.time * 1000).toFixed(2)} ms`;
    count.textContent = frame.step === undefined ? `Start, ${total} steps` : `Step ${frame.step} of ${total}${time}`;
    say.textContent = frame.say;
    caption.dataset.kind = kind;
    more.words.textContent = frame.state;
    slider.value = String(index);
    slider.setAttribute("aria-valuetext", `${count.textContent}: ${frame.say}`);
    first.disabled = back.disabled = index === 0;
    forward.disabled = end.disabled = index === last;
    const looping = bundle.loop !== null && index >= bundle.loop && index < last;
    chip.hidden = !(looping || (index === last && bundle.verdict));
    chip.dataset.kind = looping ? "loop" : kind;
    chip.textContent = looping ? "repeats for ever" : (bundle.verdict?.title ?? "");
    host.classList.toggle("wb-ants", index === last);
    root.dataset.frame = String(index);
    code.show(frame);
    steps.show(index);
  }

  function next() {
    const again = index === last ? bundle.loop : null;
    if (index === last && again === null) return pause();
    go(again ?? index + 1);
    timer = window.setTimeout(next, standing(frames[index].say) / Number(speed.value));
  }

  function play() {
    if (timer !== null) return;
    if (index === last && bundle.loop === null) go(0);
    timer = window.setTimeout(next, index === 0 ? 300 : 0);
    face();
  }

  function pause() {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    face();
  }

  function face() {
    const label = timer === null ? "Play" : "Pause";
    playing.replaceChildren(icon(timer === null ? "play" : "pause"));
    playing.setAttribute("aria-label", label);
    playing.title = label;
    root.dataset.playing = String(timer !== null);
  }

  // -- listening
  slider.addEventListener("input", () => visit(Number(slider.value)));
  link.addEventListener("click", () => {
    const url = new URL(location.href);
    url.hash = `play=${encodeURIComponent(bundle.id)}:${index}`;
    history.replaceState(history.state, "", url);
    const told = (/** @type {boolean} */ copied) => (status.textContent = copied ? "Link to this step copied." : "The address bar now holds the link to this step.");
    (navigator.clipboard?.writeText(url.href) ?? Promise.reject()).then(() => told(true), () => told(false));
  });
  root.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || target instanceof HTMLSelectElement) return;
    const own = target instanceof HTMLInputElement; // the slider answers arrows, Home and End itself
    const presses = target instanceof HTMLButtonElement || target.tagName === "SUMMARY";
    /** @type {Record<string, (() => void)|false>} */
    const keys = {
      " ": !presses && (() => (timer === null ? play() : pause())),
      k: () => (timer === null ? play() : pause()),
      ArrowLeft: !own && (() => visit(index - 1)),
      ArrowRight: !own && (() => visit(index + 1)),
      Home: !own && (() => visit(0)),
      End: !own && (() => visit(last)),
    };
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  });
  /** @type {{x: number, y: number}|null} */
  let touched = null;
  host.addEventListener("pointerdown", (event) => (touched = { x: event.clientX, y: event.clientY }));
  host.addEventListener("pointerup", (event) => {
    if (!touched) return;
    const [dx, dy] = [event.clientX - touched.x, event.clientY - touched.y];
    touched = null;
    if (Math.abs(dx) > 40 && Math.abs(dx) > 2 * Math.abs(dy)) visit(index + (dx < 0 ? 1 : -1));
  });
  host.addEventListener("pointercancel", () => (touched = null));
  const follow = () => {
    const frame = linkedFrame(location.hash, bundle.id);
    if (frame === null) return;
    visit(frame);
    root.scrollIntoView({ block: "start" });
  };
  window.addEventListener("hashchange", follow, { signal });
  const watch = new ResizeObserver(() => {
    reserve();
    stage.fit();
  });
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    if (index === 0) play();
  }, { threshold: 0.6 });

  tell();
  face();
  stage.ready.then(() => {
    if (signal.aborted) return;
    code.show(frames[index]); // it could not be scrolled before it had a size
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
