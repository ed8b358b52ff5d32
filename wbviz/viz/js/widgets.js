// @ts-check
// Every widget of the book by its kind; what a model's loader calls.

import { flusherLab } from "./flusher_lab.js";
import { gameWidget } from "./game_widget.js";
import { playerWidget } from "./player_widget.js";
import { progressPage } from "./progress_page.js";
import { quiz } from "./quiz.js";
import { reclaimLab } from "./reclaim_lab.js";

/** @type {Record<string, (context: {model: any, el: HTMLElement}) => (() => void)>} */
const KINDS = { game: gameWidget, player: playerWidget, progress: progressPage, quiz, "reclaim-lab": reclaimLab, "flusher-lab": flusherLab };

/** @param {{model: any, el: HTMLElement}} context */
export function render({ model, el }) {
  const remove = KINDS[model.get("kind")]({ model, el });
  // A tab panel, for one, may show the picture that stands for this widget before it is there: it has done its duty.
  const still = document.getElementById(model.get("still"));
  still?.classList.add("wb-replaced");
  return () => {
    remove();
    still?.classList.remove("wb-replaced");
  };
}
