// @ts-check
// A small map of a level's states: those where the reader has been; after a win all of them, with the reader's way.

import { element } from "./dom.js";

/** @typedef {import("./types.js").Board} Board */
/** @typedef {{x: number, y: number}} Place  in shares of the map's width and height */

const MAP_NS = "http://www.w3.org/2000/svg";
const [MAP_W, MAP_H] = [300, 120];

/**
 * Where each state stands: the more steps it takes to get there, the further to the right; in each column beside the state it
 * was reached from.
 * @param {Board} board
 * @returns {Place[]}
 */
export function mapPlaces(board) {
  /** @type {number[]} */
  const depth = [0];
  let columns = [[0]];
  for (let at = [0]; at.length; ) {
    /** @type {number[]} */
    const next = [];
    for (const state of at) {
      const moves = board.moves[state];
      for (let i = 0; i < moves.length; i += 2) {
        const to = state + moves[i + 1];
        if (depth[to] !== undefined) continue;
        depth[to] = columns.length;
        next.push(to);
      }
    }
    if (next.length) columns = [...columns, next];
    at = next;
  }
  /** @type {Place[]} */
  const places = board.moves.map(() => ({ x: 0, y: 0 }));
  columns.forEach((column, i) =>
    column.forEach((state, k) => {
      places[state] = { x: columns.length > 1 ? i / (columns.length - 1) : 0.5, y: (k + 1) / (column.length + 1) };
    }),
  );
  return places;
}

/**
 * What a state is on the map.
 * @param {Board} board @param {number} state
 * @returns {"bad"|"safe"|"open"}
 */
export function fateOf(board, state) {
  return board.marks[state] ? "bad" : board.safe[state] === 0 ? "safe" : "open";
}

/**
 * @param {Board} board
 * @returns {{root: HTMLElement, show: (way: number[], all: boolean) => void}}  way: the states of this game in their order; all:
 *   it has been won
 */
export function gameMap(board) {
  /** @type {Place[]|null} */
  let places = null;
  const been = new Set();
  const svg = document.createElementNS(MAP_NS, "svg");
  svg.setAttribute("viewBox", `0 0 ${MAP_W} ${MAP_H}`);
  svg.setAttribute("class", "wb-map");
  svg.setAttribute("aria-hidden", "true");
  const words = element("p", { class: "wb-soft", role: "status" });
  const root = element("div", { class: "wb-panel wb-mapped" }, element("p", {}, "Where you have been"), svg, words);

  /** @param {string} name @param {Record<string, string|number>} attributes */
  const put = (name, attributes) => {
    const node = document.createElementNS(MAP_NS, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
    svg.append(node);
  };
  return {
    root,
    show(way, all) {
      places ??= mapPlaces(board);
      const at = (/** @type {number} */ state) => {
        const { x, y } = /** @type {Place[]} */ (places)[state];
        return [6 + x * (MAP_W - 12), 4 + y * (MAP_H - 8)].map((v) => Math.round(v * 10) / 10);
      };
      way.forEach((state) => been.add(state));
      svg.replaceChildren();
      if (all)
        dots(
          board.moves.map((_, state) => state),
          "all",
        );
      dots([...been], "been");
      put("polyline", { class: "wb-map-way", points: way.map((state) => at(state).join()).join(" ") });
      const [x, y] = at(way[way.length - 1]);
      put("circle", { class: "wb-map-here", cx: x, cy: y, r: 4.5 });
      words.textContent = `${been.size} of ${board.moves.length} states; each step goes to the right. ${all ? "Squares: it has gone wrong. Rings: nothing can go wrong any more. The line is your way." : "All of them are shown when you have won."}`;

      /** @param {number[]} states @param {string} kind */
      function dots(states, kind) {
        for (const fate of /** @type {const} */ (["open", "safe", "bad"])) {
          const d = states
            .filter((state) => fateOf(board, state) === fate)
            .map((state) => {
              const [px, py] = at(state);
              return fate === "bad"
                ? `M${px - 2} ${py - 2}h4v4h-4z`
                : `M${px - 1.5} ${py}a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0 -3 0`;
            });
          if (d.length) put("path", { class: `wb-map-${kind} wb-map-${fate}`, d: d.join("") });
        }
      }
    },
  };
}
