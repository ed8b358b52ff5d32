// @ts-check
// One Python for all of a page that asks for it, whichever of the book's scripts that is in.

import { costs, startPython } from "./python.js";

/** @typedef {import("./python.js").Python} Python */
/** @typedef {import("./python.js").Loading} Loading */

/**
 * Python, started when it is first asked for. Rejected, in words, where it cannot be; who asks then has it tried again.
 * @param {(told: Loading) => void} progress
 * @returns {Promise<Python>}
 */
export async function bringPython(progress) {
  const page = shared();
  page.listening.add(progress);
  if (!page.python) {
    page.leaving = new AbortController();
    page.python = startPython({
      onProgress: (told) => page.listening.forEach((listen) => listen(told)),
      signal: page.leaving.signal,
    });
  }
  try {
    return await page.python;
  } catch (error) {
    page.python = null;
    throw error;
  } finally {
    page.listening.delete(progress);
  }
}

/** Give a start up that has not come to its end. */
export function leavePython() {
  shared().leaving?.abort();
}

/** @param {number} bytes */
export function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** What a start costs a reader, as a sentence. */
export function pythonCosts() {
  return `The first time this fetches Python, ${megabytes(costs())}, from this site.`;
}

/**
 * How far a start has come, in words.
 * @param {Partial<Loading>} told
 */
export function startingWords({ loaded = 0, total = 0, stage = "" }) {
  const bytes = total && loaded < total ? ` ${megabytes(loaded)} of ${megabytes(total)}` : "";
  return `Python is starting${stage ? `: ${stage}` : ""}.${bytes}`;
}

/** @returns {{python: Promise<Python>|null, leaving: AbortController|null, listening: Set<(told: Loading) => void>}} */
function shared() {
  const page = /** @type {any} */ (globalThis);
  return (page.wbvizPagePython ??= { python: null, leaving: null, listening: new Set() });
}
