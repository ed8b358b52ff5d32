// @ts-check
// A scene that answers: what is under the pointer, the finger or the keyboard's focus says in words what it is, and what
// belongs to it is lit. Where things lie is the business of things.js, what they say that of the bundle.

import { element } from "./dom.js";
import { beside, middleOf, spotsOf, thingAt } from "./things.js";

/** @typedef {import("./types.js").Picture} Picture */
/** @typedef {import("./things.js").Spot} Spot */
/** @typedef {import("./things.js").Told} Told */
/** @typedef {import("./stage.js").Row} Row */

const SVG_NS = "http://www.w3.org/2000/svg";
const KEYS_HERE = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
const STILL_HERE = 8; // pixels that a finger may move and still only touch

/**
 * @param {HTMLElement} host the element with the drawing
 * @param {Picture & {scenes: Record<"wide"|"narrow", {w: number, h: number, keys: Record<string, string[]>}>}} picture
 * @param {(shape: "wide"|"narrow") => Row[]} current the marks that are shown
 * @param {() => Map<string, Told>} says what they say
 * @param {string} key for the names of its parts
 * @returns {{root: HTMLElement, surface: HTMLElement, show: () => void}} root: the scene with what lies over it; surface: what is
 *   touched; show: the picture has changed
 */
export function touchable(host, picture, current, says, key) {
  const tip = element("p", { class: "wb-told", "aria-hidden": "true", hidden: true });
  const light = document.createElementNS(SVG_NS, "svg");
  light.setAttribute("class", "wb-light");
  light.setAttribute("aria-hidden", "true");
  const surface = element("div", {
    class: "wb-touch",
    tabindex: 0,
    role: "listbox",
    "aria-label": "Things in the picture: arrow keys go from one to the next",
  });
  const root = element("div", { class: "wb-stage" }, host, surface, light, tip);
  /** @type {Spot[]} */
  let spots = [];
  /** @type {string|null} */
  let at = null; // what tells about itself
  let held = false; // it goes on telling when the pointer leaves

  const shape = () => /** @type {"wide"|"narrow"} */ (host.dataset.scene ?? "wide");

  /** The things as a screen reader meets them. @param {Map<string, Told>} told */
  function list(told) {
    const seen = new Set();
    const options = spots
      .filter((spot) => told.has(spot.key) && !seen.has(spot.key) && seen.add(spot.key))
      .map((spot) =>
        element("div", {
          role: "option",
          id: `${key}-${spot.key.replace(/[^\w]+/g, "-")}`,
          "aria-selected": spot.key === at ? "true" : "false",
          "data-thing": spot.key,
          "aria-label": told.get(spot.key)?.words,
        }),
      );
    surface.replaceChildren(...options);
    const active = options.find((option) => option.dataset.thing === at);
    if (active) surface.setAttribute("aria-activedescendant", active.id);
    else surface.removeAttribute("aria-activedescendant");
  }

  /** @param {string|null} next @param {boolean} [stays] @param {Map<string, Told>} [all] */
  function tell(next, stays = false, all = says()) {
    const told = next === null ? undefined : all.get(next);
    at = told ? next : null;
    held = stays && at !== null;
    tip.hidden = !told;
    light.replaceChildren();
    root.toggleAttribute("data-telling", Boolean(told));
    if (!told) return list(all);
    const { w, h } = picture.scenes[shape()];
    light.setAttribute("viewBox", `0 0 ${w} ${h}`);
    const lit = new Set([/** @type {string} */ (at), ...told.kin]);
    for (const spot of spots) if (lit.has(spot.key)) light.append(ring(spot, spot.key === at));
    tip.textContent = told.words;
    const mine = spots.find((spot) => spot.key === at);
    tip.dataset.side = mine && middleOf(mine)[1] > h / 2 ? "top" : "bottom"; // never over what it tells of
    list(all);
  }

  function show() {
    const marks = current(shape());
    spots = spotsOf(picture.scenes[shape()].keys, picture.layers, marks);
    if (at !== null) tell(at, held);
    else list(says());
  }

  /** @param {PointerEvent} event */
  function under(event) {
    const box = surface.getBoundingClientRect();
    const { w, h } = picture.scenes[shape()];
    return thingAt(spots, ((event.clientX - box.left) / box.width) * w, ((event.clientY - box.top) / box.height) * h);
  }

  /** @type {{x: number, y: number}|null} */
  let down = null;
  surface.addEventListener("pointerdown", (event) => (down = { x: event.clientX, y: event.clientY }));
  surface.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch" || held || event.buttons) return;
    const found = under(event);
    if (found !== at) tell(found);
  });
  surface.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch" && !held && document.activeElement !== surface) tell(null);
  });
  surface.addEventListener("pointerup", (event) => {
    const moved = down ? Math.hypot(event.clientX - down.x, event.clientY - down.y) : Infinity;
    down = null;
    if (moved > STILL_HERE) return;
    const found = under(event);
    tell(held && found === at ? null : found, true);
  });
  surface.addEventListener("pointercancel", () => (down = null));
  surface.addEventListener("focus", () => {
    if (at !== null || !surface.matches(":focus-visible")) return;
    const told = says();
    tell(spots.find((spot) => told.has(spot.key))?.key ?? null, true, told);
  });
  surface.addEventListener("blur", () => tell(null));
  surface.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const told = says();
    if (event.key === "Escape" && at !== null) tell(null, false, told);
    else if (KEYS_HERE.includes(event.key))
      tell(
        at === null
          ? (spots[0]?.key ?? null)
          : (beside(
              spots.filter((spot) => told.has(spot.key)),
              at,
              event.key,
            ) ?? at),
        true,
        told,
      );
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return { root, surface, show };
}

/** @param {Spot} spot @param {boolean} first */
function ring({ box, path = [] }, first) {
  const node = document.createElementNS(SVG_NS, box ? "rect" : "polyline");
  node.setAttribute("class", first ? "wb-lit wb-lit-first" : "wb-lit");
  if (box) {
    const [x, y, w, h] = box;
    for (const [name, value] of Object.entries({ x: x - 3, y: y - 3, width: w + 6, height: h + 6, rx: 9 }))
      node.setAttribute(name, String(value));
  } else {
    node.setAttribute("points", path.join(" "));
  }
  return node;
}
