// @ts-check
// What the reader has done: answers given, levels won. Kept in this browser only, under one key, and never sent anywhere.
// A browser that keeps nothing (a private window, blocked storage) is no error: then nothing is remembered.

const STORE = "wbviz:progress";
/** The event on `window` after something was remembered or forgotten. */
export const CHANGED = "wbviz:progress";

/** @typedef {Record<string, unknown>} Done  by `kind:id` */

/** @returns {Done} everything that was done */
export function recall() {
  try {
    const kept = JSON.parse(localStorage.getItem(STORE) ?? "{}");
    return kept && typeof kept === "object" && !Array.isArray(kept) ? kept : {};
  } catch {
    return {};
  }
}

/**
 * What was right once stays right: a reader may look at the other answers afterwards.
 * @param {string} kind "quiz", "question", "game", "exercise"
 * @param {string} id
 * @param {any} value what JSON can carry; for an answer its `right` says whether it was
 */
export function remember(kind, id, value) {
  const done = recall();
  const before = /** @type {any} */ (done[`${kind}:${id}`]);
  keep({
    ...done,
    [`${kind}:${id}`]: before?.right === true && value?.right === false ? { ...value, right: true } : value,
  });
}

/** Forget all of it. */
export function forget() {
  keep({});
}

/** @param {Done} done */
function keep(done) {
  try {
    localStorage.setItem(STORE, JSON.stringify(done));
  } catch {
    return;
  }
  window.dispatchEvent(new Event(CHANGED));
}
