// A lab's machine at any setting, in a document without a screen: what is asked of Python, and when it is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { labSimulator } from "../../../wbviz/viz/js/lab_simulator.js";

const linkedom = await import("linkedom").catch(() => null); // of npm ci
const skip = linkedom ? false : "needs npm packages";
if (linkedom) {
  const { window } = linkedom.parseHTML("<!DOCTYPE html><html><body></body></html>");
  Object.assign(globalThis, { document: window.document, location: { protocol: "http:" } });
}

const FIELDS = [
  { name: "memory", label: "Memory", value: 512, least: 64, most: 4096, options: [] },
  {
    name: "sequential",
    label: "Files",
    value: false,
    least: 0,
    most: 0,
    options: [
      [false, "in random order"],
      [true, "in order"],
    ],
  },
  { name: "seed", label: "Seed", value: 1, least: 0, most: 9, options: [] },
];
const turn = () => new Promise(setImmediate);

/** Python that answers when it is told to. */
function answering() {
  /** @type {any[]} */
  const jobs = [];
  const ask = (/** @type {any} */ request) => {
    /** @type {any} */
    const job = { request, stop: () => job.say({ stopped: true, error: "Stopped." }) };
    job.answer = new Promise((resolve) => (job.say = resolve));
    jobs.push(job);
    return job;
  };
  Object.assign(globalThis, {
    wbvizPagePython: { python: Promise.resolve({ ask }), leaving: null, listening: new Set() },
  });
  return jobs;
}
const packed = (/** @type {any} */ run) => ({
  runs: Buffer.from(deflateSync(JSON.stringify([run]))).toString("base64"),
});

test("it asks for what is set, with the seed, and hands the run on", { skip }, async () => {
  const jobs = answering();
  /** @type {(came: any[]) => void} */
  let come;
  const came = new Promise((resolve) => (come = resolve)); // it is unpacked in another thread: as many turns as that takes
  const part = labSimulator("reclaim", FIELDS, (...all) => come(all));
  part.set({ memory: 700, sequential: true, other: 3 });
  part.run();
  await turn();
  assert.deepEqual(jobs[0].request, {
    ask: "run",
    lab: "reclaim",
    settings: { memory: 700, sequential: true },
    seed: 1,
  });
  jobs[0].say(packed({ seed: 1 }));
  assert.deepEqual(await came, [{ seed: 1 }, { memory: 700, sequential: true, seed: 1 }]);
});

test("only what a control cannot say is special", { skip }, () => {
  answering();
  const part = labSimulator("reclaim", FIELDS, () => {});
  assert.equal(part.special(["memory"]), false);
  part.set({ memory: 700 });
  assert.equal(part.special(["memory"]), false);
  part.set({ sequential: true });
  assert.equal(part.special(["memory"]), true);
});

test("of two that were asked for the last is shown, and a stop says so", { skip }, async () => {
  const jobs = answering();
  let shown = 0;
  const part = labSimulator("reclaim", FIELDS, () => (shown += 1));
  const said = () => part.root.querySelector("[role=status]")?.textContent;
  part.run();
  await turn();
  part.run();
  await turn();
  assert.match(said() ?? "", /runs/, "the first was stopped, and nobody is told");
  jobs[1].stop();
  for (let waits = 0; waits < 5; waits += 1) await turn();
  assert.equal(said(), "Stopped.");
  assert.equal(shown, 0);
});
