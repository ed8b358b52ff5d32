// @ts-check
// A lab's curves and bars as SVG of our own: where there is no bqplot. Same margins, colours and dashes as its figures.

/** @typedef {import("./types.js").LabRun} LabRun */

const NS = "http://www.w3.org/2000/svg";
const MARGIN = { top: 8, bottom: 42, left: 46, right: 12 };
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

/** @param {number} value */
const short = (value) => (value >= 1000 ? `${Math.round(value / 100) / 10}k` : String(value));

/**
 * An SVG as large as its box, drawn anew when that changes.
 * @param {HTMLElement} host
 */
function canvasIn(host) {
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
    draw((v) => MARGIN.left + (v / right) * (w - MARGIN.left - MARGIN.right), (v) => h - MARGIN.bottom - (v / top) * (h - MARGIN.top - MARGIN.bottom), w, h);
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
  const [one, other] = [canvasIn(curves), canvasIn(bars)];
  return {
    lines(run) {
      const end = (run.ticks - 1) * run.tick;
      const top = Math.max(1, ...run.lines.flatMap((line) => line[3]), ...run.marks.map((mark) => mark[1])) * 1.05;
      const cursor = shape("path", { class: "wb-cursor" });
      let at = 0;
      /** @type {(v: number) => number} */
      let across = () => 0;
      const move = () => cursor.setAttribute("transform", `translate(${across(at * run.tick)} 0)`);
      one.show(end, top, (x, y, w, h) => {
        across = x;
        axes(one.svg, w, h, y, "seconds", ticksTo(top, 5));
        for (const time of ticksTo(end, 5)) tickBelow(one.svg, x(time), h, String(time));
        for (const [, value] of run.marks) one.svg.append(shape("path", { d: `M${x(0)} ${y(value)}H${x(end)}`, style: "fill:none;stroke:var(--wb-soft);stroke-dasharray:9 3 2 3" }));
        for (const [, role, dash, values] of run.lines) {
          const points = values.map((value, i) => `${x(i * run.tick).toFixed(1)} ${y(value).toFixed(1)}`);
          one.svg.append(shape("path", { d: `M${points.join("L")}`, style: `fill:none;stroke:var(--wb-${role});stroke-width:2.5;stroke-dasharray:${LINE[dash]}` }));
        }
        cursor.setAttribute("d", `M0 ${y(0)}V${y(top)}`);
        one.svg.append(cursor);
        move();
      });
      return (tick) => {
        at = tick;
        move();
      };
    },
    bars(counts, names) {
      const top = Math.max(1, ...counts[counts.length - 1]);
      const rects = names.map(() => shape("rect", { style: "fill:var(--wb-accent)" }));
      let at = 0;
      /** @type {(v: number) => number} */
      let up = () => 0;
      const move = () => rects.forEach((rect, i) => {
        rect.setAttribute("y", String(up(counts[at][i])));
        rect.setAttribute("height", String(Math.max(0, up(0) - up(counts[at][i]))));
      });
      other.show(names.length, top, (x, y, w, h) => {
        up = y;
        axes(other.svg, w, h, y, "KiB in a request", ticksTo(top, 5, true));
        names.forEach((name, i) => {
          tickBelow(other.svg, x(i + 0.5), h, name);
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
