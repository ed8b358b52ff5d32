// @ts-check
// What was tried in a lab, and what is kept of it in the reader's own browser. Nothing of it is ever sent.

/**
 * A text that was checked: when, and how many scenarios were safe.
 * @typedef {{text: string, at: number, said: string}} Tried
 * @typedef {{text: string, undo: any, tried: Tried[]}} Kept
 */

/** So many texts are kept of a lab. */
const MOST = 40;
const STORE = "wbviz:lab:";

/**
 * A text and what was found of it, the newest first. The same text again is one entry with the newer words.
 * @param {Tried[]} tried @param {Tried} one
 * @returns {Tried[]}
 */
export function noted(tried, one) {
  return [one, ...tried.filter((other) => other.text !== one.text)].slice(0, MOST);
}

/**
 * @param {string} id
 * @returns {Kept|null} null where nothing is kept, or it cannot be read
 */
export function recalled(id) {
  try {
    const kept = JSON.parse(localStorage.getItem(STORE + id) ?? "null");
    if (!kept || typeof kept.text !== "string" || !Array.isArray(kept.tried)) return null;
    return kept;
  } catch {
    return null;
  }
}

/**
 * @param {string} id @param {Kept} kept
 * @returns {boolean} whether the browser kept it
 */
export function keep(id, kept) {
  try {
    localStorage.setItem(STORE + id, JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

/**
 * Everything that was tried as one file that Python can read: the text as it is, and below it, in comments, what was
 * tried before.
 * @param {Kept} kept @param {(at: number) => string} when
 */
export function exported(kept, when) {
  const older = kept.tried.filter((one) => one.text !== kept.text);
  const parts = older.map((one) => `# ${"-".repeat(20)} ${when(one.at)}: ${one.said}\n${one.text.replace(/^/gm, "# ").trimEnd()}\n`);
  return kept.text.trimEnd() + "\n" + (parts.length ? `\n\n# What was tried before, the newest first.\n${parts.join("\n")}` : "");
}
