// @ts-check
// From the bundle's changes to what a layer looks like at any moment, between frames included. Pure functions.

/** @typedef {import("./types.js").Mark} Mark */
/** @typedef {import("./types.js").Layer} Layer */
/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {import("./types.js").Bundle} Bundle */
/** @typedef {import("./types.js").Outlines} Outlines */
/** @typedef {import("./types.js").Texts} Texts */
/** @typedef {(Mark|0)[]} Row */

/**
 * The marks of every frame, by frame and layer. Layers that did not change are the same array, so they can be compared by ===.
 * @param {Scene} scene
 * @param {Layer[]} layers
 * @returns {Row[][]}
 */
export function unroll(scene, layers) {
  let now = bare(scene.count, layers);
  return scene.changes.map(
    (change) =>
      (now = changed(
        now,
        layers.map((layer) => change[layer.name]),
      )),
  );
}

/**
 * Rows with nothing in them.
 * @param {Record<string, number>} count places by layer
 * @param {Layer[]} layers
 * @returns {Row[]}
 */
export function bare(count, layers) {
  return layers.map((layer) => new Array(Math.max(1, count[layer.name] || 0)).fill(0));
}

/**
 * Rows with changes made to them; a row without any stays the same array.
 * @param {Row[]} rows
 * @param {([number, Mark|0][]|undefined)[]} changes by layer
 * @returns {Row[]}
 */
export function changed(rows, changes) {
  return rows.map((row, i) => {
    const differing = changes[i];
    if (!differing?.length) return row;
    const next = row.slice();
    for (const [place, mark] of differing) next[place] = mark;
    return next;
  });
}

/** Slow at both ends. @param {number} t */
export function ease(t) {
  return t < 0.5 ? 4 * t * t * t : 1 - (-2 * t + 2) ** 3 / 2;
}

/**
 * Is there motion to be shown in a layer? Arrows come and go softly, works slide; all else changes at once.
 * @param {Layer} layer @param {Row} from @param {Row} to
 */
export function moves(layer, from, to) {
  if (from === to) return false;
  if (layer.form === "path") return true;
  return to.some((mark, i) => {
    const old = from[i];
    return mark !== old && mark && old && (mark[1] !== old[1] || mark[2] !== old[2]);
  });
}

/**
 * A mark on its way from one frame to the next, and how opaque it is. Boxes, glyphs and texts slide; arrows appear
 * in the second half, when what they join has arrived.
 * @param {Layer} layer
 * @param {Mark|0} from
 * @param {Mark|0} to
 * @param {number} t 0..1
 * @returns {[Mark|0, number]}
 */
export function between(layer, from, to, t) {
  if (t >= 1 || from === to) return [to, to ? 1 : 0];
  if (!from || !to) return [to || from, to ? Math.max(0, 2 * t - 1) : Math.max(0, 1 - 2 * t)];
  if (layer.form === "path") return [to, 1];
  const last = layer.form === "box" ? 4 : 2;
  return [to.map((v, i) => (i >= 1 && i <= last ? +from[i] + (+v - +from[i]) * t : v)), 1];
}

/** Where the points of a quarter circle lie between its ends: none, 30°, 60°, all of the way. */
const QUARTER = [1, 1 - Math.sin(Math.PI / 6), 1 - Math.sin(Math.PI / 3), 0];

/**
 * The outline of a box whose corners are quarter circles, four points each.
 * @param {number} x @param {number} y @param {number} w @param {number} h @param {number} r
 * @returns {[number[], number[]]}
 */
export function roundedBox(x, y, w, h, r) {
  const near = QUARTER.map((q) => q * r);
  const far = near.slice().reverse();
  const [x1, y1] = [x + w, y + h];
  return [
    [...near.map((d) => x1 - d), ...far.map((d) => x1 - d), ...near.map((d) => x + d), ...far.map((d) => x + d)],
    [...far.map((d) => y + d), ...near.map((d) => y1 - d), ...far.map((d) => y1 - d), ...near.map((d) => y + d)],
  ];
}

/**
 * One layer as columns of numbers, ready to be drawn.
 * @param {Layer} layer
 * @param {Row} from
 * @param {Row} to
 * @param {number} t
 * @param {Record<string, number[]>} shapes
 * @returns {Outlines|Texts}
 */
export function columns(layer, from, to, t, shapes) {
  const moving = to.map((mark, i) => between(layer, from[i], mark, t));
  const roles = moving.map(([mark]) => (mark ? String(mark[0]) : "ink"));
  const opacity = moving.map(([, alpha]) => alpha);
  if (layer.form === "text") {
    return {
      x: moving.map(([mark]) => (mark ? +mark[1] : 0)),
      y: moving.map(([mark]) => (mark ? +mark[2] : 0)),
      text: moving.map(([mark]) => (mark ? String(mark[3]) : "")),
      roles,
      opacity,
    };
  }
  const outlines = moving.map(([mark]) =>
    mark
      ? outline(layer, mark, shapes)
      : [
          [0, 0],
          [0, 0],
        ],
  );
  return { x: outlines.map((o) => o[0]), y: outlines.map((o) => o[1]), roles, opacity };
}

/**
 * @param {Layer} layer @param {Mark} mark @param {Record<string, number[]>} shapes
 * @returns {number[][]} xs and ys
 */
function outline(layer, mark, shapes) {
  const n = /** @type {number[]} */ (mark);
  if (layer.form === "box") return roundedBox(n[1], n[2], n[3], n[4], n[5]);
  const [points, x, y, size] =
    layer.form === "glyph" ? [shapes[String(mark[4])], n[1], n[2], n[3]] : [n.slice(1), 0, 0, 1];
  const xs = [];
  const ys = [];
  for (let i = 0; i < points.length; i += 2) {
    xs.push(x + points[i] * size);
    ys.push(y + points[i + 1] * size);
  }
  return [xs, ys];
}

/**
 * What colours a role means in a layer, as CSS values.
 * @param {Layer} layer @param {string} role
 * @returns {{fill: string, line: string}}
 */
export function paint(layer, role) {
  if (["ground", "boxes", "works"].includes(layer.name)) {
    return { fill: `var(--wb-${role}-fill)`, line: `var(--wb-${role}-line)` };
  }
  const colour = `var(--wb-${role})`;
  const open = layer.name === "rings" || (layer.form === "path" && layer.name !== "heads");
  return open ? { fill: "none", line: colour } : { fill: colour, line: "none" };
}
