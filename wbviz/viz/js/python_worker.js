// @ts-check
// Python in the page, the worker's side: fetches Pyodide, the part of the standard library that is needed and wbviz, and
// answers one question after another with wbviz/page/answers.py. wbviz/site/python.py makes the folder that this lies in.
//
// In:   {start: snapshot or null}            then {ask: number, text: JSON}
// Out:  {loaded, total, stage}               bytes, and what is done now in words
//       {ready: snapshot or null}            it can be asked; the memory of a fresh start, if it was made anew
//       {broken: words}                      it will never be ready
//       {told: number, text: JSON}           how far an answer has come
//       {answered: number, text: JSON}

import { loadPyodide } from "pyodide";

/** Bytes of the files in this folder, as they travel; and the version of Python that they are for. Set by the build. */
const { files: FILES, lock: LOCK } = /** @type {{files: Record<string, number>, lock: any}} */ (
  /** @type {any} */ (globalThis).wbvizPython
);
const FOLDER = new URL(".", self.location.href);
/** Where the memory of a started Python is kept in this browser: a start from there skips the start of Python itself. */
const KEPT = `wbviz-python ${FOLDER.pathname}`;
const get = self.fetch.bind(self);
const store = self.caches;
const total = Object.values(FILES).reduce((sum, bytes) => sum + bytes, 0);
/** @type {Record<string, number>} */
const come = {};

/** @param {string} stage */
const tell = (stage) =>
  self.postMessage({ loaded: Object.values(come).reduce((sum, bytes) => sum + bytes, 0), total, stage });

/** A file of this folder, unpacked while it comes. @param {string} name @param {string} type */
async function unpacked(name, type) {
  const answer = await get(new URL(name, FOLDER));
  if (!answer.ok || !answer.body) throw new Error(`${name} was not found (${answer.status})`);
  const counting = new TransformStream({
    transform(chunk, to) {
      come[name] = Math.min(FILES[name], (come[name] ?? 0) + chunk.byteLength);
      tell("fetching");
      to.enqueue(chunk);
    },
  });
  const packed = answer.body.pipeThrough(counting);
  return new Response(packed.pipeThrough(new DecompressionStream("gzip")), { headers: { "Content-Type": type } });
}

// Pyodide fetches under names of its own.
/** @type {Record<string, [string, string]>} */
const NAMES = {
  "pyodide.asm.wasm": ["core.bin", "application/wasm"],
  "python_stdlib.zip": ["library.bin", "application/zip"],
};
self.fetch = (what, how) => {
  const [name, type] =
    NAMES[
      String(what instanceof Request ? what.url : what)
        .split("/")
        .pop() ?? ""
    ] ?? [];
  return name ? unpacked(name, type) : get(what, how);
};

/** The files of the book's archive: the length of a list of names and sizes, the list, the files one after another. */
async function book() {
  const bytes = new Uint8Array(await (await unpacked("book.bin", "application/octet-stream")).arrayBuffer());
  const length = new DataView(bytes.buffer).getUint32(0);
  /** @type {[string, number][]} */
  const list = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  let at = 4 + length;
  return list.map(([name, size]) => {
    at += size;
    return /** @type {[string, Uint8Array]} */ ([name, bytes.subarray(at - size, at)]);
  });
}

/** @returns {Promise<ArrayBuffer|null>} */
async function kept() {
  try {
    const found = await (await store.open(KEPT)).match(new URL("snapshot", FOLDER));
    return found ? await found.arrayBuffer() : null;
  } catch {
    return null; // this browser keeps nothing
  }
}

/** @param {ArrayBuffer} snapshot */
async function keep(snapshot) {
  try {
    for (const name of await store.keys())
      if (name.startsWith("wbviz-python ") && name !== KEPT) await store.delete(name);
    await (await store.open(KEPT)).put(new URL("snapshot", FOLDER), new Response(snapshot));
  } catch {
    return; // no room, or nothing may be kept: the next start takes longer
  }
}

/**
 * What a policy may not have, were it to find its way out of Python: whoever opens a link with a policy must not tell
 * anybody anything by running it. Where a browser does not let one of these be taken away, this throws: no Python then.
 */
function alone() {
  const names = [
    "fetch",
    "XMLHttpRequest",
    "WebSocket",
    "WebSocketStream",
    "WebTransport",
    "EventSource",
    "importScripts",
    "Worker",
    "SharedWorker",
    "RTCPeerConnection",
    "indexedDB",
    "caches",
    "BroadcastChannel",
    "navigator",
    "Notification",
    "FileReaderSync",
  ];
  const gone = { value: undefined, writable: false, configurable: false };
  for (const name of names) {
    for (let scope = /** @type {any} */ (globalThis); scope; scope = Object.getPrototypeOf(scope)) {
      if (Object.hasOwn(scope, name)) Object.defineProperty(scope, name, gone);
    }
    Object.defineProperty(globalThis, name, gone); // of its own too: nothing that comes to lie behind it is found
  }
}

/** @type {((text: string, tell: (text: string) => void) => string)|null} */
let ask = null;
/** @type {ArrayBuffer|null} */
let fresh = null;

/** @param {ArrayBuffer|null} given the memory of a start before this one */
async function start(given) {
  tell("fetching");
  const memory = given ?? (await kept());
  const files = book();
  const python = await loadPyodide({
    indexURL: FOLDER.href,
    lockFileContents: LOCK,
    stdLibURL: new URL("python_stdlib.zip", FOLDER).href,
    ...(memory ? { _loadSnapshot: memory } : { _makeSnapshot: true }),
  });
  come["pyodide.asm.js"] = FILES["pyodide.asm.js"];
  tell("starting");
  const { FS } = python;
  for (const [name, bytes] of await files) {
    const path = `/book/${name}`;
    FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
    FS.writeFile(path, bytes);
  }
  if (!memory) {
    python.runPython(STARTED);
    const made = /** @type {ArrayBuffer} */ (python.makeMemorySnapshot().buffer);
    fresh = made;
    keep(made.slice(0)); // goes on by itself, with a store that nobody else can reach
  }
  alone(); // before anybody can ask
  ask = python.globals.get("ask");
  self.postMessage({ ready: fresh }, { transfer: fresh ? [fresh] : [] });
}

const STARTED = `
import json, sys
sys.path.insert(0, "/book")
sys.dont_write_bytecode = True
from wbviz.page import answers, checks
def ask(text, tell):
    return answers.answer(text, lambda said: tell(json.dumps(said)))
`;

self.onmessage = async ({ data }) => {
  if ("start" in data) {
    try {
      await start(data.start);
    } catch (error) {
      self.postMessage({ broken: error instanceof Error ? error.message : String(error) });
    }
    return;
  }
  const number = data.ask;
  const text = /** @type {NonNullable<typeof ask>} */ (ask)(data.text, (told) =>
    self.postMessage({ told: number, text: told }),
  );
  self.postMessage({ answered: number, text });
};
