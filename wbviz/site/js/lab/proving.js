// @ts-check
// A proof for every size: asked for by a button, told in words and beside the lines.

import { element } from "../../../viz/js/dom.js";

/** @typedef {import("./types.js").Note} Note */

/** @param {string[]} words */
const listed = (words) => (words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : words.join(""));

/**
 * The notes for the margin: what is certain about the page at a line; and where an obligation fails, that.
 * @param {any} certificate  the JSON of a certificate or of what stands in its way
 * @returns {Note[]}
 */
export function notesOf(certificate) {
  const bad = new Set((certificate.findings ?? []).map((/** @type {any} */ one) => one.line));
  const good = (certificate.lines ?? []).filter((/** @type {any} */ one) => !bad.has(one.line));
  /** @type {Map<number, Set<string>>} */
  const certain = new Map();
  for (const one of good) {
    const facts = Object.entries(one.facts ?? {})
      .filter(([, value]) => value === "yes")
      .map(([name]) => name);
    if (facts.length) certain.set(one.line, new Set([...(certain.get(one.line) ?? []), ...facts]));
  }
  return [
    ...[...certain].map(([line, facts]) => ({ line, good: true, text: [...facts].join(", ") })),
    ...(certificate.findings ?? []).map((/** @type {any} */ one) => ({ line: one.line, good: false, text: one.what })),
  ].sort((a, b) => a.line - b.line);
}

/**
 * @param {{ask: () => Promise<any>, notes: (notes: Note[]) => void}} lab
 */
export function proving(lab) {
  const said = element("p", { role: "status" });
  const list = element("ul", {});
  const root = element("div", { class: "wb-proof", hidden: true }, said, list);
  let asked = 0; // an answer counts only if nothing was asked, and nothing changed, since

  function forget() {
    asked += 1;
    root.hidden = true;
    lab.notes([]);
  }

  return {
    root,
    forget,
    async prove() {
      const number = (asked += 1);
      root.hidden = false;
      list.replaceChildren();
      said.textContent = "Looking for a proof for every size …";
      try {
        const found = await lab.ask();
        if (number !== asked) return;
        if (found.error) throw new Error(found.error);
        const all = found.certified
          ? ` On filesystems of the kinds ${listed(found.filesystems)}, beside any number of: ${found.beside.join(", ")}.`
          : "";
        said.textContent = `${found.certified ? "✓" : "✗"} ${found.headline}.${all}`;
        list.replaceChildren(
          ...found.findings.map((/** @type {any} */ one) =>
            element("li", {}, `Line ${one.line}: ${one.what}. Write instead: `, element("code", {}, one.fix)),
          ),
        );
        lab.notes(notesOf(found));
      } catch (error) {
        if (number === asked) said.textContent = error instanceof Error ? error.message : String(error);
      }
    },
  };
}
