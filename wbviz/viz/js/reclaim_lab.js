// @ts-check
// The reclaim lab's picture: every page of memory as a cell, in the order of the lists, and the disk's queue.

import { fittedCanvas, inkText } from "./canvas.js";
import { element } from "./dom.js";
import { mountLab } from "./lab.js";
import { gridFor, queues, strips } from "./reclaim_pages.js";

/** @typedef {import("./types.js").LabRun} LabRun */
/** @typedef {import("./reclaim_pages.js").Strip} Strip */

const GAP = 2; // cells between two zones
const HEIGHT = 316; // pixels that are kept free: as much as any memory needs on any screen
const WRITER = ["flusher", "kswapd", "a task in direct reclaim"];

/** @type {import("./types.js").Mount} */
export function reclaimLab(el, data, host) {
  return mountLab(el, data, host, { name: "reclaim", legend: cellLegend(), picture: memoryPicture, height: HEIGHT });
}

function cellLegend() {
  /** @type {[string, string][]} */
  const kinds = [
    ["C", "clean"],
    ["D", "dirty: a dot"],
    ["W", "under writeback: a bar"],
    ["A", "on the active list: a line on top"],
    ["F", "free"],
  ];
  return kinds
    .map(([letter, text]) =>
      element("li", {}, element("span", { class: `wb-cell wb-cell-${letter}`, "aria-hidden": "true" }), text),
    )
    .concat(
      element(
        "li",
        {},
        "m, l, h: the min, low and high mark; pages in use that reach so far have left no more free than that",
      ),
    );
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {LabRun} run
 */
function memoryPicture(canvas, run) {
  const frames = strips(run.picture, run.ticks);
  const waiting = queues(run.picture.queue, run.ticks);
  /** @type {[string, number, number, number, number][]} */
  const zones = run.picture.zones;

  /** @param {number} at @param {number} from @param {number} t @param {(role: string) => string} paint */
  function draw(at, from, t, paint) {
    const width = canvas.clientWidth;
    const { rows, cell } = gridFor(
      zones.map((zone) => zone[1]),
      width,
      GAP,
    );
    const height = 18 + rows * cell + 16 + 46;
    const ink = fittedCanvas(canvas, height);
    if (!ink) return;
    let left = 0;
    zones.forEach(([name, size, min, low, high], zone) => {
      const strip = frames[at][zone];
      const before = orderOf(frames[from][zone]);
      const [top, x0] = [18, left];
      const where = (/** @type {number} */ i) => [x0 + Math.floor(i / rows) * cell, top + (i % rows) * cell];
      const free = size - strip.ids.length;
      const columns = Math.ceil(size / rows);
      const last = zone > 0 && zone === zones.length - 1; // it may be narrow: its title ends where it ends
      inkText(
        ink,
        `${name}: ${free} of ${size} free`,
        last ? x0 + columns * cell : x0,
        12,
        paint("ink"),
        "600 12px",
        last ? "right" : "left",
      );
      for (let i = strip.ids.length; i < size; i++) cellOf(ink, "F", false, where(i), cell, paint);
      strip.ids.forEach((id, i) => {
        const old = before.get(id);
        const [ax, ay] = where(old ?? i);
        const [bx, by] = where(i);
        cellOf(ink, strip.letters[i], i < strip.active, [ax + (bx - ax) * t, ay + (by - ay) * t], cell, paint);
      });
      for (const [letter, mark] of /** @type {[string, number][]} */ ([
        ["m", min],
        ["l", low],
        ["h", high],
      ])) {
        const x = x0 + ((size - mark) / rows) * cell;
        ink.fillStyle = paint("wait");
        ink.fillRect(x - 0.75, top - 2, 1.5, rows * cell + 4);
        if ((min / rows) * cell > 7) inkText(ink, letter, x, top + rows * cell + 12, paint("wait"), "11px", "center");
      }
      left += (columns + GAP) * cell;
    });
    diskQueue(ink, waiting[at], 18 + rows * cell + 20, width, paint);
  }

  return {
    draw,
    /** @param {number} at */
    words(at) {
      const parts = zones.map(([name, size], zone) => {
        const { ids, letters, active } = frames[at][zone];
        const count = (/** @type {string} */ letter) => [...letters].filter((one) => one === letter).length;
        return (
          `${name}: ${size - ids.length} of ${size} pages free, ${active} on the active list, ${ids.length - active} on the inactive; ` +
          `${count("C")} clean, ${count("D")} dirty, ${count("W")} under writeback.`
        );
      });
      const queue = waiting[at];
      const pages = queue.reduce((sum, request) => sum + request.pages, 0);
      return `${parts.join(" ")} The disk has ${queue.length} requests with ${pages} pages.`;
    },
  };
}

/** @param {Strip} strip */
function orderOf(strip) {
  return new Map(strip.ids.map((id, i) => [id, i]));
}

/**
 * @param {CanvasRenderingContext2D} ink @param {string} letter @param {boolean} active @param {number[]} at
 * @param {number} cell @param {(role: string) => string} paint
 */
function cellOf(ink, letter, active, [x, y], cell, paint) {
  const s = cell - Math.max(1, cell * 0.14);
  if (letter === "F") {
    ink.fillStyle = paint("edge");
    ink.fillRect(x + s / 2 - 0.75, y + s / 2 - 0.75, 1.5, 1.5);
    return;
  }
  const role = letter === "D" ? "dirty" : letter === "W" ? "writeback" : "clean";
  ink.fillStyle = paint(`${role}-line`);
  ink.fillRect(x, y, s, s);
  ink.fillStyle = paint(`${role}-fill`);
  ink.fillRect(x + 1, y + 1, s - 2, s - 2);
  if (letter === "D") {
    ink.fillStyle = paint("ink-dirty");
    ink.fillRect(x + s * 0.32, y + s * 0.32, s * 0.36, s * 0.36);
  } else if (letter === "W") {
    ink.fillStyle = paint("ink-writeback");
    ink.fillRect(x + 1, y + s * 0.42, s - 2, Math.max(1.5, s * 0.2));
  }
  if (active) {
    ink.fillStyle = paint("ink");
    ink.fillRect(x, y, s, Math.max(1.5, s * 0.2));
  }
}

/**
 * The requests at the disk, each as long as its pages.
 * @param {CanvasRenderingContext2D} ink @param {{pages: number, by: number}[]} queue @param {number} top
 * @param {number} width @param {(role: string) => string} paint
 */
function diskQueue(ink, queue, top, width, paint) {
  const pages = queue.reduce((sum, request) => sum + request.pages, 0);
  const writers = [...new Set(queue.map((request) => WRITER[request.by]))].join(" and ");
  const said = queue.length
    ? `${queue.length} requests, ${pages} pages${width > 480 ? `, from ${writers}` : ""}`
    : "idle";
  inkText(ink, `Disk: ${said}`, 0, top + 12, paint("ink"), width > 480 ? "600 12px" : "600 11px");
  const unit = Math.min(6, (width - queue.length * 3) / Math.max(1, pages));
  let x = 0;
  for (const request of queue) {
    const w = Math.max(2, request.pages * unit);
    ink.fillStyle = paint("writeback-line");
    ink.fillRect(x, top + 20, w, 16);
    ink.fillStyle = paint("writeback-fill");
    if (w > 4) ink.fillRect(x + 1, top + 21, w - 2, 14);
    x += w + 3;
  }
}
