// The policy lab's state, in node: what is checked next, what a result changes, links, fixes, contracts, texts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { candidates, contractAt } from "../../../wbviz/site/js/lab/contracts.js";
import { FIRST, formOf, toml } from "../../../wbviz/site/js/lab/describe.js";
import { change } from "../../../wbviz/site/js/lab/fixes.js";
import { exported, keep, noted, recalled } from "../../../wbviz/site/js/lab/history.js";
import { notesOf } from "../../../wbviz/site/js/lab/proving.js";
import { foundIn, runner } from "../../../wbviz/site/js/lab/runner.js";
import { packed, unpacked } from "../../../wbviz/site/js/lab/share.js";
import { linesAt } from "../../../wbviz/site/js/lab/shown.js";
import {
  OWN,
  again,
  answered,
  asked,
  begun,
  brought,
  chipOf,
  edited,
  next,
  owned,
  picking,
  request,
  resumed,
  sized,
  standing,
  stopped,
  summary,
} from "../../../wbviz/site/js/lab/state.js";

const SCENES = ["abba", "polite", "storm"].map((name) => ({
  name,
  claim: `About ${name}.`,
  parameters: [{ name: "pages", value: 2, least: 1, most: 3 }],
}));
const found = (verdict) => foundIn({ verdict, verdicts: [{ kind: verdict, summary: "so" }], states: 7 });
const result = (lab, name, verdict) => answered(asked(lab, name), request(lab, chipOf(lab, name)), found(verdict));
const all = (lab, verdict) => lab.chips.reduce((so, chip) => result(so, chip.scene.name, verdict), lab);

test("everything is checked once, in the order of the book", () => {
  let lab = begun("x", SCENES);
  const order = [];
  for (let chip = next(lab); chip; chip = next(lab)) {
    order.push(chip.scene.name);
    lab = result(lab, chip.scene.name, "safe");
  }
  assert.deepEqual(order, ["abba", "polite", "storm"]);
  assert.equal(summary(lab), "3 of 3 scenarios are safe.");
});

test("after a change what failed last comes first, and what is looked at before all", () => {
  let lab = result(result(begun("x", SCENES), "abba", "safe"), "storm", "deadlock");
  lab = edited(result(lab, "polite", "livelock"), "y");
  assert.equal(next(lab).scene.name, "polite");
  assert.equal(next(picking(lab, "abba")).scene.name, "abba");
  lab = result(lab, "polite", "safe");
  assert.equal(next(lab).scene.name, "storm");
});

test("a result stays, marked as older, until the new one is there", () => {
  const lab = edited(all(begun("x", SCENES), "safe"), "y");
  assert.equal(chipOf(lab, "abba").found.verdict, "safe");
  assert.equal(chipOf(lab, "abba").fresh, false);
  assert.equal(summary(lab), "Checking …");
  assert.equal(edited(lab, "y"), lab, "the same text is no change");
});

test("a result of an older text is kept as that, and the new text is still wanted", () => {
  const lab = begun("x", SCENES);
  const sent = request(lab, chipOf(lab, "abba"));
  const late = answered(edited(asked(lab, "abba"), "y"), sent, found("deadlock"));
  assert.equal(chipOf(late, "abba").found.verdict, "deadlock");
  assert.equal(chipOf(late, "abba").fresh, false);
  assert.equal(next(late).scene.name, "abba");
});

test("sizes stay within their bounds, and another size is checked again", () => {
  const lab = all(begun("x", SCENES), "safe");
  const larger = sized(lab, "abba", "pages", 3);
  assert.deepEqual(request(larger, next(larger)), {
    ask: "check",
    policy: "x",
    file: "policy.py",
    scenario: "abba",
    params: { pages: 3 },
  });
  assert.equal(sized(larger, "abba", "pages", 4), larger);
  assert.equal(sized(larger, "abba", "nothing", 1), larger);
  assert.equal(sized(larger, "abba", "pages", 2.5), larger);
});

test("what was stopped is not begun again by itself", () => {
  const lab = stopped(begun("x", SCENES));
  assert.equal(next(lab), null);
  assert.equal(next(again(lab)).scene.name, "abba");
  assert.equal(next(again(lab, "storm")).scene.name, "storm");
});

test("who picks a scenario that was stopped has it checked, and one that is known is not checked twice", () => {
  const lab = stopped(edited(all(begun("x", SCENES), "safe"), "y"));
  assert.equal(next(picking(lab, "storm")).scene.name, "storm");
  assert.equal(next(picking(result(lab, "storm", "safe"), "storm")), null);
  assert.deepEqual(
    resumed(result(lab, "storm", "safe")).chips.map((chip) => chip.wanted),
    [true, true, false],
  );
});

test("a link keeps its scenario and its sizes, also beside one of the reader's own", () => {
  const described = toml(FIRST);
  const lab = brought(all(begun("x", SCENES), "safe"), { scenario: "storm", sizes: { pages: 3 }, described });
  assert.equal(lab.picked, "storm");
  assert.deepEqual(chipOf(lab, "storm").sizes, { pages: 3 });
  assert.equal(next(lab).scene.name, "storm");
  assert.equal(lab.own, described);
  assert.equal(brought(begun("x", SCENES), { described }).picked, OWN);
});

test("a chip says how it stands by a mark and a word", () => {
  const marks = ["safe", "deadlock", "policy-error", "incomplete", "error"].map((verdict) =>
    standing(chipOf(all(begun("x", SCENES), verdict), "abba"), ""),
  );
  assert.deepEqual(
    marks.map(({ mark, word }) => `${mark} ${word}`),
    ["✓ safe", "✗ deadlock", "! policy-error", "? incomplete", "? cannot be checked"],
  );
  assert.equal(standing(chipOf(begun("x", SCENES), "abba"), "abba").word, "is being checked");
});

test("a scenario of the reader's own is one more chip, asked as its text", () => {
  const lab = owned(begun("x", SCENES), toml(FIRST));
  assert.equal(next(lab).scene.name, OWN);
  assert.equal(request(lab, chipOf(lab, OWN)).described, toml(FIRST));
  assert.equal(owned(lab, "").chips.length, 3);
  assert.equal(result(lab, OWN, "safe").chips.at(-1).fresh, true);
});

test("an error is a result too, in its words", () => {
  assert.equal(foundIn({ error: "no memory" }).summary, "no memory");
  assert.equal(foundIn({}).verdict, "error");
});

/** A Python that answers when it is told to. */
function slow() {
  const jobs = [];
  const ask = (sent) => {
    const job = { sent, stopped: false };
    job.answer = new Promise((resolve) => (job.say = resolve));
    jobs.push(job);
    return {
      answer: job.answer,
      stop() {
        job.stopped = true;
        job.say({ stopped: true, error: "Stopped." });
      },
    };
  };
  return { jobs, python: async () => ({ ask }) };
}

function running(python) {
  const store = { lab: begun("x", SCENES), said: "" };
  const checks = runner(python, {
    get: () => store.lab,
    set: (lab) => (store.lab = lab),
    failed: (words) => (store.said = words),
  });
  return { store, checks };
}

test("the runner asks one after the other, and a stop leaves the text and the results", async () => {
  const { jobs, python } = slow();
  const { store, checks } = running(python);
  const over = checks.go();
  await new Promise(setImmediate);
  jobs[0].say({ verdict: "safe" });
  await new Promise(setImmediate);
  assert.equal(store.lab.running, "polite");
  checks.stop();
  await over;
  assert.equal(jobs.length, 2);
  assert.equal(store.lab.running, "");
  assert.deepEqual(
    store.lab.chips.map((chip) => chip.found?.verdict ?? ""),
    ["safe", "", ""],
  );
  assert.equal(store.lab.text, "x");
});

for (const [what, change] of /** @type {[string, (lab: any) => any][]} */ ([
  ["text", (lab) => edited(lab, "y")],
  ["size", (lab) => sized(lab, "abba", "pages", 3)],
  ["search for the smallest", (lab) => ({ ...again(lab), smallest: true })],
])) {
  test(`a slow check of what is asked no more is let go: another ${what}`, async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { jobs, python } = slow();
    const { store, checks } = running(python);
    const over = checks.go();
    await new Promise(setImmediate);
    checks.touched();
    t.mock.timers.tick(1000);
    assert.equal(jobs[0].stopped, false, "nothing had changed");
    store.lab = change(store.lab);
    checks.touched();
    t.mock.timers.tick(1000);
    assert.equal(jobs[0].stopped, true);
    await new Promise(setImmediate);
    assert.deepEqual(jobs[1].sent, request(store.lab, chipOf(store.lab, "abba")));
    checks.stop();
    await over;
  });
}

test("where there is no Python, that is said and nothing is asked for", async () => {
  const { store, checks } = running(() => Promise.reject(new Error("No WebAssembly.")));
  await checks.go();
  assert.equal(store.said, "No WebAssembly.");
  assert.equal(next(store.lab), null);
});

test("a link holds all of it, and only what is expected comes out", async () => {
  const shared = { text: "def enqueue(mm, page):\n    yield  # →\n", scenario: "abba", sizes: { pages: 3 }, step: 4 };
  const link = await packed(shared);
  assert.match(link, /^lab=[\w-]+$/);
  assert.deepEqual(await unpacked(`#${link}`), shared);
  assert.deepEqual(await unpacked(await packed({ ...shared, step: -1, sizes: { pages: "3" }, more: "<b>" })), {
    text: shared.text,
    scenario: "abba",
  });
});

test("a damaged link, another fragment and one that unfolds into too much bring nothing", async () => {
  const link = await packed({ text: "x" });
  assert.equal(await unpacked(link.slice(0, -3)), null);
  assert.equal(await unpacked("#play=abba:3"), null);
  const bomb = deflateRawSync(JSON.stringify({ text: "x".repeat(300_000) })).toString("base64url");
  assert.equal(await unpacked(`lab=${bomb}`), null);
  assert.equal(await unpacked(await packed(["no text"])), null);
});

test("what is too long for a link is none, in bytes and not in letters", async () => {
  assert.equal(await packed({ text: "x".repeat(300_000) }), null);
  assert.equal(await packed({ text: "→".repeat(100_000) }), null);
  assert.notEqual(await packed({ text: "x".repeat(100_000) }), null);
});

test("what a form wrote goes back into a form, and nothing else does", () => {
  const more = {
    filesystem: "cluster",
    queue: 2,
    flushers: 2,
    journalled: true,
    files: { A: 2, B: 1 },
    tasks: [...FIRST.tasks, { program: "unlink", on: "B" }, { program: "umount", on: "A B" }],
  };
  for (const form of [FIRST, more]) assert.deepEqual(formOf(toml(form)), form);
  assert.deepEqual(formOf(toml(FIRST).replace("A = 2", "  A=2 ")), FIRST, "blanks say nothing");
  for (const line of ["# why", 'claim = "mine"', "A = [", "nothing", "[more]"])
    assert.equal(formOf(`${line}\n${toml(FIRST)}`), null, line);
  assert.equal(formOf(toml(FIRST).replace("kswapd", "daemon")), null);
  assert.equal(formOf(""), null);
});

const CONTRACTS = [
  {
    kind: "operation",
    of: "mm",
    name: "lock_page",
    call: "yield mm.lock_page(page)",
    says: ["The lock is the caller's."],
  },
  { kind: "attribute", of: "page", name: "index", call: "page.index", says: ["Its number."] },
  { kind: "attribute", of: "work", name: "page", call: "work.page", says: ["The page."] },
];

test("after a dot what can follow is offered, by what the name says it is", () => {
  const names = (before) => candidates(before, CONTRACTS)?.contracts.map((one) => one.name);
  assert.deepEqual(names("mm.lo"), ["lock_page"]);
  assert.deepEqual(names("work.page."), ["index"]);
  assert.deepEqual(names("work."), ["page"]);
  assert.deepEqual(names("whatever."), ["index", "page"]);
  assert.equal(names("lock"), undefined);
  assert.equal(candidates("mm.lo", CONTRACTS).typed, "lo");
});

test("the name under the pointer is found in its line", () => {
  const line = "    yield mm.lock_page(work.page)";
  assert.equal(contractAt(line, 15, CONTRACTS).contract.name, "lock_page");
  assert.deepEqual(contractAt(line, 30, CONTRACTS).contract.of, "work");
  assert.equal(contractAt(line, 6, CONTRACTS), null);
});

test("a corrected form takes the place of its lines, or comes before one", () => {
  const text = "a\nb\nc\n";
  const done = (fix) => {
    const { from, to, insert } = change(text, fix);
    return text.slice(0, from) + insert + text.slice(to);
  };
  assert.equal(done({ from_line: 2, to_line: 2, text: "B\nB" }), "a\nB\nB\nc\n");
  assert.equal(done({ from_line: 2, to_line: 1, text: "new" }), "a\nnew\nb\nc\n");
  assert.equal(done({ from_line: 1, to_line: 3, text: "z" }), "z\n");
  assert.equal(change(text, { from_line: 9, to_line: 9, text: "z" }), null);
});

test("what was tried is kept once each, the newest first, and comes out as Python", () => {
  const tried = noted(
    noted(noted([], { text: "a = 1\n", at: 1, said: "one" }), { text: "b = 2\n", at: 2, said: "two" }),
    { text: "a = 1\n", at: 3, said: "better" },
  );
  assert.deepEqual(
    tried.map((one) => one.said),
    ["better", "two"],
  );
  const file = exported({ text: "a = 1\n", tried }, String);
  assert.ok(file.startsWith("a = 1\n"));
  assert.ok(file.includes("# b = 2"));
  assert.ok(
    file
      .split("\n")
      .slice(1)
      .every((line) => line === "" || line.startsWith("#")),
  );
});

/** A browser's store with room for so many letters. @param {number} room */
function storing(room) {
  const kept = new Map();
  const setItem = (/** @type {string} */ key, /** @type {string} */ value) => {
    if (value.length > room) throw new Error("QuotaExceededError");
    kept.set(key, value);
  };
  Object.assign(globalThis, {
    localStorage: { getItem: (/** @type {string} */ key) => kept.get(key) ?? null, setItem },
  });
  return kept;
}

test("where the store is full the steps to undo go, and the text stays", () => {
  storing(200);
  const kept = { text: "x", undo: "u".repeat(500), tried: [], own: "", draft: "A = 1" };
  assert.equal(keep("lab", kept), true);
  assert.deepEqual(recalled("lab"), { ...kept, undo: null });
  assert.equal(keep("lab", { ...kept, text: "x".repeat(500) }), false);
});

test("of what was kept, what is broken is left out", () => {
  const store = storing(1000);
  const whole = { text: "b", at: 2, said: "two" };
  store.set(
    "wbviz:lab:a",
    JSON.stringify({ text: "a", tried: [null, { text: "a" }, whole, { ...whole, at: "late" }], own: 3 }),
  );
  assert.deepEqual(recalled("a"), { text: "a", undo: null, tried: [whole], own: "", draft: "" });
  for (const text of ["", "null", "[]", '{"text": 3}']) {
    store.set("wbviz:lab:b", text);
    assert.equal(recalled("b"), null);
  }
});

test("the margin has what is certain at a line, or what fails there", () => {
  const facts = { kept: "yes", locked: "yes", attached: "unknown" };
  const notes = notesOf({
    lines: [
      { line: 3, facts },
      { line: 5, facts },
    ],
    findings: [{ line: 5, what: "no lock" }],
  });
  assert.deepEqual(notes, [
    { line: 3, good: true, text: "kept, locked" },
    { line: 5, good: false, text: "no lock" },
  ]);
});

test("each task's line in a step is told by line", () => {
  const film = { frames: [{ lines: {} }, { lines: { kswapd: 4, flusher: 9, flusher2: 9 } }] };
  assert.deepEqual(linesAt(film, 1), [
    { line: 4, who: ["kswapd"] },
    { line: 9, who: ["flusher", "flusher2"] },
  ]);
  assert.deepEqual(linesAt(film, 7), []);
});
