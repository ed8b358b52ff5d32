// @ts-check
// The player: holds all frames, shows one, moves between them. Where it draws is a sink's business.

import { element, icon } from "./dom.js";
import { gate } from "./gate.js";
import { codePanel, mood, morePanel, stepsPanel } from "./panels.js";
import { remember } from "./progress.js";
import { columns, ease, moves, unroll } from "./stage.js";
import { svgSink } from "./svg_sink.js";

/** @typedef {import("./types.js").Bundle} Bundle */
/** @typedef {import("./types.js").Question} Question */
/** @typedef {import("./types.js").Sink} Sink */
/** @typedef {import("./stage.js").Row} Row */

const STILL = 1500; // milliseconds that a frame stands, at speed 1; a long sentence gets more
const MOVE = 420; // milliseconds that things take to get from one frame to the next
const NARROW = 640; // below this many pixels the narrow scene is drawn
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
 * @param {{question?: Question|null, sink?: (host: HTMLElement, bundle: Bundle) => Promise<Sink|null>}} [options]
 *   sink: where to draw; without one, or when it gives null or fails, an SVG
 * @returns {{go: (index: number) => void, play: () => void, pause: () => void, dispose: () => void}}
 */
export function mount(el, bundle, options = {}) {
  const key = `wb${(counter += 1)}`;
  const { frames, layers, shapes } = bundle;
  const last = frames.length - 1;
  const stop = new AbortController();
  const { signal } = stop;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

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
  let animation = 0;
  /** @type {Sink|null} */
  let sink = null;
  /** @type {"wide"|"narrow"} */
  let shape = "wide";
  /** @type {Row[][]} */
  let rows = [];
  /** @type {Row[]|null} */
  let drawn = null; // what the sink shows, or null when it shows nothing yet
  /** @type {boolean[]} */
  let halfway = []; // layers that are on their way to what it shows

  /** Show the frame as it is, and with it whatever a move that was cut short has left half way. */
  function settle() {
    cancelAnimationFrame(animation);
    if (!sink) return;
    const now = rows[index];
    layers.forEach((layer, i) => {
      if (!drawn || drawn[i] !== now[i] || halfway[i]) sink?.draw(i, columns(layer, now[i], now[i], 1, shapes));
    });
    drawn = now;
    halfway = [];
  }

  function move() {
    cancelAnimationFrame(animation);
    if (!sink || !drawn) return settle();
    const from = drawn;
    const to = rows[index];
    const span = MOVE / Number(speed.value);
    const start = performance.now();
    const moving = layers.map((layer, i) => moves(layer, from[i], to[i]));
    layers.forEach((layer, i) => {
      if (from[i] !== to[i] && !moving[i]) sink?.draw(i, columns(layer, to[i], to[i], 1, shapes));
    });
    drawn = to;
    halfway = layers.map((_, i) => moving[i] || halfway[i] || false);
    const tick = (/** @type {number} */ now) => {
      const t = Math.min(1, Math.max(0, (now - start) / span));
      layers.forEach((layer, i) => {
        if (moving[i]) sink?.draw(i, columns(layer, from[i], to[i], ease(t), shapes));
      });
      if (t < 1) animation = requestAnimationFrame(tick);
      else settle();
    };
    animation = requestAnimationFrame(tick);
  }

  function fit() {
    const width = root.clientWidth;
    if (!width) return;
    const wanted = width < NARROW ? "narrow" : "wide";
    const scene = bundle.scenes[wanted];
    if (wanted !== shape || !rows.length) {
      shape = wanted;
      rows = unroll(scene, layers);
      drawn = null;
    }
    host.dataset.scene = shape;
    host.style.aspectRatio = `${scene.w} / ${scene.h}`;
    reserve();
    sink?.fit(scene, host.clientWidth);
    drawn = null;
    settle();
  }

  /** Room for the longest sentences, so that the buttons keep their place under the finger. */
  function reserve() {
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
    if (near && !calm.matches && !document.hidden) move();
    else settle();
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
  const watch = new ResizeObserver(fit);

  tell();
  face();
  const ready = options.sink ? options.sink(host, bundle).catch(() => null) : Promise.resolve(null);
  ready.then((found) => {
    if (signal.aborted) return found?.dispose();
    sink = found ?? svgSink(host, bundle);
    root.dataset.drawn = found ? "bqplot" : "svg";
    fit();
    watch.observe(root);
    follow();
  });

  return {
    go: visit,
    play,
    pause,
    dispose() {
      pause();
      cancelAnimationFrame(animation);
      stop.abort();
      watch.disconnect();
      sink?.dispose();
      root.remove();
    },
  };
}
