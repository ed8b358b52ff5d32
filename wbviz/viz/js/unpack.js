// @ts-check
// Runs as wbviz/viz/labs/pack.py packs them.

/**
 * @param {string} text
 * @returns {Promise<any>}
 */
export async function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

/**
 * A column: one character a number, "#" for 0.
 * @param {string} text
 * @returns {number[]}
 */
export function numbers(text) {
  return Array.from({ length: text.length }, (_, i) => text.charCodeAt(i) - 35);
}
