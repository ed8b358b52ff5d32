// @ts-check
// Opens policy labs: what a page's frame loads when a reader presses Start, or when a link brings a policy.

import style from "./lab/lab.css";
import { element } from "../../viz/js/dom.js";
import { mountLab } from "./lab/lab.js";
import { bringEditor } from "./lab/loading.js";
import { unpacked } from "./lab/share.js";

/** @typedef {import("./lab/types.js").Shared} Shared */

const HERE = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : location.href;
/** @type {WeakMap<HTMLElement, ReturnType<typeof mountLab>>} */
const labs = new WeakMap();
/** @type {WeakMap<HTMLElement, Shared>} */
const brought = new WeakMap();

document.head.append(element("style", {}, style));

/** What a place says. @param {HTMLElement} place @returns {import("./lab/types.js").Wish} */
function wishOf(place) {
  const { lab: id = "lab", policy = "", exercise = "", scenario = "" } = place.dataset;
  const text = LAB_POLICIES.find((one) => one.name === policy)?.text ?? place.querySelector("pre")?.textContent ?? "";
  return { id, policy, exercise, scenario, text };
}

/**
 * The reader wants the lab of this place.
 * @param {HTMLElement} place
 * @param {{check?: string, sizes?: string, do?: string}} [wanted]  a scenario in it, with sizes as JSON; or "grade"
 */
async function open(place, wanted = {}) {
  const { check: scenario = "", do: what = "" } = wanted;
  /** @type {Record<string, number>} */
  const sizes = JSON.parse(wanted.sizes ?? "{}");
  const there = labs.get(place);
  if (there) {
    place.scrollIntoView({ block: "start" });
    if (what === "grade") there.grade();
    else if (scenario) there.check(scenario, sizes);
    else there.focus();
    return;
  }
  if (place.dataset.opening) return;
  place.dataset.opening = "true";
  const said = place.querySelector("[data-said]");
  const box = element("div", {});
  const shared = brought.get(place) ?? null;
  try {
    const newEditor = await bringEditor();
    const wish = wishOf(place);
    const page = wish.exercise ? location.href.replace(/#.*/, "") : new URL("../lab.html", HERE).href;
    place.prepend(box);
    place.dataset.open = "true";
    place.scrollIntoView({ block: "start" });
    const lab = mountLab(box, wish, newEditor, {
      shared,
      pressed: scenario ? { scenario, sizes } : null,
      address: page,
    });
    labs.set(place, {
      ...lab,
      dispose() {
        lab.dispose();
        box.remove();
      },
    });
    lab.focus();
    if (what === "grade") lab.grade();
  } catch (error) {
    box.remove();
    delete place.dataset.open;
    if (said) said.textContent = error instanceof Error ? error.message : String(error);
  }
  delete place.dataset.opening;
}

/** The lab of a place, if it is open, gives way to what stood there before. @param {HTMLElement} place */
function close(place) {
  labs.get(place)?.dispose();
  labs.delete(place);
  delete place.dataset.open;
}

/** A link brought a policy: it is shown as text, and does nothing until the reader presses Start. @param {HTMLElement} place */
async function arrive(place) {
  const shared = await unpacked(location.hash);
  const said = place.querySelector("[data-said]");
  if (!shared) {
    if (said) said.textContent = "The link that led here is damaged: what it brought cannot be read.";
    return;
  }
  close(place); // it kept what was written in it
  brought.set(place, shared);
  const listing = place.querySelector("pre");
  if (listing) listing.textContent = shared.text;
  if (said)
    said.textContent = "This policy came with the link. Nothing of it has run, and nothing will until you press Start.";
  place.scrollIntoView({ block: "start" });
}

Object.assign(globalThis, { wbvizLab: { open, arrive } });
