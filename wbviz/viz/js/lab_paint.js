// @ts-check
// Colours as a canvas needs them: what the style sheet's roles come to in this theme.

import { element } from "./dom.js";

/**
 * @param {HTMLElement} root
 * @param {() => void} changed  the theme has
 * @returns {{paint: (role: string) => string, dispose: () => void}}
 */
export function painter(root, changed) {
  const probe = element("span", { hidden: true, style: "forced-color-adjust: none" });
  root.append(probe);
  /** @type {Map<string, string>} */
  const colours = new Map();
  const anew = () => {
    colours.clear();
    changed();
  };
  const theme = new MutationObserver(anew);
  for (const one of [document.documentElement, document.body])
    theme.observe(one, { attributes: true, attributeFilter: ["data-theme", "data-jp-theme-light", "class"] });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", anew);
  return {
    paint(role) {
      let colour = colours.get(role);
      if (!colour) {
        probe.style.color = `var(--wb-${role})`;
        colour = getComputedStyle(probe).color;
        colours.set(role, colour);
      }
      return colour;
    },
    dispose() {
      theme.disconnect();
      dark.removeEventListener("change", anew);
    },
  };
}
