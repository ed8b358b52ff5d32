// @ts-check
// What can be written after a dot, with its contract in a line. The words are Python's (wbviz/policy/reference.py); the build
// puts them in.

/** @typedef {{kind: "operation"|"attribute", of: string, name: string, call: string, says: string[]}} Contract */

/** @type {Contract[]} */
export const CONTRACTS = typeof LAB_CONTRACTS === "undefined" ? [] : LAB_CONTRACTS;

/** By what a variable is called, the thing that it most often is. @type {[RegExp, string][]} */
const CALLED = [
  [/^(work|w|older|first|queued)$/, "work"],
  [/^(inode|file|mapping|i)$/, "inode"],
  [/^(page|p|neighbour|other|below|above|next_page)$/, "page"],
];

/**
 * What an expression before a dot gives, by its last name; "" where the name says nothing.
 * @param {string} owner "mm", "work.page", "page.mapping"
 */
export function kindOf(owner) {
  const last = owner.split(".").pop() ?? "";
  if (owner === "mm") return "mm";
  return CALLED.find(([name]) => name.test(last))?.[1] ?? "";
}

/**
 * What may follow what was typed.
 * @param {string} before names and dots up to the cursor: "mm.lo", "page."
 * @param {Contract[]} [contracts]
 * @returns {{typed: string, contracts: Contract[]}|null} null where no dot is near
 */
export function candidates(before, contracts = CONTRACTS) {
  const found = /^(.*)\.(\w*)$/.exec(before);
  if (!found?.[1]) return null;
  const kind = kindOf(found[1]);
  const able = contracts.filter((one) => (kind ? one.of === kind : one.of !== "mm"));
  return { typed: found[2], contracts: able };
}

/**
 * The contract of the name at a column of a line, and where the name stands.
 * @param {string} line @param {number} column @param {Contract[]} [contracts]
 * @returns {{contract: Contract, from: number, to: number}|null}
 */
export function contractAt(line, column, contracts = CONTRACTS) {
  for (const found of line.matchAll(/([A-Za-z_][\w.]*)\.(\w+)/g)) {
    const to = found.index + found[0].length;
    const from = to - found[2].length;
    if (column < from || column > to) continue;
    const kind = kindOf(found[1]);
    const contract = contracts.find((one) => one.name === found[2] && (kind ? one.of === kind : one.of !== "mm"));
    if (contract) return { contract, from, to };
  }
  return null;
}
