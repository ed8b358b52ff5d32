// @ts-check
// The player as a widget: it draws into the bqplot figure that its model names.

import { bqplotSink } from "./bqplot_sink.js";
import { mount } from "./player.js";

/** @param {{model: any, el: HTMLElement}} context */
export function playerWidget({ model, el }) {
  const build = () =>
    mount(el, model.get("bundle"), {
      question: model.get("question"),
      atOnce: model.get("at_once"),
      sink: (host, picture) => bqplotSink(host, picture, model),
    });
  let player = build();
  const rebuild = () => {
    player.dispose();
    player = build();
  };
  model.on("change:bundle", rebuild);
  return () => {
    model.off("change:bundle", rebuild);
    player.dispose();
  };
}
