// @ts-check
// The widgets in a notebook: what a model's loader calls. They draw into the bqplot figures that their models name.

import { bqplotSink } from "./bqplot_sink.js";
import { KINDS } from "./kinds.js";
import { bqplotCharts } from "./lab_charts.js";

const TRAITS = [
  "bundle",
  "question",
  "at_once",
  "log",
  "example",
  "board",
  "name",
  "title",
  "controls",
  "fields",
  "chosen",
  "runs",
  "index",
  "bins",
  "glyphs",
];

/** @param {{model: any, el: HTMLElement}} context */
export function render({ model, el }) {
  /** @type {import("./types.js").Host} */
  const host = { sink: (place, picture) => bqplotSink(place, picture, model) };
  if (model.get("lines")) Object.assign(host, labHost(model));
  const build = () =>
    KINDS[model.get("kind")](el, Object.fromEntries(TRAITS.map((name) => [name, model.get(name)])), host);
  let remove = build();
  const rebuild = () => {
    remove();
    remove = build();
  };
  model.on("change:bundle", rebuild);
  // A tab panel, for one, may show the picture that stands for this widget before it is there: it has done its duty.
  const still = document.getElementById(model.get("still"));
  still?.classList.add("wb-replaced");
  return () => {
    model.off("change:bundle", rebuild);
    remove();
    still?.classList.remove("wb-replaced");
  };
}

/**
 * A lab asks the figure that it draws in whether a kernel is there.
 * @param {any} model
 * @returns {import("./types.js").Host}
 */
function labHost(model) {
  /** @type {any} */
  let figure = null;
  let told = () => {};
  return {
    async charts(curves, bars) {
      const found = await bqplotCharts(curves, bars, model);
      figure = found?.figure ?? null;
      figure?.on("comm_live_update", () => told());
      return found;
    },
    kernel: {
      live: () => figure?.comm_live === true,
      run(settings) {
        model.set("wanted", settings);
        model.save_changes();
      },
      listen(changed, came) {
        told = changed;
        const runs = () => came(model.get("runs"), model.get("chosen"));
        model.on("change:runs", runs);
        return () => {
          told = () => {};
          model.off("change:runs", runs);
        };
      },
    },
  };
}
