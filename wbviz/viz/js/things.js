// @ts-check
// What in a scene can be touched, and where it lies: from the marks that are shown. Pure functions.

/** @typedef {import("./types.js").Layer} Layer */
/** @typedef {import("./stage.js").Row} Row */
/**
 * A thing's place: a box, or the points of an arrow.
 * @typedef {{key: string, box?: [number, number, number, number], path?: number[]}} Spot
 */
/**
 * What a thing is, in words, and the keys of what belongs to it.
 * @typedef {{words: string, kin: string[]}} Told
 */
/** @typedef {import("./types.js").Touch} Touch */

const NEAR = 9; // units beside an arrow that still count as on it
/** Which layer's marks are found first, under a pointer. */
const ORDER = ["works", "boxes", "plates", "cycle", "waits", "holds", "ground"];

/**
 * What each frame tells, by key: put together from what it tells otherwise than an earlier one.
 * @param {Touch} touch
 * @param {(frame: number) => number} [before] the number of that earlier one; below 0 there is none
 * @returns {(frame: number) => Map<string, Told>}
 */
export function toldBy({ keys, texts, frames }, before = (frame) => frame - 1) {
  /** @type {Map<string, Told>[]} */
  const known = [];
  /** @param {number} frame @returns {Map<string, Told>} */
  const tells = (frame) => {
    if (known[frame]) return known[frame];
    const now = new Map(before(frame) < 0 ? [] : tells(before(frame)));
    for (const [key, text, ...kin] of frames[frame]) {
      if (text === undefined) now.delete(keys[key]);
      else now.set(keys[key], { words: texts[text], kin: kin.map((one) => keys[one]) });
    }
    return (known[frame] = now);
  };
  return tells;
}

/**
 * What the last of some frames tells, with the step since which it is so, where it has not always been.
 * @param {(frame: number) => Map<string, Told>} tells @param {number[]} way the frames in their order, a step between any two
 * @returns {Map<string, Told>}
 */
export function toldSince(tells, way) {
  const now = new Map(tells(way[way.length - 1]));
  for (const [key, told] of now) {
    let step = way.length - 1;
    while (step > 0 && tells(way[step - 1]).get(key)?.words === told.words) step -= 1;
    if (step > 0) now.set(key, { ...told, words: `${told.words} So since step ${step}.` });
  }
  return now;
}

/**
 * Where the things of a scene lie, those first that lie in front.
 * @param {Record<string, string[]>} keys by layer, in the order of its places
 * @param {Layer[]} layers @param {Row[]} rows
 * @returns {Spot[]}
 */
export function spotsOf(keys, layers, rows) {
  return ORDER.flatMap((name) => {
    const row = rows[layers.findIndex((layer) => layer.name === name)] ?? [];
    const open = ["cycle", "waits", "holds"].includes(name);
    return (keys[name] ?? []).flatMap(
      /** @returns {Spot[]} */ (key, place) => {
        const mark = row[place];
        if (!mark) return [];
        const [, ...numbers] = /** @type {[string, ...number[]]} */ (mark);
        return open
          ? [{ key, path: numbers }]
          : [{ key, box: /** @type {[number, number, number, number]} */ (numbers.slice(0, 4)) }];
      },
    );
  });
}

/**
 * The thing at a point, or null.
 * @param {Spot[]} spots @param {number} x @param {number} y
 * @returns {string|null}
 */
export function thingAt(spots, x, y) {
  const found = spots.find(({ box, path }) =>
    box
      ? x >= box[0] && x <= box[0] + box[2] && y >= box[1] && y <= box[1] + box[3]
      : distance(path ?? [], x, y) <= NEAR,
  );
  return found?.key ?? null;
}

/** How far a point lies from a line of points. @param {number[]} path @param {number} x @param {number} y */
function distance(path, x, y) {
  let best = Infinity;
  for (let i = 0; i + 3 < path.length; i += 2) {
    const [ax, ay, bx, by] = path.slice(i, i + 4);
    const [dx, dy] = [bx - ax, by - ay];
    const t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
    best = Math.min(best, Math.hypot(x - ax - t * dx, y - ay - t * dy));
  }
  return best;
}

/** The middle of a thing. @param {Spot} spot @returns {[number, number]} */
export function middleOf({ box, path = [] }) {
  if (box) return [box[0] + box[2] / 2, box[1] + box[3] / 2];
  const middle = 2 * Math.floor(path.length / 4);
  return [path[middle], path[middle + 1]];
}

/**
 * The thing to go to from another with an arrow key: the nearest that lies in that direction; null where there is none.
 * @param {Spot[]} spots @param {string} key @param {string} arrow  ArrowLeft, ArrowRight, ArrowUp, ArrowDown
 * @returns {string|null}
 */
export function beside(spots, key, arrow) {
  const from = spots.find((spot) => spot.key === key);
  if (!from) return spots[0]?.key ?? null;
  const [x, y] = middleOf(from);
  const [ux, uy] = /** @type {Record<string, number[]>} */ ({
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  })[arrow];
  let best = null;
  let least = Infinity;
  for (const spot of spots) {
    const [dx, dy] = [middleOf(spot)[0] - x, middleOf(spot)[1] - y];
    const along = dx * ux + dy * uy;
    const across = Math.abs(dx * uy) + Math.abs(dy * ux);
    if (spot.key === key || along < 1 || across > 2 * along) continue;
    if (along + 2 * across < least) [least, best] = [along + 2 * across, spot.key];
  }
  return best;
}
