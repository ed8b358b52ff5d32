// @ts-check
// The corrected form of a line as a change of the text. Pure.

/**
 * As wbviz/policy/correction.py has it: lines from_line to to_line, from 1, become `text`; with to_line = from_line - 1 it
 * comes before from_line.
 * @param {string} text @param {{from_line: number, to_line: number, text: string}} fix
 * @returns {{from: number, to: number, insert: string}|null} offsets; null where the text has no such lines any more
 */
export function change(text, fix) {
  const lines = text.split("\n");
  const { from_line: first, to_line: last } = fix;
  if (first < 1 || last < first - 1 || last > lines.length || first > lines.length + 1) return null;
  const start = (/** @type {number} */ number) =>
    lines.slice(0, number - 1).reduce((sum, line) => sum + line.length + 1, 0);
  if (last >= first) return { from: start(first), to: start(last) + lines[last - 1].length, insert: fix.text };
  if (first <= lines.length) return { from: start(first), to: start(first), insert: `${fix.text}\n` };
  return { from: text.length, to: text.length, insert: `\n${fix.text}` };
}
