// @ts-check
// A lab's bqplot figures: arrays are written into the models that live in the same page.

/** @typedef {import("./types.js").LabRun} LabRun */

/**
 * Show one of a model's figures. Gives null where there is none, or where it already stands in another view.
 * @param {HTMLElement} host @param {any} model @param {string} name
 */
export async function figureIn(host, model, name) {
  const manager = model.widget_manager;
  const figure = await manager.get_model(model.get(name).replace("IPY_MODEL_", ""));
  const view = await manager.create_view(figure);
  const shell = view.luminoWidget || view.pWidget;
  shell.processMessage({ type: "before-attach" });
  host.append(view.el);
  shell.processMessage({ type: "after-attach" });
  return {
    figure,
    marks: figure.get("marks"),
    dispose() {
      shell.processMessage({ type: "before-detach" });
      view.remove();
    },
  };
}

/**
 * The curves of a run, and a cursor.
 * @param {any[]} marks @param {LabRun} run
 */
export function lineChart(marks, run) {
  const [first] = marks;
  const { x, y } = first.get("scales");
  const times = Array.from({ length: run.ticks }, (_, i) => Math.round(i * run.tick * 1e4) / 1e4);
  const top = Math.max(1, ...run.lines.flatMap((line) => line[3]), ...run.marks.map((mark) => mark[1])) * 1.05;
  x.set({ min: 0, max: times[times.length - 1] });
  y.set({ min: 0, max: top });
  run.lines.forEach((line, i) => marks[i].set({ x: times, y: line[3] }));
  run.marks.forEach((mark, i) => marks[run.lines.length + i].set({ x: [0, times[times.length - 1]], y: [mark[1], mark[1]] }));
  const cursor = marks[run.lines.length + run.marks.length];
  return (/** @type {number} */ at) => cursor.set({ x: [times[at], times[at]], y: [0, top] });
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
 * @param {any[]} marks @param {number[][]} counts by tick
 */
export function barChart([bars], counts) {
  bars.get("scales").y.set({ min: 0, max: Math.max(1, ...counts[counts.length - 1]) });
  return (/** @type {number} */ at) => bars.set("y", counts[at]);
}
