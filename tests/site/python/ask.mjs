// Asks questions in Pyodide with the library as the pages have it: node ask.mjs FOLDER QUESTIONS
//
// FOLDER: what wbviz/site/python.py makes. QUESTIONS: a JSON list. Prints {"answers": [...], "missing": [modules that were
// looked for and not found]}.

import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { loadPyodide } from "pyodide";

const [folder, questions] = process.argv.slice(2);
const zip = join(folder, "library.zip");
await writeFile(zip, gunzipSync(await readFile(join(folder, "library.bin"))));
const python = await loadPyodide({ stdLibURL: zip });
const book = gunzipSync(await readFile(join(folder, "book.bin")));
const length = book.readUInt32BE(0);
let at = 4 + length;
for (const [name, size] of JSON.parse(book.subarray(4, at).toString())) {
  const path = `/book/${name}`;
  python.FS.mkdirTree(dirname(path));
  python.FS.writeFile(path, book.subarray(at, at + size));
  at += size;
}
python.globals.set("questions", questions);
const said = python.runPython(`
import json, sys
sys.path.insert(0, "/book")
missing = set()
class Missed:
    @staticmethod
    def find_spec(name, path=None, target=None):
        missing.add(name)
sys.meta_path.append(Missed)
from wbviz.page.answers import answer
answers = [json.loads(answer(json.dumps(one), lambda told: None)) for one in json.loads(questions)]
json.dumps({"answers": answers, "missing": sorted(missing)})
`);
console.log(said);
