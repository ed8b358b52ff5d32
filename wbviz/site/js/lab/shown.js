// @ts-check
// What was found in the scenario that is picked: in words, and as a player with the reader's own lines.

import { element } from "../../../viz/js/dom.js";
import { mount } from "../../../viz/js/player.js";
import { chipOf, standing } from "./state.js";

/** @typedef {import("./state.js").Lab} Lab */
/** @typedef {import("./types.js").Here} Here */

/**
 * Who stands at which line in a frame.
 * @param {any} film @param {number} index
 * @returns {Here[]}
 */
export function linesAt(film, index) {
  /** @type {Map<number, string[]>} */
  const found = new Map();
  for (const [task, line] of Object.entries(film.frames[index]?.lines ?? {}))
    found.set(line, [...(found.get(line) ?? []), task]);
  return [...found].map(([line, who]) => ({ line, who }));
}

/**
 * @param {(lines: Here[]) => void} here  told where each task stands, as the player moves
 * @param {...HTMLElement} beside  what stands below the claim
 * @returns {{root: HTMLElement, draw: (lab: Lab) => void, play: (step?: number) => void, step: () => number|undefined, dispose: () => void}}
 */
export function shown(here, ...beside) {
  const title = element("p", { class: "wb-title" });
  const claim = element("p", { class: "wb-soft" });
  const said = element("p", { class: "wb-verdict", role: "status" });
  const stage = element("div", { class: "wb-stage" });
  const words = element("pre", { tabindex: 0 });
  const more = element("details", {}, element("summary", {}, "The report in words"), words);
  const output = element("pre", { tabindex: 0 });
  const printed = element(
    "div",
    { class: "wb-printed" },
    element("p", { class: "wb-label" }, "What your policy printed, in all the runs looked at, each text once"),
    output,
  );
  const root = element(
    "section",
    { class: "wb-found", hidden: true },
    title,
    claim,
    ...beside,
    said,
    stage,
    printed,
    more,
  );
  /** @type {ReturnType<typeof mount>|null} */
  let player = null;
  /** @type {any} */
  let film = null;
  /** @type {number|undefined} */
  let waiting;
  let frame = 0;

  /** @param {any} next */
  function change(next) {
    if (next === film || JSON.stringify(next) === JSON.stringify(film)) return;
    player?.dispose();
    player = null;
    film = next;
    here([]);
    if (!film) return;
    player = mount(stage, film, {
      shown(index) {
        frame = index;
        here(linesAt(next, index));
      },
    });
    if (waiting !== undefined) play(waiting);
  }

  /** @param {number} [step]  a frame; without one, from the beginning */
  function play(step) {
    waiting = undefined;
    if (!player) {
      waiting = step ?? 0;
      return;
    }
    player.go(Math.min(step ?? 0, film.frames.length - 1));
    if (step === undefined && !matchMedia("(prefers-reduced-motion: reduce)").matches) player.play();
    stage.scrollIntoView({ block: "nearest" });
  }

  return {
    root,
    play,
    step: () => (player ? frame : undefined),
    draw(lab) {
      const chip = chipOf(lab, lab.picked);
      root.hidden = !chip;
      if (!chip) return change(null);
      const { mark, word } = standing(chip, lab.running);
      title.textContent = chip.scene.name;
      claim.textContent = chip.scene.claim;
      const { found } = chip;
      const sizes = Object.entries(found?.params ?? {})
        .map(([name, value]) => `${name}=${value}`)
        .join(", ");
      const older = found && !chip.fresh ? " This was found before the last change; it is being checked again." : "";
      said.textContent = found
        ? `${mark} ${word}${sizes ? ` (${sizes})` : ""}: ${found.summary}${older}`
        : `${mark} ${word}`;
      words.textContent = found?.words ?? "";
      more.hidden = !found?.words;
      output.textContent = found?.printed.join("\n") ?? "";
      printed.hidden = !found?.printed.length;
      change(found?.film ?? null);
    },
    dispose: () => player?.dispose(),
  };
}
