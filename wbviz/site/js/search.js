// @ts-check
// The page of search: hits are sections and terms, with an excerpt of their prose. One letter may be wrong. The pieces come
// from a file beside the pages (wbviz/site/search.py); nothing is asked of anybody else.

import MiniSearch from "minisearch";

/** @typedef {{page: string, title: string, heading: string, anchor: string, level: number, text: string}} Piece */

const MOST = 30;
const AROUND = 90; // letters of the excerpt before the first word that was found
/** How much a place counts: what a page is about before what it mentions. @type {Record<number, number>} */
const LEVELS = { 1: 2, 2: 1.2, 3: 1, 4: 1.2 };

const pieces = /** @type {Piece[]} */ (/** @type {any} */ (globalThis).wbvizPieces ?? []);
/** Words that say nothing about where they stand. */
const EMPTY = new Set("a an and are as at be by does for from has how if in is it its not of on or so that the them then there they this to was what when where which who why will with you your".split(" "));
const index = new MiniSearch({
  fields: ["heading", "title", "text"],
  idField: "id",
  processTerm: (term) => (EMPTY.has(term.toLowerCase()) ? null : term.toLowerCase()),
});
index.addAll(pieces.map((piece, id) => ({ ...piece, id })));

/**
 * The pieces that have the words, best first, each with the words of its own that were meant.
 * @param {string} query
 * @returns {{piece: Piece, words: string[]}[]}
 */
export function hits(query) {
  const options = {
    boost: { heading: 4, title: 2 },
    fuzzy: (/** @type {string} */ term) => (term.length > 8 ? 2 : term.length > 3 ? 1 : false),
    prefix: (/** @type {string} */ term) => term.length > 2,
    weights: { fuzzy: 0.3, prefix: 0.6 },
    boostDocument: (/** @type {number} */ id) => LEVELS[pieces[id].level],
  };
  const words = query.replaceAll('"', " ");
  const all = index.search(words, { ...options, combineWith: "AND" });
  const found = all.length ? all : index.search(words, options);
  return found.map(({ id, match }) => ({ piece: pieces[id], words: Object.keys(match) }));
}

/**
 * A piece of the text around the first of the words, with all of them marked.
 * @param {string} text @param {string[]} words
 * @returns {(string|HTMLElement)[]}
 */
function excerpt(text, words) {
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).sort((a, b) => b.length - a.length);
  const any = new RegExp(`(?<![\\p{L}\\p{N}_])(${escaped.join("|")})(?![\\p{L}\\p{N}_])`, "giu");
  const first = Math.max(0, text.search(any));
  const from = first > AROUND ? text.indexOf(" ", first - AROUND) + 1 : 0;
  const part = text.slice(from, from + 3 * AROUND);
  const cut = from + part.length < text.length ? part.slice(0, part.lastIndexOf(" ")) : part;
  const shown = cut.split(any).map((said, i) => {
    if (i % 2 === 0) return said;
    const mark = document.createElement("mark");
    mark.textContent = said;
    return mark;
  });
  return [from ? "… " : "", ...shown, from + cut.length < text.length ? " …" : ""];
}

/** @param {{piece: Piece, words: string[]}} hit */
function item({ piece, words }) {
  const [entry, link, where, summary] = ["li", "a", "span", "p"].map((tag) => document.createElement(tag));
  link.setAttribute("href", `${piece.page}${piece.anchor ? `#${piece.anchor}` : ""}`);
  link.textContent = piece.heading;
  where.className = "wb-where";
  where.textContent = piece.level > 1 ? ` in ${piece.title}` : "";
  summary.className = "search-summary";
  summary.append(...excerpt(piece.text, words));
  entry.append(link, where, summary);
  return entry;
}

const place = document.getElementById("search-results");
const field = /** @type {HTMLInputElement|null} */ (document.querySelector(".bd-search-container input[type=search]"));

/** @param {string} query */
function show(query) {
  const found = query.trim() ? hits(query).slice(0, MOST) : [];
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  status.textContent = !query.trim() ? "" : !found.length ? `Nothing in the book is like “${query}”.` : `${found.length === MOST ? "The first " : ""}${found.length} places for “${query}”`;
  const list = document.createElement("ul");
  list.className = "search";
  list.append(...found.map(item));
  place?.replaceChildren(status, list);
}

if (field) {
  const asked = new URLSearchParams(location.search).get("q") ?? "";
  field.value = asked;
  show(asked);
  field.focus();
  field.addEventListener("input", () => {
    const url = new URL(location.href);
    url.searchParams.set("q", field.value);
    history.replaceState(null, "", url);
    show(field.value);
  });
  field.form?.addEventListener("submit", (event) => event.preventDefault());
}
