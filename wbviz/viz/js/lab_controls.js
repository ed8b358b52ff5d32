// @ts-check
// What a lab's machine is set to: one row of buttons for each setting, all values in view.

import { element } from "./dom.js";

/** @typedef {import("./types.js").LabControl} LabControl */

/**
 * @param {LabControl[]} controls
 * @param {Record<string, any>} chosen
 * @param {string} key for the names of the groups
 * @param {() => void} changed
 * @returns {{root: HTMLElement, now: () => Record<string, any>, enable: (on: boolean) => void}}  now: what is chosen
 */
export function labControls(controls, chosen, key, changed) {
  const groups = controls.map((control) => control.options.map(([value, text]) => {
    const radio = /** @type {HTMLInputElement} */ (element("input", { type: "radio", name: `${key}-${control.name}`, value, checked: value === chosen[control.name], "data-control": control.name }));
    radio.addEventListener("change", changed);
    return { radio, value, label: element("label", {}, radio, element("span", {}, text)) };
  }));
  const rows = controls.map((control, i) => element("fieldset", { class: "wb-choice" }, element("legend", {}, control.label),
    element("div", { class: "wb-segments" }, ...groups[i].map(({ label }) => label))));
  return {
    root: element("div", { class: "wb-settings", role: "group", "aria-label": "The machine" }, ...rows),
    now: () => Object.fromEntries(controls.map((control, i) => [control.name, (groups[i].find(({ radio }) => radio.checked) ?? groups[i][0]).value])),
    enable(on) {
      for (const { radio } of groups.flat()) radio.disabled = !on;
    },
  };
}
