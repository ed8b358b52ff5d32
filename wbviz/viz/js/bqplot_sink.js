// @ts-check
// Draws a scene by writing arrays into the bqplot models that live in the same page: no kernel, no message.

import { paint } from "./stage.js";

/** @typedef {import("./types.js").Picture} Picture */
/** @typedef {import("./types.js").Outlines} Outlines */
/** @typedef {import("./types.js").Texts} Texts */
/** @typedef {import("./types.js").Sink} Sink */

/** Figures that already stand in a player: a second view of the same one draws its own SVG instead. */
const busy = new WeakSet();

/**
 * @param {HTMLElement} host
 * @param {Picture} picture
 * @param {any} model the anywidget model; its `figure` names the bqplot figure, whose marks are the picture's layers
 * @returns {Promise<Sink|null>} null when there is no figure to be had
 */
export async function bqplotSink(host, picture, model) {
  const reference = model.get("figure");
  if (typeof reference !== "string") return null;
  const manager = model.widget_manager;
  const figure = await manager.get_model(reference.replace("IPY_MODEL_", ""));
  if (busy.has(figure)) return null;
  busy.add(figure);
  const marks = figure.get("marks");
  const { x: scaleX, y: scaleY } = marks[0].get("scales");
  const view = await manager.create_view(figure);
  const shell = view.luminoWidget || view.pWidget;
  shell.processMessage({ type: "before-attach" });
  host.append(view.el);
  shell.processMessage({ type: "after-attach" });
  let height = 1;
  let tagged = false;

  /**
   * Name the layers for the style sheet. bqplot puts empty groups where marks will come, so it waits for full ones;
   * after the marks there may come a group for the legend.
   */
  function tag() {
    const groups = view.el.querySelectorAll(".svg-figure > g > g:first-of-type > g");
    if (!picture.layers.every((_, i) => groups[i]?.childElementCount)) return;
    picture.layers.forEach((layer, i) => groups[i].classList.add(`wb-layer-${layer.name}`));
    tagged = true;
  }

  return {
    fit(scene, pixels) {
      height = scene.h;
      scaleX.set({ min: 0, max: scene.w });
      scaleY.set({ min: 0, max: scene.h });
      picture.layers.forEach((layer, i) => {
        if (layer.form === "text") marks[i].set("default_size", (layer.size * pixels) / scene.w);
      });
    },
    draw(index, data) {
      if (!tagged) tag();
      const layer = picture.layers[index];
      const colours = data.roles.map((role) => paint(layer, role));
      if (layer.form === "text") {
        const { x, y, text, opacity } = /** @type {Texts} */ (data);
        marks[index].set({
          x,
          y: y.map((v) => height - v),
          text,
          opacities: opacity,
          colors: colours.map((c) => c.fill),
        });
      } else {
        const { x, y, opacity } = /** @type {Outlines} */ (data);
        marks[index].set({
          x,
          y: y.map((row) => row.map((v) => height - v)),
          opacities: opacity,
          fill_opacities: opacity.map(() => 1),
          colors: colours.map((c) => c.line),
          fill_colors: colours.map((c) => c.fill),
        });
      }
    },
    dispose() {
      busy.delete(figure);
      shell.processMessage({ type: "before-detach" });
      view.remove();
    },
  };
}
