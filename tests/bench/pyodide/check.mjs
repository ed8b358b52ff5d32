// Checks policies in Pyodide, the Python of browsers, run by Node: `node check.mjs CHECKOUT JOBS`.
//
// JOBS is a JSON list of [policy, scenario, params]. The last line that it prints is JSON: the versions, the seconds
// until Pyodide was there, and for each job its result as `Result.to_json()` gives it, seconds included.
import { loadPyodide } from "pyodide";

const [checkout, jobs] = process.argv.slice(2);
const began = performance.now();
const python = await loadPyodide();
const loading = (performance.now() - began) / 1000;
python.FS.mkdirTree("/checkout");
python.FS.mount(python.FS.filesystems.NODEFS, { root: checkout }, "/checkout");
python.globals.set("jobs", jobs);
const said = python.runPython(`
import json, platform, sys
sys.path.insert(0, "/checkout")
sys.dont_write_bytecode = True
from wbviz.check.check import check_scenario
from wbviz.policy.load import load_policy
from wbviz.scenarios.catalogue import build
results = [
    check_scenario(load_policy(policy), build(scenario, params)).to_json()
    for policy, scenario, params in json.loads(jobs)
]
json.dumps({"python": platform.python_version(), "platform": sys.platform, "results": results})
`);
console.log(JSON.stringify({ pyodide: python.version, node: process.version, loading, ...JSON.parse(said) }));
