// What the pages load, made from our sources and the theme's style sheets: node build.mjs < wishes.json > made.json
//
// wishes: {lab: {editor: path, lab: path}, words: {contracts, policies}, scripts: [path], theirs: [path], ours: [path], kinds: path, pages: [path], states: {key: {kind, data}}, picture: svg, out: folder}
// made: {files: {source: name in the folder}, style: name, picture: name, shells: {key: html}}. Names carry a digest of what is in them.

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { Resvg } from "@resvg/resvg-js";
import { build, transform } from "esbuild";
import { parseHTML } from "linkedom";
import { PurgeCSS } from "purgecss";

const TARGET = ["chrome123", "firefox120", "safari17.5"]; // the first with light-dark()
const common = { bundle: true, minify: true, write: false, target: TARGET, legalComments: "none", logLevel: "error" };

/** @param {string} out @param {string} source @param {string|Uint8Array} text */
async function keep(out, source, text) {
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 10);
  const name = `${basename(source, extname(source))}.${digest}${extname(source)}`;
  await writeFile(join(out, name), text);
  return name;
}

/** As long a sentence as a page with Python has of it. */
const WITH_PYTHON =
  '<!DOCTYPE html><html><head><base href="http://book/"><meta name="wb-python" content="python 4000000"></head><body></body></html>';

/** Mounts every widget in a document without a screen: what stays is a shell with the widget's form and no content. */
async function shells(path, states) {
  const { outputFiles } = await build({ ...common, minify: false, entryPoints: [path], format: "esm" });
  const { window } = parseHTML(WITH_PYTHON);
  const nothing = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  const around = {
    window: globalThis,
    devicePixelRatio: 1,
    document: window.document,
    Event: window.Event,
    Node: window.Node,
    HTMLElement: window.HTMLElement,
    HTMLButtonElement: window.HTMLButtonElement,
    HTMLInputElement: window.HTMLInputElement,
    HTMLSelectElement: window.HTMLSelectElement,
    Worker: nothing,
    ResizeObserver: nothing,
    IntersectionObserver: nothing,
    MutationObserver: nothing,
    matchMedia: () => ({ matches: true, addEventListener() {}, removeEventListener() {} }),
    getComputedStyle: () => ({ color: "", paddingLeft: "0", paddingRight: "0" }),
    location: { hash: "", href: "about:blank" },
    localStorage: { getItem: () => null, setItem() {} },
    requestAnimationFrame: () => 0,
    cancelAnimationFrame() {},
    addEventListener() {},
    removeEventListener() {},
  };
  for (const [name, value] of Object.entries(around))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  const { KINDS } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`);
  const found = {};
  for (const [key, { kind, data }] of Object.entries(states)) {
    const place = window.document.createElement("div");
    KINDS[kind](place, data, {});
    for (let waits = 0; kind.endsWith("-lab") && waits < 200 && !place.querySelector("[data-drawn]"); waits += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20)); // it unpacks its runs
    }
    found[key] = bare(place);
  }
  return found;
}

/** Only what gives the widget its height. @param {any} place */
function bare(place) {
  for (const node of place.querySelectorAll(
    ".wb-scene > *, .wb-touch, .wb-light, .wb-told, :is(.wb-more details, .wb-any) > :not(summary)",
  ))
    node.remove();
  for (const node of place.querySelectorAll(".wb-panels > [hidden]")) node.replaceChildren(); // as long as it hides, there is one column
  for (const node of place.querySelectorAll("[hidden]")) if (!node.matches(".wb-panels > *")) node.remove();
  for (const box of place.querySelectorAll(".wb-box")) {
    if (box.firstElementChild.childElementCount > 18) box.setAttribute("style", "height: 99rem"); // its most is less
    if (box.firstElementChild.childElementCount > 18) box.replaceChildren();
  }
  for (const node of place.querySelectorAll("*")) {
    for (const name of node.getAttributeNames()) {
      if (
        /^(id|name|role|aria-|tabindex|data-(?!long|second|kind|letter|scene|answer|status|title)|type)/.test(name) &&
        !(name === "type" && node.localName === "input")
      )
        node.removeAttribute(name);
    }
  }
  for (const control of place.querySelectorAll("button, input, select")) control.setAttribute("disabled", "");
  return place.innerHTML;
}

/** @param {string[]} paths */
async function joined(paths) {
  const stdin = {
    contents: paths.map((path) => `@import ${JSON.stringify(path)};`).join("\n"),
    loader: "css",
    resolveDir: "/",
  };
  const { outputFiles } = await build({ ...common, minify: false, stdin, external: ["*.ttf", "*.woff2", "*.png"] });
  return outputFiles[0].text;
}

/** One style sheet: of the theme's what the pages use, less its icon font and pictures; of ours everything. */
async function styles(theirs, ours, content) {
  const own = await joined(ours);
  const named = [own, ...content.map(({ raw }) => raw)].flatMap((text) => text.match(/--[\w-]+/g) ?? []);
  const [{ css }] = await new PurgeCSS().purge({
    content,
    css: [{ raw: await joined(theirs) }],
    defaultExtractor: (text) => text.match(/[\w-]+/g) ?? [],
    keyframes: true,
    variables: true,
    safelist: { variables: [...new Set(named)] },
  });
  const used = css.replace(/@font-face\s*\{[^}]*\}/g, "").replace(/[^;{}]*url\([^)d]*\.png\)[^;}]*;/g, "");
  return (await transform(used + own, { loader: "css", minify: true, target: TARGET, legalComments: "none" })).code;
}

const wishes = JSON.parse(await readFile("/dev/stdin", "utf8"));
const made = { files: {}, style: "", shells: await shells(wishes.kinds, wishes.states) };
const code = [];
for (const path of wishes.scripts) {
  const { outputFiles } = await build({ ...common, entryPoints: [path], format: "iife" });
  made.files[path] = await keep(wishes.out, path, outputFiles[0].text);
  code.push(outputFiles[0].text);
}
const { lab, words } = wishes;
const json = (/** @type {any} */ data) => JSON.stringify(data);
for (const [path, define] of [
  // the lab names the editor's file
  [lab.editor, () => ({ LAB_CONTRACTS: json(words.contracts) })],
  [lab.lab, () => ({ LAB_POLICIES: json(words.policies), LAB_EDITOR: json(made.files[lab.editor]) })],
]) {
  const { outputFiles } = await build({
    ...common,
    entryPoints: [path],
    format: "iife",
    define: define(),
    loader: { ".css": "text" },
  });
  made.files[path] = await keep(wishes.out, path, outputFiles[0].text);
}
const pages = await Promise.all(wishes.pages.map((path) => readFile(path, "utf8")));
const content = [...pages, ...Object.values(made.shells)]
  .map((raw) => ({ raw, extension: "html" }))
  .concat(code.map((raw) => ({ raw, extension: "js" })));
made.style = await keep(wishes.out, "book.css", await styles(wishes.theirs, wishes.ours, content));
const font = { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans" };
made.picture = await keep(wishes.out, "cover.png", new Resvg(wishes.picture, { font }).render().asPng());
process.stdout.write(JSON.stringify(made));
