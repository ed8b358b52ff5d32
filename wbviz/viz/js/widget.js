// @ts-check
// The anywidget's front end: a player that draws into the bqplot figure its model names.

import { bqplotSink } from "./bqplot_sink.js";
import { mount } from "./player.js";

/** @param {{model: any, el: HTMLElement}} context */
export function render({ model, el }) {
  // A tab panel, for one, may show the still picture of this trace before the player is there: it has done its duty.
  const still = document.getElementById(model.get("still"));
  const build = () =>
    mount(el, model.get("bundle"), {
      question: model.get("question"),
      sink: (host, bundle) => bqplotSink(host, bundle, model),
    });
  let player = build();
  still?.classList.add("wb-replaced");
  const rebuild = () => {
    player.dispose();
    player = build();
  };
  model.on("change:bundle", rebuild);
  return () => {
    model.off("change:bundle", rebuild);
    player.dispose();
    still?.classList.remove("wb-replaced");
  };
}
