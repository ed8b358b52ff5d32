// @ts-check
// What was tried in a lab, and what is kept of it in the reader's own browser. Nothing of it is ever sent.

/**
 * A text that was checked: when, and how many scenarios were safe.
 * @typedef {{text: string, at: number, said: string}} Tried
 * own: the reader's scenario that is checked; draft: the text of it that is being written. Both TOML, "" for none.
 * @typedef {{text: string, undo: any, tried: Tried[], own: string, draft: string}} Kept
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
    return read(JSON.parse(localStorage.getItem(STORE + id) ?? "null"));
  } catch {
    return null;
  }
}

/** What can be used of what was kept, by this version or another. @param {any} kept @returns {Kept|null} */
function read(kept) {
  if (typeof kept?.text !== "string") return null;
  const { text, undo = null, tried = [], own, draft } = kept;
  const whole = (/** @type {any} */ one) =>
    typeof one?.text === "string" && Number.isFinite(one.at) && typeof one.said === "string";
  const told = (/** @type {any} */ value) => (typeof value === "string" ? value : "");
  return { text, undo, tried: Array.isArray(tried) ? tried.filter(whole) : [], own: told(own), draft: told(draft) };
}

/**
 * Where there is no room for all of it, the steps that could be undone are left out.
 * @param {string} id @param {Kept} kept
 * @returns {boolean} whether the browser kept it
 */
export function keep(id, kept) {
  for (const one of [kept, { ...kept, undo: null }]) {
    try {
      localStorage.setItem(STORE + id, JSON.stringify(one));
      return true;
    } catch {}
  }
  return false;
}

/**
 * Everything that was tried as one file that Python can read: the text as it is, and below it, in comments, what was
 * tried before.
 * @param {{text: string, tried: Tried[]}} kept @param {(at: number) => string} when
 */
export function exported(kept, when) {
  const older = kept.tried.filter((one) => one.text !== kept.text);
  const parts = older.map(
    (one) => `# ${"-".repeat(20)} ${when(one.at)}: ${one.said}\n${one.text.replace(/^/gm, "# ").trimEnd()}\n`,
  );
  return (
    kept.text.trimEnd() +
    "\n" +
    (parts.length ? `\n\n# What was tried before, the newest first.\n${parts.join("\n")}` : "")
  );
}
