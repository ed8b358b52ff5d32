// @ts-check
// A lab as a link: all of it stands in the address after the "#", which browsers do not send.

/** @typedef {import("./types.js").Shared} Shared */

const KEY = "lab=";
/** A link of more bytes than this, unpacked, is neither made nor read. */
const MOST = 200_000;

/** @param {BlobPart} data @param {CompressionStream|DecompressionStream} through */
async function streamed(data, through) {
  const reader = new Blob([data]).stream().pipeThrough(through).getReader();
  const parts = [];
  for (let size = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return new Blob(parts).arrayBuffer();
    size += value.length;
    if (size > MOST) throw new Error("too much");
    parts.push(value);
  }
}

/**
 * @param {Shared} shared
 * @returns {Promise<string|null>} the fragment, without the "#"; null for what is too long
 */
export async function packed(shared) {
  const text = new TextEncoder().encode(JSON.stringify(shared));
  if (text.length > MOST) return null;
  const bytes = new Uint8Array(await streamed(text, new CompressionStream("deflate-raw")));
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return KEY + btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * @param {string} hash an address's fragment, with or without the "#"
 * @returns {Promise<Shared|null>} null for a fragment that brings no lab, or one that cannot be read
 */
export async function unpacked(hash) {
  const text = hash.replace(/^#/, "");
  if (!text.startsWith(KEY)) return null;
  try {
    const letters = atob(text.slice(KEY.length).replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    return checked(JSON.parse(new TextDecoder().decode(await streamed(bytes, new DecompressionStream("deflate-raw")))));
  } catch {
    return null;
  }
}

/** Only what is expected, of the kind that is expected. @param {any} came @returns {Shared|null} */
function checked(came) {
  if (typeof came?.text !== "string") return null;
  const sizes = Object.entries(came.sizes ?? {}).filter(([, value]) => Number.isInteger(value));
  return {
    text: came.text,
    ...(typeof came.scenario === "string" ? { scenario: came.scenario } : {}),
    ...(sizes.length ? { sizes: /** @type {Record<string, number>} */ (Object.fromEntries(sizes)) } : {}),
    ...(typeof came.described === "string" ? { described: came.described } : {}),
    ...(Number.isInteger(came.step) && came.step >= 0 ? { step: came.step } : {}),
  };
}
