// @ts-check
// Where a widget shows its scene: rows of marks, at once or in motion, in the layout that fits the width. Where they are
// drawn is a sink's business.

import { columns, ease, moves } from "./stage.js";
import { svgSink } from "./svg_sink.js";

/** @typedef {import("./types.js").Picture} Picture */
/** @typedef {import("./types.js").Sink} Sink */
/** @typedef {import("./stage.js").Row} Row */
/** @typedef {"wide"|"narrow"} Shape */

const MOVE = 420; // milliseconds that things take to get from one picture to the next
const NARROW = 616; // below this many pixels of room the narrow scene is drawn; player.css has the same number

/**
 * @param {HTMLElement} root the widget, whose width decides
 * @param {HTMLElement} host the element to draw in
 * @param {Picture} picture layers, shapes and sizes of the scenes
 * @param {(shape: Shape) => Row[]} current the marks to be shown now, by layer
 * @param {((host: HTMLElement, picture: Picture) => Promise<Sink|null>)|undefined} wanted where to draw; without one,
 *   or when it gives null or fails, an SVG
 * @returns {{ready: Promise<void>, show: (moving: boolean, speed?: number) => void, fit: () => void, dispose: () => void}}
 *   show: what is current, with motion from what is shown or without; ready: when something can be seen
 */
export function screenFor(root, host, picture, current, wanted) {
  const { layers, shapes } = picture;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let animation = 0;
  let gone = false;
  /** @type {Sink|null} */
  let sink = null;
  /** @type {Shape} */
  let shape = "wide";
  /** @type {Row[]|null} */
  let drawn = null; // what the sink shows, or null when it shows nothing yet
  /** @type {boolean[]} */
  let halfway = []; // layers that are on their way to what it shows

  /** Show what is current as it is, and with it whatever a move that was cut short has left half way. */
  function settle() {
    cancelAnimationFrame(animation);
    if (!sink) return;
    const now = current(shape);
    layers.forEach((layer, i) => {
      if (!drawn || drawn[i] !== now[i] || halfway[i]) sink?.draw(i, columns(layer, now[i], now[i], 1, shapes));
    });
    drawn = now;
    halfway = [];
  }

  /** @param {number} speed */
  function move(speed) {
    cancelAnimationFrame(animation);
    if (!sink || !drawn) return settle();
    const from = drawn;
    const to = current(shape);
    const span = MOVE / speed;
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
    if (!root.clientWidth) return;
    const { paddingLeft, paddingRight } = getComputedStyle(root);
    shape = root.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) < NARROW ? "narrow" : "wide";
    host.dataset.scene = shape;
    sink?.fit(picture.scenes[shape], host.clientWidth);
    drawn = null;
    settle();
  }

  for (const [name, { w, h }] of Object.entries(picture.scenes)) host.style.setProperty(`--${name}`, `${w} / ${h}`);
  const found = wanted ? wanted(host, picture).catch(() => null) : Promise.resolve(null);
  const ready = found.then((other) => {
    if (gone) return other?.dispose();
    sink = other ?? svgSink(host, picture);
    root.dataset.drawn = other ? "bqplot" : "svg";
    fit();
  });

  return {
    ready,
    show(moving, speed = 1) {
      if (moving && !calm.matches && !document.hidden) move(speed);
      else settle();
    },
    fit,
    dispose() {
      gone = true;
      cancelAnimationFrame(animation);
      sink?.dispose();
    },
  };
}
