// @ts-check
// The page of search: hits are sections and terms, with an excerpt of their prose. One letter may be wrong, or two may have
// changed places. The pieces come from files beside the pages (wbviz/site/search.py): those of the chapters with the page,
// those of the design notes when a reader asks for them, or no chapter has the words. Nothing is asked of anybody else.

import MiniSearch from "minisearch";

/** @typedef {{page: string, title: string, heading: string, anchor: string, level: number, text: string}} Piece */

const MOST = 30;
const AROUND = 90; // letters of the excerpt before the first word that was found
/** How much a place counts: what a page is about before what it mentions. @type {Record<number, number>} */
const LEVELS = { 1: 2, 2: 1.2, 3: 1, 4: 1.2 };

/** An exercise asks what a chapter tells. */
const EXERCISE = 0.5;
/** What is called exactly so is what is looked for. */
const SAME = 1.5;
/** Words that say nothing about where they stand. */
const EMPTY = new Set(
  "a an and are as at be by does for from has how if in is it its not of on or so that the them then there they this to was what when where which who why will with you your".split(
    " ",
  ),
);

/** @typedef {{pieces: Piece[], index: MiniSearch, known: Set<string>}} Part what is searched at once */

/** @param {Piece[]} pieces @returns {Part} */
function part(pieces) {
  /** @type {Set<string>} */
  const known = new Set();
  const index = new MiniSearch({
    fields: ["heading", "title", "text"],
    idField: "id",
    processTerm(term) {
      const word = term.toLowerCase();
      if (EMPTY.has(word)) return null;
      known.add(word);
      return word;
    },
  });
  index.addAll(pieces.map((piece, id) => ({ ...piece, id })));
  return { pieces, index, known };
}

/** The word that was meant, if two letters have changed places in it. @param {string} word @param {Set<string>} known */
function meant(word, known) {
  if (known.has(word)) return word;
  const swapped = [...word].map(
    (_, i) =>
      word.slice(0, i) +
      word
        .slice(i, i + 2)
        .split("")
        .reverse()
        .join("") +
      word.slice(i + 2),
  );
  return swapped.find((other) => known.has(other)) ?? word;
}

/**
 * The pieces that have the words, best first, each with the words of its own that were meant.
 * @param {string} query @param {Part} part
 * @returns {{piece: Piece, words: string[]}[]}
 */
function hits(query, { pieces, index, known }) {
  const words = query.replaceAll('"', " ").trim();
  const named = words.toLowerCase();
  const options = {
    boost: { heading: 4, title: 2 },
    fuzzy: (/** @type {string} */ term) => (term.length > 8 ? 2 : term.length > 3 ? 1 : false),
    prefix: (/** @type {string} */ term) => term.length > 2,
    weights: { fuzzy: 0.3, prefix: 0.6 },
    processTerm: (/** @type {string} */ term) =>
      EMPTY.has(term.toLowerCase()) ? null : meant(term.toLowerCase(), known),
    boostDocument(/** @type {number} */ id) {
      const { heading, level, page } = pieces[id];
      const same = heading.replace(/^\d[\d.:]* /, "").toLowerCase() === named;
      return LEVELS[level] * (same ? SAME : 1) * (page.startsWith("exercises/") ? EXERCISE : 1);
    },
  };
  const all = index.search(words, { ...options, combineWith: "AND" });
  const found = all.length ? all : index.search(words, options);
  return found.slice(0, MOST).map(({ id, match }) => ({ piece: pieces[id], words: Object.keys(match) }));
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

const given = /** @type {{wbvizPieces?: Piece[], wbvizNotes?: Piece[]}} */ (/** @type {any} */ (globalThis));
const place = document.getElementById("search-results");
const field = /** @type {HTMLInputElement|null} */ (document.querySelector(".bd-search-container input[type=search]"));
const chapters = part(given.wbvizPieces ?? []);
/** @type {Part|null} */
let notes = null;
/** @type {Promise<void>|null} */
let coming = null;

/** The design notes' pieces. Where they do not come, none of them is found. */
function bring() {
  return (coming ??= new Promise((resolve) => {
    const script = document.createElement("script");
    script.src = /** @type {HTMLElement|null} */ (document.querySelector("script[data-notes]"))?.dataset.notes ?? "";
    script.onload = script.onerror = () => {
      notes = part(given.wbvizNotes ?? []);
      resolve();
    };
    document.head.append(script);
  }));
}

/** @param {{piece: Piece, words: string[]}[]} found */
function listed(found) {
  const list = document.createElement("ul");
  list.className = "search";
  list.append(...found.map(item));
  return list;
}

/** @param {number} count @param {string} where */
const counted = (count, where) =>
  `${count === MOST ? "the first " : ""}${count} ${count === 1 ? "place" : "places"} in ${where}`;

/** @param {string} query @param {boolean} [further] the focus goes to what was found in the notes */
function show(query, further = false) {
  const asked = query.trim();
  const found = asked ? hits(asked, chapters) : [];
  if (asked && !found.length && !notes) return void bring().then(() => show(field?.value ?? ""));
  const more = asked && notes ? hits(asked, notes) : [];
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  const told = [
    found.length ? counted(found.length, "the book") : "",
    more.length ? counted(more.length, "the design notes") : "",
  ]
    .filter(Boolean)
    .join(", ");
  status.textContent = !asked
    ? ""
    : !told
      ? `Nothing in the book is like “${asked}”.`
      : `${told[0].toUpperCase()}${told.slice(1)} for “${asked}”`;
  place?.replaceChildren(status, listed(found));
  if (found.length && !notes) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "wb-notes";
    button.textContent = "Search the design notes as well";
    button.addEventListener("click", () => bring().then(() => show(field?.value ?? "", true)));
    place?.append(button);
  }
  if (notes && (more.length || further)) {
    const heading = document.createElement("h2");
    heading.tabIndex = -1;
    heading.textContent = more.length ? "In the design notes" : `Nothing in the design notes is like “${asked}”`;
    place?.append(heading, listed(more));
    if (further) heading.focus();
  }
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
