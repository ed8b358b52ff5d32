// @ts-check
// Draws a scene as an SVG of its own: where there is no bqplot, in an exported page or when its front end did not load.

import { paint } from "./stage.js";

/** @typedef {import("./types.js").Picture} Picture */
/** @typedef {import("./types.js").Outlines} Outlines */
/** @typedef {import("./types.js").Texts} Texts */
/** @typedef {import("./types.js").Sink} Sink */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {HTMLElement} host
 * @param {Picture} picture
 * @returns {Sink}
 */
export function svgSink(host, picture) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "wb-svg");
  svg.setAttribute("aria-hidden", "true");
  const groups = picture.layers.map((layer) => {
    const group = document.createElementNS(SVG, "g");
    group.setAttribute("class", `wb-layer-${layer.name}`);
    if (layer.form === "text") {
      group.setAttribute("font-size", String(layer.size));
      group.setAttribute("text-anchor", layer.align);
      group.setAttribute("dominant-baseline", "central");
      if (layer.bold) group.setAttribute("font-weight", "600");
    } else {
      group.setAttribute("stroke-width", String(layer.width));
    }
    svg.append(group);
    return group;
  });
  host.append(svg);

  return {
    fit(scene) {
      svg.setAttribute("viewBox", `0 0 ${scene.w} ${scene.h}`);
      for (const group of groups) group.replaceChildren();
    },
    draw(index, data) {
      const layer = picture.layers[index];
      const group = groups[index];
      while (group.childElementCount < data.roles.length) {
        group.append(document.createElementNS(SVG, layer.form === "text" ? "text" : "path"));
      }
      data.roles.forEach((role, i) => {
        const node = /** @type {SVGElement} */ (group.children[i]);
        const { fill, line } = paint(layer, role);
        node.style.fill = fill;
        node.style.stroke = line;
        node.style.opacity = String(data.opacity[i]);
        if (layer.form === "text") {
          const texts = /** @type {Texts} */ (data);
          node.setAttribute("x", String(texts.x[i]));
          node.setAttribute("y", String(texts.y[i]));
          if (node.textContent !== texts.text[i]) node.textContent = texts.text[i];
        } else {
          const { x, y } = /** @type {Outlines} */ (data);
          const points = x[i].map((v, k) => `${Math.round(v * 100) / 100},${Math.round(y[i][k] * 100) / 100}`);
          const open = layer.form === "path" && layer.name !== "heads";
          node.setAttribute("d", `M${points.join("L")}${open ? "" : "Z"}`);
        }
      });
    },
    dispose() {
      svg.remove();
    },
  };
}
