// @ts-check
// Going through pictures in a row: buttons, slider, speed, keys, a drag over the picture. What a picture shows is somebody else's business.

import { element, icon } from "./dom.js";

const DRAG = 10; // pixels that a pointer goes sideways before it is a drag

/**
 * @param {object} options
 * @param {number} options.last  the number of the last picture; the first is 0
 * @param {number|null} [options.loop]  the picture to go on with after the last one, if this repeats for ever
 * @param {(index: number, near: boolean, speed: number) => void} options.show  near: it is a neighbour of the one before
 * @param {(index: number) => number} options.standing  milliseconds that a picture stands, at speed 1
 * @param {(index: number) => string} options.words  what the slider says of a picture
 * @param {(playing: boolean) => void} [options.changed]  it plays now, or does not any more
 * @param {(index: number) => boolean} [options.halts]  it does not play past this picture by itself
 * @param {Node[]} [options.more]  what stands at the end of the row of controls
 */
export function transport({ last, loop = null, show, standing, words, changed, halts, more = [] }) {
  let index = 0;
  /** @type {number|null} */
  let timer = null;
  const slider = /** @type {HTMLInputElement} */ (
    element("input", { type: "range", min: 0, max: last, step: 1, value: 0, "aria-label": "Position" })
  );
  const speed = /** @type {HTMLSelectElement} */ (
    element("select", {}, ...[0.5, 1, 2, 4].map((v) => element("option", { value: v, selected: v === 1 }, `${v}×`)))
  );
  /** @param {string} name @param {string} label @param {() => void} action */
  const button = (name, label, action) => {
    const node = /** @type {HTMLButtonElement} */ (
      element("button", { type: "button", class: `wb-${name}`, "aria-label": label, title: label }, icon(name))
    );
    node.addEventListener("click", action);
    return node;
  };
  const first = button("first", "Restart", () => visit(0));
  const back = button("back", "One step back", () => visit(index - 1));
  const playing = button("play", "Play", () => toggle());
  const forward = button("forward", "One step on", () => visit(index + 1));
  const end = button("last", "To the end", () => visit(last));
  const root = element(
    "div",
    { class: "wb-controls", role: "group", "aria-label": "Playback" },
    first,
    back,
    playing,
    forward,
    end,
    slider,
    element("label", {}, "Speed", speed),
    ...more,
  );
  slider.addEventListener("input", () => visit(Number(slider.value)));

  /** @param {number} to */
  function go(to) {
    const target = Math.min(last, Math.max(0, to));
    const near = Math.abs(target - index) === 1;
    index = target;
    show(index, near, Number(speed.value));
    slider.value = String(index);
    slider.setAttribute("aria-valuetext", words(index));
    for (const [node, over] of /** @type {[HTMLElement, boolean][]} */ ([
      [first, index === 0],
      [back, index === 0],
      [forward, index === last],
      [end, index === last],
    ])) {
      node.setAttribute("aria-disabled", String(over)); // it keeps the focus, and so the keys go on working
    }
  }

  /** Go there because the reader says so: playing stops. @param {number} to */
  function visit(to) {
    pause();
    go(to);
  }

  function next() {
    const again = index === last ? loop : null;
    if (index === last && again === null) return pause();
    go(again ?? index + 1);
    if (halts?.(index)) return pause();
    timer = window.setTimeout(next, standing(index) / Number(speed.value));
  }

  /** @param {number} [wait] milliseconds before the first move */
  function play(wait = index === 0 ? 300 : 0) {
    if (timer !== null) return;
    if (index === last && loop === null) go(0);
    timer = window.setTimeout(next, wait);
    face();
  }

  function pause() {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    face();
  }

  function toggle() {
    if (timer === null) play();
    else pause();
  }

  function face() {
    const label = timer === null ? "Play" : "Pause";
    playing.replaceChildren(icon(timer === null ? "play" : "pause"));
    playing.setAttribute("aria-label", label);
    playing.title = label;
    changed?.(timer !== null);
  }

  /**
   * Keys anywhere inside the root, drags over the picture.
   * @param {HTMLElement} root @param {HTMLElement} host
   */
  function listen(root, host) {
    root.addEventListener("keydown", (event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      if (
        event.defaultPrevented ||
        event.altKey ||
        event.ctrlKey ||
        event.metaKey ||
        target instanceof HTMLSelectElement
      )
        return;
      const own = target instanceof HTMLInputElement; // the slider answers arrows, Home and End itself
      const presses = target instanceof HTMLButtonElement || target.tagName === "SUMMARY";
      /** @type {Record<string, (() => void)|false>} */
      const keys = {
        " ": !presses && toggle,
        k: toggle,
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
    // To the right is later, as on the slider; a drag over the whole picture goes through all of them.
    /** @type {{x: number, y: number, from: number, on: boolean}|null} */
    let drag = null;
    host.addEventListener(
      "pointerdown",
      (event) => (drag = event.button ? null : { x: event.clientX, y: event.clientY, from: index, on: false }),
    );
    host.addEventListener("pointermove", (event) => {
      if (!event.buttons) drag = null; // it was let go where nobody told us
      if (!drag) return;
      const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
      if (!drag.on) {
        if (Math.abs(dx) < DRAG || Math.abs(dx) < Math.abs(dy)) return;
        drag.on = true;
        host.setPointerCapture(event.pointerId);
      }
      const to = Math.min(last, Math.max(0, drag.from + Math.round((dx / host.clientWidth) * (last + 1))));
      if (to !== index) visit(to);
    });
    for (const ends of ["pointerup", "pointercancel"]) host.addEventListener(ends, () => (drag = null));
  }

  return { root, go, visit, play, pause, listen, at: () => index, speed: () => Number(speed.value) };
}
