// @ts-check
// Building elements. Text always goes in as text: what a trace says is never markup.

/**
 * @param {string} tag
 * @param {Record<string, string|number|boolean|null|undefined>} [attributes]  null, undefined and false are left out; true is
 *   an attribute without a value, but "true" for aria, where an empty one says nothing
 * @param {...(Node|string|null)} children
 * @returns {HTMLElement}
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false)
      node.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

/** Outlines of the buttons' icons in a 20 x 20 field. @type {Record<string, string>} */
const ICONS = {
  first: "M4 4h2.5v12H4zM16 4v12L7.5 10z",
  back: "M14 4v12L5 10z",
  play: "M5.5 3v14L17 10z",
  pause: "M5 3.5h3.5v13H5zM11.5 3.5H15v13h-3.5z",
  forward: "M6 4v12l9-6z",
  last: "M13.5 4H16v12h-2.5zM4 4v12l8.5-6z",
};

/** @param {string} name */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/**
 * One of the scene's glyphs as a small picture.
 * @param {number[]} outline @param {string} colour
 */
export function glyph(outline, colour) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "-0.6 -0.6 1.2 1.2");
  svg.setAttribute("aria-hidden", "true");
  const polygon = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
  polygon.setAttribute("points", outline.join(" "));
  polygon.style.fill = colour;
  svg.append(polygon);
  return svg;
}

/**
 * Is this step of a list the one that is shown? Only that one is a stop of the Tab key.
 * @param {HTMLElement} button @param {boolean} here
 */
export function mark(button, here) {
  button.tabIndex = here ? 0 : -1;
  if (here) button.setAttribute("aria-current", "step");
  else button.removeAttribute("aria-current");
}

/**
 * Scroll a box, and nothing but the box, so that one of its lines can be seen.
 * @param {HTMLElement} box @param {HTMLElement|undefined} line
 */
export function reveal(box, line) {
  if (!line || !box.clientHeight) return;
  const top = line.offsetTop - box.offsetTop;
  if (top < box.scrollTop || top + line.offsetHeight > box.scrollTop + box.clientHeight) {
    box.scrollTop = Math.max(0, top - (box.clientHeight - line.offsetHeight) / 2);
  }
}

/**
 * Room for the longest sentences in a caption, so that the buttons keep their place under the finger: the style sheet
 * lays them, unseen, into the same cell as the one that is shown.
 * @param {HTMLElement} said holds the sentence @param {string[]} sentences
 */
export function reserve(said, sentences) {
  const [long = "", second = ""] = [...new Set(sentences)].sort((a, b) => b.length - a.length);
  Object.assign(said.dataset, { long, second });
}

/**
 * Puts an address into the clipboard and the address bar.
 * @param {string} hash  what stands after the # of this page
 * @param {string} what  what it leads to: "step"
 * @param {(text: string) => void} told
 */
export function copyLink(hash, what, told) {
  const url = new URL(location.href);
  url.hash = hash;
  history.replaceState(history.state, "", url);
  (navigator.clipboard?.writeText(url.href) ?? Promise.reject()).then(
    () => told(`Link to this ${what} copied.`),
    () => told(`The address bar now holds the link to this ${what}.`),
  );
}
