// @ts-check
// A lab: controls that choose a run, the run as a moving picture, curves and bars, and what it came to. Without a kernel
// the runs are those the page carries, and those that Python in the page makes; with one, the simulator makes a new one.

import { element, glyph, mark, reserve, reveal } from "./dom.js";
import { labSimulator } from "./lab_simulator.js";
import { labControls } from "./lab_controls.js";
import { painter } from "./lab_paint.js";
import { largest, sample, svgCharts, totals } from "./svg_charts.js";
import { transport } from "./transport.js";
import { numbers, unpack } from "./unpack.js";

/** @typedef {import("./types.js").LabRun} LabRun */
/** @typedef {import("./types.js").LabControl} LabControl */
/** @typedef {import("./types.js").Host} Host */
/**
 * @typedef {{name: string, legend: HTMLElement[], height: number, picture: (canvas: HTMLCanvasElement, run: LabRun) => {
 *   draw: (at: number, from: number, t: number, paint: (role: string) => string) => void, words: (at: number) => string}}} LabKind
 */

const STAND = 260; // milliseconds that a tick stands, at speed 1
let labs = 0;

/**
 * @param {HTMLElement} el
 * @param {any} data what the widget carries; see wbviz/viz/labs/widget.py
 * @param {Host} host
 * @param {LabKind} kind
 * @returns {() => void}
 */
export function mountLab(el, data, host, kind) {
  const key = `wblab${(labs += 1)}`;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const { bins, glyphs, title, index } = data;
  /** @type {LabControl[]} */
  const controls = data.controls;
  let chosen = data.chosen;

  /** As `index` has it: in the order of the controls, whatever the order of the data. @param {Record<string, any>} values */
  const keyOf = (values) => controls.map(({ name }) => values[name]).join(",");

  // -- the parts
  const chip = element("span", { class: "wb-chip", hidden: true });
  const settings = labControls(controls, chosen, key, choose);
  const simulator = host.kernel ? null : labSimulator(kind.name, data.fields, showOwn);
  const source = element("p", { class: "wb-source", role: "status" });
  const canvas = /** @type {HTMLCanvasElement} */ (
    element("canvas", { role: "img", "aria-labelledby": `${key}-say`, "aria-describedby": `${key}-words` })
  );
  const view = element("div", { class: "wb-lab-picture", style: `min-height: ${kind.height}px` }, canvas);
  const curves = element("div", { class: "wb-chart", "aria-hidden": true });
  const bars = element("div", { class: "wb-chart", "aria-hidden": true });
  const unit = element("p", { class: "wb-chart-title" });
  const keyed = element("ul", { class: "wb-keyed" });
  const actors = element("ul", { class: "wb-actors", "aria-label": "Who does what" });
  const count = element("span", { class: "wb-count" });
  const say = element("span", { class: "wb-say", id: `${key}-say`, "aria-live": "polite" });
  const said = element("span", { class: "wb-said" }, say);
  const caption = element("p", { class: "wb-caption" }, count, said);
  const words = element("p");
  const described = element("p", { id: `${key}-words`, hidden: true }); // what is folded away is not read out
  const table = element("table", { class: "wb-came" });
  const later = element(
    "p",
    { class: "wb-later" },
    "The numbers of a run stand here when you have played it to its end.",
  );
  const steps = element("ol", { class: "wb-steps" });
  const box = element("div", { class: "wb-box", tabindex: 0, role: "group", "aria-labelledby": `${key}-steps` }, steps);
  const root = element(
    "div",
    { class: "wbviz wb-lab", role: "group", "aria-label": title, tabindex: -1, "data-lm-suppress-shortcuts": "true" },
    element("div", { class: "wb-head" }, element("span", { class: "wb-title" }, title), chip),
    settings.root,
    source,
    simulator?.root ?? null,
    element(
      "div",
      { class: "wb-lab-views" },
      element("div", {}, view, caption, actors, element("ul", { class: "wb-cells" }, ...kind.legend)),
      element(
        "div",
        { class: "wb-charts" },
        element("div", {}, unit, keyed, curves),
        element("div", {}, element("p", { class: "wb-chart-title" }, "Requests written so far, by size"), bars),
      ),
    ),
    element(
      "div",
      { class: "wb-panels" },
      element(
        "div",
        { class: "wb-panel" },
        element("p", {}, "What the whole run came to"),
        element("div", { class: "wb-whole" }, table, later),
      ),
      element("div", { class: "wb-panel" }, element("p", { id: `${key}-steps` }, "What happens"), box),
    ),
    element(
      "div",
      { class: "wb-more" },
      described,
      element("details", {}, element("summary", {}, "The state in words"), words),
    ),
  );
  el.append(root);

  const { paint, dispose: unpaint } = painter(root, () => redraw());

  // -- the run
  /** @type {LabRun[]} */
  let runs = [];
  /** @type {LabRun|null} */
  let run = null;
  /** @type {LabRun|null} */
  let before = null;
  let gone = false;
  /** @type {ReturnType<typeof transport>|null} */
  let moving = null;
  /** @type {ReturnType<LabKind["picture"]>|null} */
  let picture = null;
  /** @type {import("./types.js").Charts|null} */
  let charts = null;
  let own = false; // the charts are painted here, with the run before as thin curves; a host's show one run
  /** @type {((at: number, seen: number) => void)[]} */
  let follow = [];
  /** @type {HTMLButtonElement[]} */
  let told = [];
  let animation = 0;
  let drawn = 0;
  /** How far each run has been seen: what comes later is not shown, since there is a question about it. @type {Map<LabRun, number>} */
  const seen = new Map();

  /** @param {LabRun} next */
  function show(next) {
    if (run !== next) before = run;
    run = next;
    picture = kind.picture(canvas, next);
    moving ??= playback(next.ticks - 1);
    unit.textContent = `Memory over time, in ${next.unit}${before && own ? "; thin: the run before" : ""}`;
    keyed.replaceChildren(
      ...next.lines.map(([name, role, dash]) =>
        element("li", {}, sample(role, dash, 2.5), `${name} `, element("b", {})),
      ),
      ...next.marks.map(([name, value]) =>
        element("li", { class: "wb-level" }, sample("soft", "level", 1), `${name} `, element("b", {}, String(value))),
      ),
    );
    actors.replaceChildren(
      ...Object.keys(next.actors).map((name) => element("li", {}, element("b", {}, name), element("span", {}))),
    );
    told = next.moments.map(([at, text]) => {
      const button = /** @type {HTMLButtonElement} */ (
        element(
          "button",
          { type: "button" },
          element("span", {}, `${(at * next.tick).toFixed(2)} s`),
          element("span", {}, text),
        )
      );
      button.addEventListener("click", () => moving?.visit(at));
      return button;
    });
    steps.replaceChildren(...told.map((button) => element("li", {}, button)));
    compare();
    const counts = totals(numbers(next.sizes), bins.length);
    if (charts) {
      const most = largest([...runs, next], bins.length); // one axis for all runs, so that two can be compared
      const old = before && { run: before, seen: seen.get(before) ?? 0 };
      follow = [
        charts.lines(next, most.line, old),
        charts.bars(
          counts,
          bins.map((/** @type {number} */ pages) => String(4 * pages)),
          most.bar,
        ),
      ];
    }
    root.dataset.run = keyOf(chosen);
    reserve(
      said,
      next.moments.map(([, text]) => text),
    );
    moving.visit(0);
  }

  /** All runs of a lab take the same time. @param {number} last */
  function playback(last) {
    const found = transport({
      last,
      show: tick,
      standing: () => STAND,
      words: (at) => `${time(at)}: ${sentence(at)}`,
      changed: (plays) => (root.dataset.playing = String(plays)),
    });
    found.listen(root, view);
    actors.before(found.root);
    return found;
  }

  /** The table of numbers: this run, and beside it the one before. */
  function compare() {
    if (!run) return;
    const old = before;
    const head = element(
      "tr",
      {},
      element("td"),
      element("th", { scope: "col" }, "this run"),
      old && element("th", { scope: "col" }, "the run before"),
    );
    const rows = run.table.map(([what, much], i) =>
      element(
        "tr",
        {},
        element("th", { scope: "row" }, what),
        element("td", {}, much),
        old && element("td", {}, old.table[i][1]),
      ),
    );
    table.replaceChildren(element("thead", {}, head), element("tbody", {}, ...rows));
  }

  /** @param {number} at */
  function time(at) {
    return run ? `${(at * run.tick).toFixed(2)} s of ${((run.ticks - 1) * run.tick).toFixed(2)} s` : "";
  }

  /** The last that was told up to this tick. @param {number} at */
  function current(at) {
    let found = -1;
    run?.moments.forEach(([tick], i) => {
      if (tick <= at) found = i;
    });
    return found;
  }

  /** @param {number} at */
  function sentence(at) {
    const found = current(at);
    return run && found >= 0 ? run.moments[found][1] : "";
  }

  /** @param {number} at @param {boolean} near @param {number} speed */
  function tick(at, near, speed) {
    if (!run || !picture) return;
    const far = Math.max(at, seen.get(run) ?? 0);
    seen.set(run, far);
    root.toggleAttribute("data-whole", far === run.ticks - 1);
    count.textContent = time(at);
    const now = sentence(at);
    if (say.textContent !== now) say.textContent = now;
    words.textContent = picture.words(at);
    described.textContent = words.textContent;
    run.lines.forEach((line, i) => {
      const value = keyed.children[i].querySelector("b");
      if (value) value.textContent = String(line[3][at]);
    });
    const { actors: letters, letters: meaning } = run;
    Object.values(letters).forEach((all, i) => {
      const [shape, word] = meaning[all[at]];
      const item = /** @type {HTMLElement} */ (actors.children[i]);
      if (item.dataset.letter === all[at]) return;
      item.dataset.letter = all[at];
      item.lastElementChild?.replaceChildren(glyph(glyphs[shape].flat(), "currentColor"), word);
    });
    const found = current(at);
    told.forEach((button, i) => {
      mark(button, i === found);
      button.parentElement?.toggleAttribute("data-later", (run?.moments[i][0] ?? 0) > far);
    });
    reveal(box, told[found]?.parentElement ?? undefined);
    for (const one of follow) one(at, far);
    root.dataset.tick = String(at);
    animate(drawn, at, near && !calm.matches && !document.hidden ? STAND / speed : 0);
    drawn = at;
  }

  /** @param {number} from @param {number} to @param {number} span in milliseconds; 0: at once */
  function animate(from, to, span) {
    cancelAnimationFrame(animation);
    if (!span) return picture?.draw(to, to, 1, paint);
    const start = performance.now();
    const step = (/** @type {number} */ now) => {
      const t = Math.min(1, Math.max(0, (now - start) / span));
      picture?.draw(to, from, t, paint);
      if (t < 1) animation = requestAnimationFrame(step);
    };
    animation = requestAnimationFrame(step);
  }

  // -- choosing
  /** Is there a kernel that would run the simulator? It may go away. */
  function live() {
    return host.kernel?.live() === true;
  }

  function choose() {
    if (live()) {
      source.textContent = "The simulator runs …";
      host.kernel?.run(settings.now());
      return;
    }
    chosen = { ...chosen, ...settings.now() };
    simulator?.set(chosen);
    const which = simulator?.special(Object.keys(chosen)) ? undefined : index[keyOf(chosen)];
    if (which === undefined) return simulator?.run();
    if (!runs[which]) return; // they are being unpacked
    show(runs[which]);
    tellSource();
  }

  /** A run that was made here. @param {LabRun} next @param {Record<string, any>} values */
  function showOwn(next, values) {
    if (gone) return;
    chosen = Object.fromEntries(controls.map(({ name }) => [name, values[name]]));
    settings.choose(chosen);
    settings.enable(true);
    show(next);
    source.textContent = `Run in this page. Seed ${next.seed}.`;
  }

  function tellSource() {
    const seed = `Seed ${run?.seed ?? runs[0]?.seed}.`;
    const many = Object.keys(index).length;
    source.textContent = live()
      ? `Live: every change of a control runs the simulator in this notebook. ${seed}`
      : many
        ? `Prepared: this page has no kernel, so the controls choose among the ${many} settings that were simulated when it was built. In a notebook they run the simulator. ${seed}`
        : `Without a kernel only this run can be shown. ${seed}`;
    settings.enable(live() || many > 0);
    root.dataset.live = String(live());
  }

  /** @param {string} packed */
  async function load(packed) {
    runs = await unpack(packed);
    if (gone) return;
    show(runs[live() ? 0 : (index[keyOf(chosen)] ?? 0)]);
    tellSource();
  }

  const redraw = () => picture?.draw(drawn, drawn, 1, paint);
  const watch = new ResizeObserver(redraw);

  const drawing = host.charts ? host.charts(curves, bars).catch(() => null) : Promise.resolve(null);
  drawing.then(async (found) => {
    if (gone) return found?.dispose();
    charts = found ?? svgCharts(curves, bars);
    own = !found;
    await load(data.runs);
    if (gone) return;
    root.dataset.drawn = found ? "bqplot" : "svg";
    watch.observe(view);
  });
  const deaf = host.kernel?.listen(tellSource, (packed, settings) => {
    chosen = settings;
    return load(packed);
  });

  return () => {
    gone = true;
    moving?.pause();
    cancelAnimationFrame(animation);
    watch.disconnect();
    unpaint();
    simulator?.dispose();
    deaf?.();
    charts?.dispose();
    root.remove();
  };
}
