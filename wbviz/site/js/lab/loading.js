// @ts-check
// The editor's file, which a lab brings when it is asked to.

import { bring } from "../bring.js";

/** Where this script came from: the other files lie beside it. */
const HERE = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : location.href;

/** The editor. @returns {Promise<(parent: HTMLElement, options: any) => import("./types.js").Editor>} */
export async function bringEditor() {
  await bring(new URL(LAB_EDITOR, HERE).href, "The editor did not load. Is there a connection? Press Start once more.");
  return /** @type {any} */ (globalThis).wbvizEditor;
}
