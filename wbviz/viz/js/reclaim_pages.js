// @ts-check
// Where each page of the reclaim lab stands at each tick, from the lives that a run carries. No drawing.

import { numbers } from "./unpack.js";

const FREED = 18;

/**
 * One zone at one tick: its pages in the order active list, inactive list, each from head to tail; how many of them are
 * active; and for each its letter: C, D or W.
 * @typedef {{ids: number[], letters: string, active: number}} Strip
 */

/**
 * @param {{zones: any[][], lives: string[]}} picture @param {number} ticks
 * @returns {Strip[][]} by tick, then by zone
 */
export function strips(picture, ticks) {
  const [heads, births, steps, codes] = picture.lives.map(numbers);
  /** @type {[number, number][][]} */
  const events = Array.from({ length: ticks }, () => []);
  const zoneOf = heads.map((head) => head % 2);
  let [born, step, code] = [0, 0, 0];
  heads.forEach((head, id) => {
    born += births[id];
    let tick = born;
    for (let i = 0; i < head >> 1; i++) {
      if (i) tick += steps[step++];
      events[tick].push([id, codes[code++]]);
    }
  });
  /** @type {Map<number, {code: number, key: number}>} */
  const alive = new Map();
  let moves = 0;
  return events.map((changes) => {
    for (const [id, what] of changes) {
      if (what === FREED) {
        alive.delete(id);
        continue;
      }
      const moved = what % 3;
      const key = moved === 1 ? (moves += 1) : moved === 2 ? -(moves += 1) : (alive.get(id)?.key ?? 0);
      alive.set(id, { code: what, key });
    }
    return picture.zones.map((_, zone) => {
      const mine = [...alive].filter(([id]) => zoneOf[id] === zone).sort(([, a], [, b]) => b.key - a.key);
      const active = mine.filter(([, page]) => page.code >= 9);
      const all = [...active, ...mine.filter(([, page]) => page.code < 9)];
      return {
        ids: all.map(([id]) => id),
        letters: all.map(([, page]) => "CDW"[Math.floor(page.code / 3) % 3]).join(""),
        active: active.length,
      };
    });
  });
}

/**
 * Requests that wait for the disk, or are being written, at each tick: pages and by whom (0 flusher, 1 kswapd, 2 a task).
 * @param {string[]} queue @param {number} ticks
 * @returns {{pages: number, by: number}[][]}
 */
export function queues(queue, ticks) {
  const [ends, waits, sizes, writers] = queue.map(numbers);
  /** @type {{pages: number, by: number}[][]} */
  const found = Array.from({ length: ticks }, () => []);
  let end = 0;
  sizes.forEach((pages, i) => {
    end += ends[i];
    for (let tick = Math.max(0, end - waits[i]); tick < Math.min(end, ticks); tick++)
      found[tick].push({ pages, by: writers[i] });
  });
  return found;
}

/**
 * How many rows of cells, so that a zone's cells, filled column by column, are not too small to be seen.
 * @param {number[]} sizes pages of each zone @param {number} width in pixels @param {number} gap between zones, in cells
 * @returns {{rows: number, cell: number}} cell: its size in pixels, border included
 */
export function gridFor(sizes, width, gap) {
  for (const rows of [6, 8, 12, 16, 24, 32, 48, 64]) {
    const columns = sizes.reduce((sum, size) => sum + Math.ceil(size / rows), 0) + gap * (sizes.length - 1);
    const cell = width / columns;
    if (cell >= (width > 480 ? 12 : 9.5) || rows === 64) return { rows, cell: Math.min(cell, 16) };
  }
  return { rows: 64, cell: 4 };
}
