// Makes the folder that Python in the page is fetched from: node python.mjs < wishes.json > made.json
//
// wishes: {root: checkout, packed: path of packed.py, worker: path, files: {path: text}, names: [module], questions: [JSON], out: folder}
// made: {bytes: as they travel, files: {name: bytes}, needed: [module]}

import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { loadPyodide } from "pyodide";

// Node would print the line of Pyodide that a fault came from: a megabyte.
process.on("uncaughtException", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
const wishes = JSON.parse(await readFile("/dev/stdin", "utf8"));
const core = dirname(createRequire(import.meta.url).resolve("pyodide"));
const python = await loadPyodide({ env: { PYTHONHASHSEED: "0", HOME: "/home/pyodide" } });
for (const [path, text] of Object.entries(wishes.files)) {
  const place = `/book/${path}`;
  python.FS.mkdirTree(dirname(place));
  python.FS.writeFile(place, text);
}
python.FS.writeFile("/packed.py", await readFile(wishes.packed));
python.globals.set("wishes", JSON.stringify({ files: wishes.files, names: wishes.names, questions: wishes.questions }));
const packed = python.runPython(`
import json, sys
sys.path[:0] = ["/", "/book"]
sys.dont_write_bytecode = True
import packed
packed.pack(**json.loads(wishes))
`);
const bytes = (name) => packed.get(name).toJs();
const zipped = (data) => gzipSync(data, { level: 9 });
const files = {
  "core.bin": zipped(await readFile(join(core, "pyodide.asm.wasm"))),
  "library.bin": zipped(bytes("library")),
  "book.bin": zipped(bytes("book")),
  "pyodide.asm.js": await readFile(join(core, "pyodide.asm.js")),
};
const sizes = Object.fromEntries(
  Object.entries(files).map(([name, data]) => [name, name.endsWith(".js") ? zipped(data).length : data.length]),
);
const { info } = JSON.parse(await readFile(join(core, "pyodide-lock.json"), "utf8"));
const { outputFiles } = await build({
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  target: ["chrome123", "firefox120", "safari17.5"],
  legalComments: "none",
  logLevel: "error",
  entryPoints: [wishes.worker],
  external: ["node:*", "ws"],
  define: { "globalThis.wbvizPython": JSON.stringify({ files: sizes, lock: { info, packages: {} } }) },
});
files["worker.js"] = Buffer.from(outputFiles[0].contents);
sizes["worker.js"] = zipped(files["worker.js"]).length;
for (const [name, data] of Object.entries(files)) await writeFile(join(wishes.out, name), data);
const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
process.stdout.write(JSON.stringify({ bytes: total, files: sizes, needed: packed.get("needed").toJs() }));
