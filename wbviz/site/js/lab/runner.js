// @ts-check
// Checks one scenario after another, as long as any is wanted. Python may be busy, be stopped, or die: the text stays.

import { answered, asked, isCurrent, next, request, stopped } from "./state.js";

/** @typedef {import("./state.js").Lab} Lab */
/** @typedef {import("./types.js").Found} Found */
/** @typedef {import("./types.js").Python} Python */

/** After the last key, so many milliseconds pass before anything is checked. */
const PAUSE = 300;
/** A check of an older text may go on for so long before it is stopped. */
const PATIENCE = 400;

/** What Python answered, as a lab keeps it. @param {any} came @returns {Found} */
export function foundIn(came) {
  const blame = came.blame ?? [];
  if (came.error || !came.verdict) {
    return {
      verdict: "error",
      summary: came.error ?? "There was no answer.",
      words: "",
      film: null,
      blame,
      printed: [],
      params: {},
    };
  }
  const { verdict, film = null, printed = [], params = {}, summary: words = "" } = came;
  return {
    verdict,
    summary: blame[0]?.whole ?? came.verdicts?.[0]?.summary ?? "",
    words,
    film,
    blame,
    printed,
    params,
  };
}

/**
 * @param {() => Promise<Python>} python  gives the one that is there, or starts a new one
 * @param {{get: () => Lab, set: (lab: Lab) => void, failed: (words: string) => void}} store
 *   failed: told when there is no Python
 */
export function runner(python, store) {
  /** @type {{stop: () => void, sent: Record<string, any>}|null} */
  let current = null;
  let timer = 0;
  let patience = 0;
  let going = false;

  async function go() {
    if (going) return;
    going = true;
    try {
      for (let chip = next(store.get()); chip; chip = next(store.get())) {
        const sent = request(store.get(), chip);
        store.set(asked(store.get(), chip.scene.name));
        const found = await once(await python(), sent);
        if (found) store.set(answered(store.get(), sent, found));
      }
    } catch (error) {
      store.set(stopped(store.get()));
      store.failed(error instanceof Error ? error.message : String(error));
    } finally {
      going = false;
      if (store.get().running) store.set({ ...store.get(), running: "" });
    }
  }

  /** One answer; null when it was stopped. @param {Python} there @param {any} sent @returns {Promise<Found|null>} */
  async function once(there, sent) {
    let halted = false;
    const job = there.ask(sent);
    current = {
      sent,
      stop() {
        halted = true;
        job.stop();
      },
    };
    try {
      const found = foundIn(await job.answer);
      return halted ? null : found;
    } finally {
      current = null;
      clearTimeout(patience);
    }
  }

  return {
    go,
    /** What is asked has changed: check once the keys are quiet, and let a slow check of what was there go. */
    touched() {
      clearTimeout(timer);
      clearTimeout(patience);
      timer = setTimeout(go, PAUSE);
      patience = setTimeout(() => current && !isCurrent(store.get(), current.sent) && current.stop(), PAUSE + PATIENCE);
    },
    stop() {
      clearTimeout(timer);
      store.set(stopped(store.get()));
      current?.stop();
    },
  };
}
