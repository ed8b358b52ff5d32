// @ts-check
// The widgets of a page of the book: each is mounted as it comes near the view. Until then the page shows its still picture,
// in a place as high as the widget will be: wbviz/site/places.py.

import { PLAIN } from "../../viz/js/kinds_plain.js";
import { bring } from "./bring.js";

/** So far below the view, in its heights, a widget is mounted. */
const NEAR = 0.75;
const root = document.documentElement;
const places = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".wb-place[data-kind]")]);

// -- how a widget of a kind is mounted: the rare kinds come in scripts of their own, which the element of this one names
const { dataset: scripts } = /** @type {HTMLScriptElement} */ (document.currentScript);
const kinds = { ...PLAIN };

/** @param {HTMLElement} place */
async function mountOf(place) {
  const { kind = "" } = place.dataset;
  const file = (kind === "game" ? scripts.game : scripts.labs) ?? "";
  if (!kinds[kind]) await bring(file, `${file} did not load`);
  return kinds[kind];
}

// -- what a widget carries: in the page where it is small, else in a file that calls `wbvizState`
/** @type {Map<string, any>} */
const come = new Map();
Object.assign(globalThis, {
  wbvizKinds(/** @type {typeof kinds} */ more) {
    Object.assign(kinds, more);
  },
  wbvizState(/** @type {string} */ key, /** @type {any} */ data) {
    come.set(key, data);
  },
});

/** @param {HTMLElement} place @returns {Promise<any>} */
async function stateOf(place) {
  const { state = "", file = "" } = place.dataset;
  const inline = document.getElementById(`wb-state-${state}`);
  if (inline) return JSON.parse(inline.textContent ?? "");
  if (!come.has(state)) await bring(file, `${file} did not load`);
  return come.get(state);
}

// -- one after the other, and the browser draws in between
/** @type {HTMLElement[]} */
const queue = [];
let busy = false;

/** @param {HTMLElement} place @param {boolean} [first] */
function want(place, first = false) {
  if (place.dataset.asked) return;
  place.dataset.asked = "true";
  seen.unobserve(place);
  if (first) queue.unshift(place);
  else queue.push(place);
  if (!busy) next();
}

async function next() {
  const place = queue.shift();
  busy = Boolean(place);
  if (!place) return;
  try {
    const [mount, data] = await Promise.all([mountOf(place), stateOf(place)]);
    put(place, mount, data);
  } catch (error) {
    console.error("A widget could not be shown; its picture stays.", error);
    place.dataset.live = "no";
  }
  setTimeout(next);
}

/** @param {HTMLElement} place @param {import("../../viz/js/types.js").Mount} mount @param {any} data */
function put(place, mount, data) {
  const fresh = document.createElement("div");
  const mountIn = () => mount(fresh, data, {});
  if (!place.dataset.kind?.endsWith("-lab")) return arrive(place, fresh, mountIn);
  // A lab first unpacks its runs: until it has drawn one, it stands unseen behind its picture.
  fresh.style.cssText = "position: absolute; top: 0; width: 100%; visibility: hidden";
  place.append(fresh);
  const watch = new MutationObserver(() => {
    if (!fresh.querySelector("[data-drawn]")) return;
    watch.disconnect();
    arrive(place, fresh, () => fresh.removeAttribute("style"));
  });
  watch.observe(fresh, { subtree: true, attributes: true, attributeFilter: ["data-drawn"] });
  mountIn();
}

/** The widget takes the place of its shell. @param {HTMLElement} place @param {HTMLElement} fresh @param {() => void} show */
function arrive(place, fresh, show) {
  const above = place.getBoundingClientRect();
  place.style.height = `${above.height}px`; // shell and widget are never both in the way, not even for a moment
  place.querySelector(":scope > .wb-shell")?.remove();
  place.dataset.live = "yes";
  place.append(fresh);
  show();
  place.style.height = "";
  place.dispatchEvent(new Event("wb-live"));
  // Where the browser does not hold the view still by itself (WebKit), we do.
  if (above.bottom <= 0 && !CSS.supports("overflow-anchor", "auto")) {
    scrollBy({ top: place.getBoundingClientRect().height - above.height, behavior: "instant" });
  }
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) if (entry.isIntersecting) want(/** @type {HTMLElement} */ (entry.target));
  },
  { rootMargin: `${100 * NEAR}% 0px` },
);

/** A link to a step or a position goes to its widget, which brings itself into view. */
function follow() {
  const named = /[#&](?:play|game)=([^:&]+):/.exec(location.hash);
  if (!named) return;
  const id = decodeURIComponent(named[1]);
  const place = places.find((one) => one.dataset.id === id);
  if (place) want(place, true);
}

for (const place of places) seen.observe(place);
addEventListener("hashchange", follow);
follow();
root.dataset.widgets = String(places.length);
