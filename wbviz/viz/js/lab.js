// @ts-check
// A lab: controls that choose a run, the run as a moving picture, curves and bars, and what it came to. Without a kernel
// the runs are those the page carries; with one, the simulator makes a new one.

import { element, glyph, reserve, reveal } from "./dom.js";
import { barChart, figureIn, lineChart, totals } from "./lab_charts.js";
import { transport } from "./transport.js";
import { numbers, unpack } from "./unpack.js";

/** @typedef {import("./types.js").LabRun} LabRun */
/** @typedef {import("./types.js").LabControl} LabControl */
/**
 * @typedef {{legend: HTMLElement[], picture: (canvas: HTMLCanvasElement, run: LabRun) => {
 *   draw: (at: number, from: number, t: number, paint: (role: string) => string) => void, words: (at: number) => string}}} LabKind
 */

const STAND = 260; // milliseconds that a tick stands, at speed 1
const DASHES = { solid: "", dashed: "7 4", dotted: "2 3", level: "9 3 2 3" };
let labs = 0;

/**
 * A piece of a line, for the legend.
 * @param {string} role @param {keyof typeof DASHES} dash @param {number} width
 */
function sample(role, dash, width) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 28 8");
  svg.setAttribute("aria-hidden", "true");
  svg.innerHTML = `<path d="M0 4H28" style="fill:none;stroke-width:${width};stroke:var(--wb-${role});stroke-dasharray:${DASHES[dash]}"/>`;
  return svg;
}

/**
 * @param {{model: any, el: HTMLElement}} context
 * @param {LabKind} kind
 * @returns {() => void}
 */
export function mountLab({ model, el }, kind) {
  const key = `wblab${(labs += 1)}`;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  /** @type {LabControl[]} */
  const controls = model.get("controls");
  const bins = model.get("bins");
  const glyphs = model.get("glyphs");

  // -- the parts
  const chip = element("span", { class: "wb-chip", hidden: true });
  const selects = controls.map((control) => {
    const options = control.options.map(([value, text]) => element("option", { value, selected: value === model.get("chosen")[control.name] }, text));
    const select = /** @type {HTMLSelectElement} */ (element("select", { "data-control": control.name }, ...options));
    select.addEventListener("change", choose);
    return select;
  });
  const settings = element("fieldset", { class: "wb-settings" }, element("legend", {}, "The machine"),
    ...controls.map((control, i) => element("label", {}, control.label, selects[i])));
  const source = element("p", { class: "wb-source", role: "status" });
  const canvas = /** @type {HTMLCanvasElement} */ (element("canvas", { role: "img", "aria-labelledby": `${key}-say`, "aria-describedby": `${key}-words` }));
  const host = element("div", { class: "wb-lab-picture" }, canvas);
  const curves = element("div", { class: "wb-chart", "aria-hidden": true });
  const bars = element("div", { class: "wb-chart", "aria-hidden": true });
  const unit = element("p", { class: "wb-chart-title" });
  const keyed = element("ul", { class: "wb-keyed" });
  const actors = element("ul", { class: "wb-actors", "aria-label": "Who does what" });
  const count = element("span", { class: "wb-count" });
  const say = element("span", { class: "wb-say", id: `${key}-say`, "aria-live": "polite" });
  const caption = element("p", { class: "wb-caption" }, count, say);
  const words = element("p", { id: `${key}-words` });
  const table = element("table", { class: "wb-came" });
  const steps = element("ol", { class: "wb-steps" });
  const box = element("div", { class: "wb-box", tabindex: 0, role: "group", "aria-labelledby": `${key}-steps` }, steps);
  const root = element("div", { class: "wbviz wb-lab", role: "group", "aria-label": model.get("title"), tabindex: -1, "data-lm-suppress-shortcuts": "true" },
    element("div", { class: "wb-head" }, element("span", { class: "wb-title" }, model.get("title")), chip),
    settings, source,
    element("div", { class: "wb-lab-views" },
      element("div", {}, host, caption, actors, element("ul", { class: "wb-cells" }, ...kind.legend)),
      element("div", { class: "wb-charts" }, element("div", {}, unit, keyed, curves), element("div", {}, element("p", { class: "wb-chart-title" }, "Requests written so far, by size"), bars))),
    element("div", { class: "wb-panels" },
      element("div", { class: "wb-panel" }, element("p", {}, "What the whole run came to"), table),
      element("div", { class: "wb-panel" }, element("p", { id: `${key}-steps` }, "What happens"), box)),
    element("div", { class: "wb-more" }, element("details", {}, element("summary", {}, "The state in words"), words)));
  el.append(root);

  // -- colours as the canvas needs them: what the style sheet's roles come to in this theme
  const probe = element("span", { hidden: true });
  root.append(probe);
  /** @type {Map<string, string>} */
  let colours = new Map();
  /** @param {string} role */
  function paint(role) {
    let colour = colours.get(role);
    if (!colour) {
      probe.style.color = `var(--wb-${role})`;
      colour = getComputedStyle(probe).color;
      colours.set(role, colour);
    }
    return colour;
  }

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
  /** @type {{figure: any, marks: any[], dispose: () => void}[]} */
  let figures = [];
  /** @type {((at: number) => void)[]} */
  let follow = [];
  /** @type {HTMLButtonElement[]} */
  let told = [];
  let animation = 0;
  let drawn = 0;

  /** @param {LabRun} next */
  function show(next) {
    before = run;
    run = next;
    picture = kind.picture(canvas, next);
    moving ??= playback(next.ticks - 1);
    unit.textContent = `Memory over time, in ${next.unit}`;
    keyed.replaceChildren(
      ...next.lines.map(([name, role, dash]) => element("li", {}, sample(role, dash, 2.5), `${name} `, element("b", {}))),
      ...next.marks.map(([name, value]) => element("li", { class: "wb-level" }, sample("soft", "level", 1), `${name} `, element("b", {}, String(value)))));
    actors.replaceChildren(...Object.keys(next.actors).map((name) => element("li", {}, element("b", {}, name), element("span", {}))));
    told = next.moments.map(([at, text]) => {
      const button = /** @type {HTMLButtonElement} */ (element("button", { type: "button" }, element("span", {}, `${(at * next.tick).toFixed(2)} s`), element("span", {}, text)));
      button.addEventListener("click", () => moving?.visit(at));
      return button;
    });
    steps.replaceChildren(...told.map((button) => element("li", {}, button)));
    compare();
    const counts = totals(numbers(next.sizes), bins.length);
    follow = [];
    if (figures[0]) follow.push(lineChart(figures[0].marks, next));
    if (figures[1]) follow.push(barChart(figures[1].marks, counts));
    root.dataset.run = Object.values(model.get("chosen")).join(",");
    reserve(root, caption, next.moments.map(([, text]) => text));
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
    found.listen(root, host);
    actors.before(found.root);
    return found;
  }

  /** The table of numbers: this run, and beside it the one before. */
  function compare() {
    if (!run) return;
    const old = before;
    const head = element("tr", {}, element("td"), element("th", { scope: "col" }, "this run"), old && element("th", { scope: "col" }, "the run before"));
    const rows = run.table.map(([what, much], i) => element("tr", {}, element("th", { scope: "row" }, what), element("td", {}, much), old && element("td", {}, old.table[i][1])));
    table.replaceChildren(element("thead", {}, head), element("tbody", {}, ...rows));
  }

  /** @param {number} at */
  function time(at) {
    return run ? `${(at * run.tick).toFixed(2)} s of ${((run.ticks - 1) * run.tick).toFixed(2)} s` : "";
  }

  /** The last that was told up to this tick. @param {number} at */
  function current(at) {
    let found = -1;
    run?.moments.forEach(([tick], i) => { if (tick <= at) found = i; });
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
    count.textContent = time(at);
    const said = sentence(at);
    if (say.textContent !== said) say.textContent = said;
    words.textContent = picture.words(at);
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
    told.forEach((button, i) => (i === found ? button.setAttribute("aria-current", "step") : button.removeAttribute("aria-current")));
    reveal(box, told[found]?.parentElement ?? undefined);
    for (const one of follow) one(at);
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
  function chosen() {
    return Object.fromEntries(controls.map((control, i) => [control.name, control.options[selects[i].selectedIndex][0]]));
  }

  /** Is there a kernel that would run the simulator? It may go away. */
  function live() {
    return figures[0]?.figure.comm_live === true;
  }

  function choose() {
    if (live()) {
      source.textContent = "The simulator runs …";
      model.set("wanted", chosen());
      model.save_changes();
      return;
    }
    const index = model.get("index")[Object.values(chosen()).join(",")];
    model.set("chosen", chosen());
    tellSource();
    if (runs[index]) show(runs[index]);
  }

  function tellSource() {
    const seed = `Seed ${run?.seed ?? runs[0]?.seed}.`;
    const many = Object.keys(model.get("index")).length;
    source.textContent = live() ? `Live: every change of a control runs the simulator in this notebook. ${seed}`
      : many ? `Prepared: this page has no kernel, so the controls choose among the ${many} settings that were simulated when it was built. In a notebook they run the simulator. ${seed}`
        : `Without a kernel only this run can be shown. ${seed}`;
    for (const select of selects) select.disabled = !live() && !many;
    root.dataset.live = String(live());
  }

  async function load() {
    runs = await unpack(model.get("runs"));
    if (gone) return;
    const index = live() ? 0 : (model.get("index")[Object.values(model.get("chosen")).join(",")] ?? 0);
    show(runs[index]);
    tellSource();
  }

  const redraw = () => picture?.draw(drawn, drawn, 1, paint);
  const repaint = () => {
    colours = new Map();
    redraw();
  };
  const watch = new ResizeObserver(() => {
    if (run) reserve(root, caption, run.moments.map(([, text]) => text));
    redraw();
  });
  const theme = new MutationObserver(repaint);
  for (const one of [document.documentElement, document.body]) theme.observe(one, { attributes: true, attributeFilter: ["data-theme", "data-jp-theme-light", "class"] });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", repaint);

  const places = /** @type {[HTMLElement, string][]} */ ([[curves, "lines"], [bars, "bars"]]);
  Promise.all(places.map(([place, name]) => figureIn(place, model, name).catch(() => null))).then(async (found) => {
    figures = /** @type {typeof figures} */ (found.filter(Boolean));
    if (gone) return figures.forEach((figure) => figure.dispose());
    figures[0]?.figure.on("comm_live_update", tellSource);
    await load();
    root.dataset.drawn = figures.length === places.length ? "bqplot" : "canvas";
    watch.observe(host);
    model.on("change:runs", load);
  });

  return () => {
    gone = true;
    moving?.pause();
    cancelAnimationFrame(animation);
    watch.disconnect();
    theme.disconnect();
    dark.removeEventListener("change", repaint);
    model.off("change:runs", load);
    figures[0]?.figure.off("comm_live_update", tellSource);
    figures.forEach((figure) => figure.dispose());
    root.remove();
  };
}
