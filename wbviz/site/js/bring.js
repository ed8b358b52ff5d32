// @ts-check
// A script of the book, brought into the page when it is needed.

/** @type {Map<string, Promise<void>>} */
const coming = new Map();

/**
 * Once, however many ask. Rejected with these words where it does not load; whoever asks then has it tried again.
 * @param {string} address  the page may name it already, further down than the script that asks
 * @param {string} words
 * @returns {Promise<void>}
 */
export function bring(address, words) {
  const begun = coming.get(address);
  if (begun) return begun;
  const named = document.querySelector(`script[src="${CSS.escape(address)}"]`);
  const script = /** @type {HTMLScriptElement} */ (named ?? document.createElement("script"));
  /** @type {Promise<void>} */
  const done = new Promise((resolve, reject) => {
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => {
      coming.delete(address);
      script.remove();
      reject(new Error(words));
    });
  });
  coming.set(address, done);
  if (!named) {
    script.src = address;
    document.head.append(script);
  }
  return done;
}
