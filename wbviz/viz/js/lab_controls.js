// @ts-check
// What a lab's machine is set to: one row of buttons for each setting, all values in view.

import { element } from "./dom.js";

/** @typedef {import("./types.js").LabControl} LabControl */

/**
 * @param {LabControl[]} controls
 * @param {Record<string, any>} chosen
 * @param {string} key for the names of the groups
 * @param {() => void} changed
 * @returns {{root: HTMLElement, now: () => Record<string, any>, choose: (values: Record<string, any>) => void, enable: (on: boolean) => void}}
 *   now: what is chosen; a control may stand at a value that it does not offer, and is not among it then
 */
export function labControls(controls, chosen, key, changed) {
  const groups = controls.map((control) =>
    control.options.map(([value, text]) => {
      const radio = /** @type {HTMLInputElement} */ (
        element("input", {
          type: "radio",
          name: `${key}-${control.name}`,
          value,
          checked: value === chosen[control.name],
          "data-control": control.name,
        })
      );
      radio.addEventListener("change", changed);
      return { radio, value, label: element("label", {}, radio, element("span", {}, text)) };
    }),
  );
  const rows = controls.map((control, i) =>
    element(
      "fieldset",
      { class: "wb-choice" },
      element("legend", {}, control.label),
      element("div", { class: "wb-segments" }, ...groups[i].map(({ label }) => label)),
    ),
  );
  return {
    root: element("div", { class: "wb-settings", role: "group", "aria-label": "The machine" }, ...rows),
    now: () =>
      Object.fromEntries(
        controls.flatMap((control, i) =>
          groups[i].filter(({ radio }) => radio.checked).map(({ value }) => [control.name, value]),
        ),
      ),
    choose(values) {
      controls.forEach((control, i) => {
        for (const { radio, value } of groups[i]) radio.checked = value === values[control.name];
      });
    },
    enable(on) {
      for (const { radio } of groups.flat()) radio.disabled = !on;
    },
  };
}
