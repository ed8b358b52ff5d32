// @ts-check
// The scenarios as a list of chips, and of the one that is picked its sizes. Each says by word and shape how it stands.

import { element } from "../../../viz/js/dom.js";
import { chipOf, standing } from "./state.js";

/** @typedef {import("./state.js").Lab} Lab */
/** @typedef {import("./state.js").Chip} Chip */

/**
 * @param {(name: string) => void} pick
 * @returns {{root: HTMLElement, draw: (lab: Lab) => void}}
 */
export function chipList(pick) {
  const root = element("ul", { class: "wb-scenarios" });
  /** @type {Map<string, HTMLElement>} */
  const buttons = new Map();

  /** @param {Chip} chip */
  function made(chip) {
    const { name, claim } = chip.scene;
    const button = element(
      "button",
      { type: "button", title: claim, "data-scenario": name },
      element("span", { class: "wb-shape", "aria-hidden": true }),
      element("span", { class: "wb-name" }, name),
      element("span", { class: "wb-word" }),
    );
    button.addEventListener("click", () => pick(name));
    buttons.set(name, button);
    return element("li", {}, button);
  }

  return {
    root,
    draw(lab) {
      const names = lab.chips.map((chip) => chip.scene.name);
      if (names.join() !== [...buttons.keys()].join()) {
        buttons.clear();
        root.replaceChildren(...lab.chips.map(made));
      }
      for (const chip of lab.chips) {
        const button = /** @type {HTMLElement} */ (buttons.get(chip.scene.name));
        const { mark, word, kind } = standing(chip, lab.running);
        const [shape, , told] = /** @type {HTMLElement[]} */ ([...button.children]);
        if (shape.textContent !== mark) shape.textContent = mark;
        const older = chip.found && !chip.fresh ? `${word}, before the change` : word;
        if (told.textContent !== older) told.textContent = older;
        Object.assign(button.dataset, {
          kind,
          verdict: chip.found?.verdict ?? "",
          fresh: String(chip.fresh),
          running: String(chip.scene.name === lab.running),
        });
        button.setAttribute("aria-pressed", String(chip.scene.name === lab.picked));
      }
    },
  };
}

/**
 * The sizes of the scenario that is picked.
 * @param {(name: string, size: string, value: number) => void} change
 * @returns {{root: HTMLElement, draw: (lab: Lab) => void}}
 */
export function steppers(change) {
  const root = element("div", { class: "wb-sizes" });
  let drawn = "";
  return {
    root,
    draw(lab) {
      const chip = chipOf(lab, lab.picked);
      const now = JSON.stringify([lab.picked, chip?.sizes]);
      if (now === drawn) return;
      drawn = now;
      const focused =
        document.activeElement instanceof HTMLElement && root.contains(document.activeElement)
          ? document.activeElement.dataset.step
          : "";
      root.replaceChildren(
        ...(chip?.scene.parameters ?? []).map((size) => {
          const value = chip?.sizes[size.name] ?? size.value;
          const step = (/** @type {number} */ by, /** @type {string} */ sign) => {
            const button = element(
              "button",
              {
                type: "button",
                "aria-label": `${by < 0 ? "fewer" : "more"} ${size.name}`,
                "data-step": `${size.name}${by}`,
                "aria-disabled": String(value + by < size.least || value + by > size.most),
              },
              sign,
            );
            button.addEventListener("click", () => change(lab.picked, size.name, value + by));
            return button;
          };
          return element(
            "div",
            { class: "wb-stepper", role: "group", "aria-label": size.name },
            element("span", { class: "wb-soft" }, size.name),
            step(-1, "−"),
            element("output", {}, String(value)),
            step(1, "+"),
          );
        }),
      );
      if (focused) /** @type {HTMLElement|null} */ (root.querySelector(`[data-step="${focused}"]`))?.focus();
    },
  };
}
