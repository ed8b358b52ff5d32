// @ts-check
// The picture of each state of a level, put together from changes to states that were found before it.

import { bare, changed } from "./stage.js";

/** @typedef {import("./types.js").Board} Board */
/** @typedef {import("./types.js").BoardScene} BoardScene */
/** @typedef {import("./types.js").Mark} Mark */
/** @typedef {import("./stage.js").Row} Row */

/**
 * @param {Board} board
 * @param {BoardScene} scene one of its scenes
 * @returns {(state: number, task?: string|null, pages?: number[]) => Row[]} the marks of a state, by layer; with a ring
 *   around a task and around some pages, where there is none already
 */
export function boardScene(board, scene) {
  const states = board.moves.length;
  /** @type {Row[][]} */
  const known = [];

  /** @param {number} picture */
  const changesOf = (picture) => {
    /** @type {[number, Mark|0][][]} */
    const layers = board.layers.map(() => []);
    const flat = scene.changes[picture];
    for (let i = 0; i < flat.length; i += 3)
      layers[flat[i]].push([flat[i + 1], flat[i + 2] < 0 ? 0 : scene.marks[flat[i + 2]]]);
    return layers;
  };

  /** @param {number} picture @returns {Row[]} */
  const rowsOf = (picture) => {
    const parent = scene.parents[picture];
    return (known[picture] ??= changed(
      parent < 0 ? bare(scene.count, board.layers) : rowsOf(parent),
      changesOf(picture),
    ));
  };

  return (state, task = null, pages = []) => {
    const rings = pages.map((page) => states + board.tasks.length + page);
    if (task !== null) rings.push(states + board.tasks.indexOf(task));
    return rings.reduce(
      (rows, ring) =>
        changed(
          rows,
          changesOf(ring).map((layer, i) => layer.filter(([place]) => !rows[i][place])),
        ),
      rowsOf(state),
    );
  };
}
