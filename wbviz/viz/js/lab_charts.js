// @ts-check
// A lab's curves and bars in bqplot: arrays are written into the models that live in the same page.

/** @typedef {import("./types.js").LabRun} LabRun */

/**
 * Show one of a model's figures.
 * @param {HTMLElement} host @param {any} model @param {string} name
 */
async function figureIn(host, model, name) {
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
 * @param {HTMLElement} curves @param {HTMLElement} bars @param {any} model
 * @returns {Promise<import("./types.js").Charts & {figure: any}>}
 */
export async function bqplotCharts(curves, bars, model) {
  const [one, other] = await Promise.all([figureIn(curves, model, "lines"), figureIn(bars, model, "bars")]);
  return {
    figure: one.figure,
    lines: (run, top) => lineChart(one.marks, run, top),
    bars: (counts, _, top) => barChart(other.marks, counts, top),
    dispose() {
      one.dispose();
      other.dispose();
    },
  };
}

/**
 * The curves of a run as far as it has been seen, and a cursor.
 * @param {any[]} marks @param {LabRun} run @param {number} top
 */
function lineChart(marks, run, top) {
  const [first] = marks;
  const { x, y } = first.get("scales");
  const times = Array.from({ length: run.ticks }, (_, i) => Math.round(i * run.tick * 1e4) / 1e4);
  x.set({ min: 0, max: times[times.length - 1] });
  y.set({ min: 0, max: top });
  run.marks.forEach((mark, i) =>
    marks[run.lines.length + i].set({ x: [0, times[times.length - 1]], y: [mark[1], mark[1]] }),
  );
  const cursor = marks[run.lines.length + run.marks.length];
  let drawn = -1;
  return (/** @type {number} */ at, /** @type {number} */ seen) => {
    cursor.set({ x: [times[at], times[at]], y: [0, top] });
    const upto = Math.max(seen, 1) + 1; // a line has two points
    if (upto !== drawn)
      run.lines.forEach((line, i) => marks[i].set({ x: times.slice(0, upto), y: line[3].slice(0, upto) }));
    drawn = upto;
  };
}

/**
 * @param {any[]} marks @param {number[][]} counts by tick @param {number} top
 */
function barChart([bars], counts, top) {
  bars.get("scales").y.set({ min: 0, max: top });
  return (/** @type {number} */ at) => bars.set("y", counts[at]);
}
