// @ts-check
// The flusher lab's picture: inodes on their lists, the work that runs and those that wait.

import { fittedCanvas, inkText } from "./canvas.js";
import { element } from "./dom.js";
import { mountLab } from "./lab.js";
import { numbers } from "./unpack.js";

/** @typedef {import("./types.js").LabRun} LabRun */
/** @typedef {{lanes: string[], running: string, waiting: string[], sizes: number[]}} FlusherFrame */

/** @type {Record<string, string>} */
const WORKS = { b: "background", p: "periodic", s: "sync" };
const LANES = [
  "clean, on no list",
  "b_dirty: next to expire first",
  "b_io: next to be written first",
  "being written",
  "b_more_io: put off",
];
const LANE = 58; // pixels from lane to lane

/** @type {import("./types.js").Mount} */
export function flusherLab(el, data, host) {
  const legend = [
    "A box is an inode. The fuller it is, the more of it is dirty; the number says how many MiB.",
    "From b_dirty an inode goes to b_io, is written, and is clean, or is put off to b_more_io if it has had its share.",
  ].map((text) => element("li", {}, text));
  return mountLab(el, data, host, { name: "flusher", legend, picture: inodePicture, height: 52 + LANES.length * LANE });
}

/**
 * The run's picture, frame by frame.
 * @param {{names: string, lists: string[], works: string[], idle: string, sizes: string}} data
 * @returns {FlusherFrame[]}
 */
export function flusherFrames(data) {
  const sizes = numbers(data.sizes);
  const count = data.names.length;
  return data.lists.map((text, i) => {
    const [dirty, io, more, writing] = text.split(",");
    const listed = dirty + io + more + writing;
    const clean = [...data.names].filter((name) => !listed.includes(name)).join("");
    const works = [...data.works[i]].map((letter) => WORKS[letter]);
    const running = data.idle[i] === "0" ? (works.shift() ?? "") : "";
    return {
      lanes: [clean, dirty, io, writing, more],
      running,
      waiting: works,
      sizes: sizes.slice(i * count, (i + 1) * count).map((v) => v / 2),
    };
  });
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {LabRun} run
 */
function inodePicture(canvas, run) {
  const frames = flusherFrames(run.picture);
  /** @type {string} */
  const names = run.picture.names;
  const most = Math.max(4, ...frames.flatMap((frame) => frame.sizes));

  /** @param {FlusherFrame} frame @param {number} step */
  function positions(frame, step) {
    /** @type {Map<string, [number, number]>} */
    const found = new Map();
    frame.lanes.forEach((lane, row) =>
      [...lane].forEach((name, i) => found.set(name, [i * step, 52 + row * LANE + 17])),
    );
    return found;
  }

  /** @param {number} at @param {number} from @param {number} t @param {(role: string) => string} paint */
  function draw(at, from, t, paint) {
    const ink = fittedCanvas(canvas, 52 + LANES.length * LANE);
    if (!ink) return;
    const step = Math.min(46, canvas.clientWidth / names.length);
    const frame = frames[at];
    flusherWorks(ink, frame, canvas.clientWidth, paint);
    LANES.forEach((title, row) => {
      inkText(ink, title, 0, 52 + row * LANE + 11, paint("soft"), "12px");
      ink.fillStyle = paint("edge");
      ink.fillRect(0, 52 + row * LANE + 51, canvas.clientWidth, 1);
    });
    const [before, now] = [positions(frames[from], step), positions(frame, step)];
    [...names].forEach((name, i) => {
      const [ax, ay] = /** @type {[number, number]} */ (before.get(name));
      const [bx, by] = /** @type {[number, number]} */ (now.get(name));
      const [x, y] = [ax + (bx - ax) * t, ay + (by - ay) * t];
      const [w, h] = [step - 4, 32];
      const fill = (h - 2) * Math.min(1, frame.sizes[i] / most);
      const role = frame.lanes[3] === name ? "writeback" : frame.sizes[i] ? "dirty" : "clean";
      ink.fillStyle = paint(`${role}-line`);
      ink.fillRect(x, y, w, h);
      ink.fillStyle = paint("paper");
      ink.fillRect(x + 1.5, y + 1.5, w - 3, h - 3);
      ink.fillStyle = paint(`${role}-fill`);
      ink.fillRect(x + 1.5, y + h - 1.5 - fill, w - 3, fill);
      inkText(ink, name, x + w / 2, y + 14, paint("ink"), "600 13px", "center");
      if (frame.sizes[i] >= 0.5)
        inkText(
          ink,
          frame.sizes[i].toFixed(frame.sizes[i] < 10 && w > 26 ? 1 : 0),
          x + w / 2,
          y + 27,
          paint("ink"),
          "11px",
          "center",
        );
    });
  }

  return {
    draw,
    /** @param {number} at */
    words(at) {
      const { lanes, running, waiting } = frames[at];
      const listed = LANES.map((title, row) => `${title.split(":")[0]}: ${[...lanes[row]].join(", ") || "none"}`).join(
        "; ",
      );
      return `The flusher ${running ? `runs a ${running} work` : "sleeps"}. Works that wait: ${waiting.join(", ") || "none"}. Inodes ${listed}.`;
    },
  };
}

/**
 * The work that runs, and beside it the queue, the next one first.
 * @param {CanvasRenderingContext2D} ink @param {FlusherFrame} frame @param {number} width
 * @param {(role: string) => string} paint
 */
function flusherWorks(ink, frame, width, paint) {
  const boxes = [frame.running ? `runs: ${frame.running}` : "sleeps", ...frame.waiting.map((kind) => `waits: ${kind}`)];
  inkText(ink, "Flusher, and its queue of works", 0, 12, paint("ink"), "600 12px");
  let x = 0;
  boxes.forEach((text, i) => {
    const w = Math.min(132, (width - 8) / 2);
    ink.fillStyle = paint(i ? "work-line" : "t2");
    ink.fillRect(x, 20, w, 24);
    ink.fillStyle = paint(text.endsWith("sync") ? "work-sync-fill" : "work-fill");
    ink.fillRect(x + 1.5, 21.5, w - 3, 21);
    inkText(ink, text, x + w / 2, 36, paint("ink"), "12px", "center");
    x += w + 8;
  });
}
