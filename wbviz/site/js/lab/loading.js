// @ts-check
// What a lab brings when it is asked to: the editor's file, and Python. Both once for a page.

import { bring } from "../bring.js";
import { startPython } from "../../../viz/js/python.js";

/** @typedef {import("./types.js").Python} Python */

/** Where this script came from: the other files lie beside it. */
const HERE = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : location.href;

/** The editor. @returns {Promise<(parent: HTMLElement, options: any) => import("./types.js").Editor>} */
export async function bringEditor() {
  await bring(new URL(LAB_EDITOR, HERE).href, "The editor did not load. Is there a connection? Press Start once more.");
  return /** @type {any} */ (globalThis).wbvizEditor;
}

/** @type {Promise<Python>|null} */
let python = null;
/** @type {AbortController|null} */
let leaving = null;
/** @type {Set<(told: any) => void>} */
const listening = new Set();

/**
 * Python, started once for all labs of a page. Rejected, in words, where it cannot be.
 * @param {(told: {loaded: number, total: number, stage: string}) => void} progress
 * @returns {Promise<Python>}
 */
export async function bringPython(progress) {
  listening.add(progress);
  if (!python) {
    leaving = new AbortController();
    python = startPython({ onProgress: (told) => listening.forEach((listen) => listen(told)), signal: leaving.signal });
  }
  try {
    return await python;
  } catch (error) {
    python = null;
    throw error;
  } finally {
    listening.delete(progress);
  }
}

/** Give a start up that has not come to its end. */
export function leavePython() {
  leaving?.abort();
}
