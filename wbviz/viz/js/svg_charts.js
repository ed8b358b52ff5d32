// @ts-check
// A lab's curves and bars as SVG of our own: where there is no bqplot. Same margins, colours and dashes as its figures.

/** @typedef {import("./types.js").LabRun} LabRun */

import { numbers } from "./unpack.js";

const NS = "http://www.w3.org/2000/svg";
const MARGIN = { top: 8, bottom: 42, left: 46, right: 12 };
const NAMES = 112; // pixels at the right of the curves, for what they are called
const DASHES = { solid: "", dashed: "7 4", dotted: "2 3", level: "9 3 2 3" };
const LINE = { solid: "", dashed: "10 5", dotted: "2 3" };

/**
 * @param {string} name @param {Record<string, string|number>} attributes @param {string} [text]
 */
function shape(name, attributes, text) {
  const node = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  if (text !== undefined) node.textContent = text;
  return node;
}

/**
 * Round values from 0 up to a value, for an axis.
 * @param {number} top @param {number} about so many of them, more or less @param {boolean} [whole]
 * @returns {number[]}
 */
export function ticksTo(top, about, whole = false) {
  const raw = top / about;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max(whole ? 1 : 0, [1, 2, 5, 10].map((one) => one * power).find((one) => one >= raw) ?? raw);
  return Array.from({ length: Math.floor(top / step + 1e-9) + 1 }, (_, i) => Math.round(i * step * 1e6) / 1e6);
}

/**
 * How many requests of each size were written up to each tick.
 * @param {number[]} news for each tick and each size @param {number} bins
 * @returns {number[][]}
 */
export function totals(news, bins) {
  /** @type {number[][]} */
  const found = [];
  for (let i = 0; i < news.length; i += bins) {
    const before = found[found.length - 1];
    found.push(news.slice(i, i + bins).map((count, k) => count + (before ? before[k] : 0)));
  }
  return found;
}

/**
 * The largest values that any run comes to: of its lines, and of its bars.
 * @param {LabRun[]} runs @param {number} bins
 */
export function largest(runs, bins) {
  const line = Math.max(
    1,
    ...runs.map((run) => Math.max(...run.lines.map((one) => Math.max(...one[3])), ...run.marks.map((one) => one[1]))),
  );
  const bar = Math.max(1, ...runs.map((run) => Math.max(...(totals(numbers(run.sizes), bins).at(-1) ?? [0]))));
  return { line: line * 1.05, bar };
}

/**
 * A piece of a line, for the legend.
 * @param {string} role @param {keyof typeof DASHES} dash @param {number} width
 */
export function sample(role, dash, width) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 28 8");
  svg.setAttribute("aria-hidden", "true");
  svg.innerHTML = `<path d="M0 4H28" style="fill:none;stroke-width:${width};stroke:var(--wb-${role});stroke-dasharray:${DASHES[dash]}"/>`;
  return svg;
}

const ROOM = 32; // pixels that a number of three digits needs below an axis

/** @param {number} value */
const short = (value) => (value >= 1000 ? `${Math.round(value / 100) / 10}k` : String(value));

/**
 * An SVG as large as its box, drawn anew when that changes.
 * @param {HTMLElement} host @param {number} [beside] pixels that stay free at the right
 */
function canvasIn(host, beside = 0) {
  const svg = shape("svg", { class: "wb-axes" });
  host.append(svg);
  /** @type {(x: (v: number) => number, y: (v: number) => number, w: number, h: number) => void} */
  let draw = () => {};
  let [right, top] = [1, 1];
  const redraw = () => {
    const [w, h] = [host.clientWidth, host.clientHeight];
    if (!w || !h) return;
    svg.setAttribute("viewBox", `0 0 ${w} ${h}`);
    svg.replaceChildren();
    draw(
      (v) => MARGIN.left + (v / right) * (w - MARGIN.left - MARGIN.right - beside),
      (v) => h - MARGIN.bottom - (v / top) * (h - MARGIN.top - MARGIN.bottom),
      w,
      h,
    );
  };
  const watch = new ResizeObserver(redraw);
  watch.observe(host);
  return {
    svg,
    /** @param {number} x @param {number} y @param {typeof draw} paint */
    show(x, y, paint) {
      [right, top, draw] = [x, y, paint];
      redraw();
    },
    dispose() {
      watch.disconnect();
      svg.remove();
    },
  };
}

/**
 * A curve from its beginning to a tick.
 * @param {number[]} values @param {number} upto @param {number} tick in seconds
 * @param {(v: number) => number} x @param {(v: number) => number} y
 */
function along(values, upto, tick, x, y) {
  return `M${values
    .slice(0, upto + 1)
    .map((value, i) => `${x(i * tick).toFixed(1)} ${y(value).toFixed(1)}`)
    .join("L")}`;
}

/**
 * Heights moved apart so that words at them do not overlap, in the same order, within bounds where there is room.
 * @param {number[]} wanted @param {number} gap @param {number} top @param {number} bottom
 * @returns {number[]}
 */
export function apart(wanted, gap, top, bottom) {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const found = wanted.slice();
  let least = top;
  for (const i of order) least = (found[i] = Math.max(found[i], least)) + gap;
  let most = bottom;
  for (const i of order.reverse()) most = (found[i] = Math.min(found[i], most)) - gap;
  return found;
}

/**
 * @param {Element} svg @param {number} w @param {number} h @param {(v: number) => number} y
 * @param {string} label @param {number[]} levels
 */
function axes(svg, w, h, y, label, levels) {
  const [left, bottom] = [MARGIN.left, h - MARGIN.bottom];
  svg.append(shape("path", { class: "wb-axis", d: `M${left} ${MARGIN.top}V${bottom}H${w - MARGIN.right}` }));
  svg.append(shape("text", { x: (left + w - MARGIN.right) / 2, y: h - 6, "text-anchor": "middle" }, label));
  for (const level of levels) {
    svg.append(shape("path", { class: "wb-axis", d: `M${left - 5} ${y(level)}H${left}` }));
    svg.append(shape("text", { x: left - 8, y: y(level), dy: "0.35em", "text-anchor": "end" }, short(level)));
  }
}

/** @param {Element} svg @param {number} x @param {number} h @param {string} text */
function tickBelow(svg, x, h, text) {
  const bottom = h - MARGIN.bottom;
  svg.append(shape("path", { class: "wb-axis", d: `M${x} ${bottom}v5` }));
  svg.append(shape("text", { x, y: bottom + 17, "text-anchor": "middle" }, text));
}

/**
 * @param {HTMLElement} curves @param {HTMLElement} bars
 * @returns {import("./types.js").Charts}
 */
export function svgCharts(curves, bars) {
  const [one, other] = [canvasIn(curves, NAMES), canvasIn(bars)];
  return {
    lines(run, top, old) {
      const end = (run.ticks - 1) * run.tick;
      const cursor = shape("path", { class: "wb-cursor" });
      const curves = run.lines.map(([, role, dash]) =>
        shape("path", { style: `fill:none;stroke:var(--wb-${role});stroke-width:2.5;stroke-dasharray:${LINE[dash]}` }),
      );
      const names = run.lines.map(([name, role]) =>
        shape("text", { class: "wb-line-name", dy: "0.35em", style: `--line: var(--wb-${role})` }, name),
      );
      let [at, seen] = [0, 0];
      /** @type {[(v: number) => number, (v: number) => number]} */
      let [across, up] = [() => 0, () => 0];
      const move = () => {
        cursor.setAttribute("transform", `translate(${across(at * run.tick)} 0)`);
        curves.forEach((curve, i) => curve.setAttribute("d", along(run.lines[i][3], seen, run.tick, across, up)));
        const heights = apart(
          run.lines.map((line) => up(line[3][seen])),
          14,
          up(top),
          up(0),
        );
        names.forEach((name, i) => {
          name.setAttribute("x", String(across(end) + 6));
          name.setAttribute("y", String(heights[i]));
        });
      };
      one.show(end, top, (x, y, w, h) => {
        [across, up] = [x, y];
        axes(one.svg, w, h, y, "seconds", ticksTo(top, 5));
        for (const time of ticksTo(end, 5)) tickBelow(one.svg, x(time), h, String(time));
        for (const [, value] of run.marks)
          one.svg.append(
            shape("path", {
              d: `M${x(0)} ${y(value)}H${x(end)}`,
              style: "fill:none;stroke:var(--wb-soft);stroke-dasharray:9 3 2 3",
            }),
          );
        for (const [, role, , values] of old?.run.lines ?? []) {
          one.svg.append(
            shape("path", {
              class: "wb-old",
              d: along(values, old?.seen ?? 0, run.tick, x, y),
              style: `stroke:var(--wb-${role})`,
            }),
          );
        }
        cursor.setAttribute("d", `M0 ${y(0)}V${y(top)}`);
        one.svg.append(...curves, ...names, cursor);
        move();
      });
      return (tick, far) => {
        [at, seen] = [tick, far];
        move();
      };
    },
    bars(counts, names, top) {
      const rects = names.map(() => shape("rect", { style: "fill:var(--wb-accent)" }));
      let at = 0;
      /** @type {(v: number) => number} */
      let up = () => 0;
      const move = () =>
        rects.forEach((rect, i) => {
          rect.setAttribute("y", String(up(counts[at][i])));
          rect.setAttribute("height", String(Math.max(0, up(0) - up(counts[at][i]))));
        });
      other.show(names.length, top, (x, y, w, h) => {
        up = y;
        axes(other.svg, w, h, y, "KiB in a request", ticksTo(top, 5, true));
        const every = x(1) - x(0) < ROOM ? 2 : 1;
        names.forEach((name, i) => {
          if ((names.length - 1 - i) % every === 0) tickBelow(other.svg, x(i + 0.5), h, name);
          rects[i].setAttribute("x", String(x(i + 0.1)));
          rects[i].setAttribute("width", String(Math.max(0, x(i + 0.9) - x(i + 0.1))));
        });
        other.svg.append(...rects);
        move();
      });
      return (tick) => {
        at = tick;
        move();
      };
    },
    dispose() {
      one.dispose();
      other.dispose();
    },
  };
}
