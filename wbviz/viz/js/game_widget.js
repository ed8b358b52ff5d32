// @ts-check
// A level of the game as a widget: it draws into the bqplot figure that its model names.

import { bqplotSink } from "./bqplot_sink.js";
import { mountGame } from "./game_view.js";

/** @param {{model: any, el: HTMLElement}} context */
export function gameWidget({ model, el }) {
  return mountGame(el, model.get("board"), (host, picture) => bqplotSink(host, picture, model)).dispose;
}
