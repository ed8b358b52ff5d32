// What the labs make of a packed run, without a browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";

import { flusherFrames } from "../../../wbviz/viz/js/flusher_lab.js";
import { apart, largest, ticksTo, totals } from "../../../wbviz/viz/js/svg_charts.js";
import { gridFor, queues, strips } from "../../../wbviz/viz/js/reclaim_pages.js";
import { numbers, unpack } from "../../../wbviz/viz/js/unpack.js";

/** As wbviz/viz/labs/pack.py does it. */
const column = (values) => String.fromCharCode(...values.map((value) => value + 35));
const ZONES = [
  ["Normal", 4, 1, 2, 3],
  ["DMA32", 2, 1, 2, 3],
];
// Codes: list (inactive 0, active 9), letter (C 0, D 3, W 6), place (stayed 0, head 1, tail 2); 18 is freed.
const [CLEAN, DIRTY, WRITING, ACTIVE, FREED] = [1, 4, 6, 10, 18];

test("what was packed comes back, large numbers and backslashes included", async () => {
  const run = { text: column([0, 57, 34, 4000]), words: "12 µs" };
  const packed = Buffer.from(deflateSync(Buffer.from(JSON.stringify([run])))).toString("base64");
  const [again] = await unpack(packed);
  assert.deepEqual(again, run);
  assert.deepEqual(numbers(again.text), [0, 57, 34, 4000]);
});

test("pages stand in the order of the lists, new ones at the head", () => {
  // Page 0: zone 0, active. Page 1: zone 0, clean, at the head. Page 2 comes dirty at tick 1, is written at tick 2.
  const lives = [column([2, 2, 4]), column([0, 0, 1]), column([1]), column([ACTIVE, CLEAN, DIRTY, WRITING])];
  const [first, second, third] = strips({ zones: ZONES, lives }, 3);
  assert.deepEqual(first[0], { ids: [0, 1], letters: "CC", active: 1 });
  assert.deepEqual(second[0], { ids: [0, 2, 1], letters: "CDC", active: 1 });
  assert.deepEqual(third[0], { ids: [0, 2, 1], letters: "CWC", active: 1 });
  assert.deepEqual(third[1], { ids: [], letters: "", active: 0 });
});

test("a page goes to the tail, to the head, and is freed", () => {
  const [tail, head] = [2, 1];
  const lives = [
    column([2, 4, 6]),
    column([0, 0, 0]),
    column([1, 1, 1]),
    column([CLEAN, CLEAN, tail, CLEAN, head, FREED]),
  ];
  const frames = strips({ zones: ZONES, lives }, 3).map(([zone]) => zone.ids);
  assert.deepEqual(frames[0], [2, 1, 0], "who came later is nearer to the head");
  assert.deepEqual(frames[1], [2, 0, 1], "page 1 was rotated to the tail");
  assert.deepEqual(frames[2], [0, 1], "page 2 was freed");
});

test("a request stands in the queue from when it was handed over until it is written", () => {
  const found = queues([column([2, 1]), column([2, 1]), column([8, 1]), column([0, 1])], 4);
  assert.deepEqual(found, [[{ pages: 8, by: 0 }], [{ pages: 8, by: 0 }], [{ pages: 1, by: 1 }], []]);
});

test("cells are large enough to be seen, or as large as there is room for", () => {
  assert.ok(gridFor([384, 128], 640, 2).cell >= 12);
  assert.ok(gridFor([384, 128], 350, 2).cell >= 9.5);
  assert.ok(gridFor([768, 256], 350, 2).cell >= 9.5);
  for (const width of [200, 350, 640, 900]) {
    const { rows, cell } = gridFor([768, 256], width, 2);
    assert.ok((Math.ceil(768 / rows) + Math.ceil(256 / rows) + 2) * cell <= width + 1e-9);
  }
});

test("bars add up from tick to tick", () => {
  assert.deepEqual(totals([1, 0, 2, 3, 0, 1], 2), [
    [1, 0],
    [3, 3],
    [3, 4],
  ]);
});

test("every inode is in one lane, and the work that runs is not among those that wait", () => {
  const data = {
    names: "ABCD",
    lists: ["B,A,,", ",C,B,A"],
    works: ["b", "ss"],
    idle: "10",
    sizes: column([2, 3, 0, 0, 8, 1, 1, 0]),
  };
  const [first, second] = flusherFrames(data);
  assert.deepEqual(first.lanes, ["CD", "B", "A", "", ""]);
  assert.equal(first.running, "");
  assert.deepEqual(first.waiting, ["background"]);
  assert.deepEqual(first.sizes, [1, 1.5, 0, 0]);
  assert.deepEqual(second.lanes, ["D", "", "C", "A", "B"]);
  assert.equal(second.running, "sync");
  assert.deepEqual(second.waiting, ["sync"]);
});

test("ticks are round, begin at 0 and end below the top", () => {
  assert.deepEqual(ticksTo(2.25, 5), [0, 0.5, 1, 1.5, 2]);
  assert.deepEqual(ticksTo(1075, 5), [0, 500, 1000]);
  assert.deepEqual(ticksTo(3, 5, true), [0, 1, 2, 3]);
  assert.deepEqual(ticksTo(1, 5, true), [0, 1]);
});

test("words beside curves keep their order, their distance and their bounds", () => {
  assert.deepEqual(apart([10, 50, 90], 14, 0, 100), [10, 50, 90]);
  assert.deepEqual(apart([50, 50, 51], 14, 0, 100), [50, 64, 78]);
  assert.deepEqual(apart([99, 98, 3], 14, 0, 100), [100, 86, 3]);
});

test("one axis is large enough for every run", () => {
  const run = (/** @type {number[]} */ values, /** @type {number} */ mark) => ({
    lines: [["free", "accent", "solid", values]],
    marks: [["limit", mark]],
    sizes: "",
  });
  assert.ok(largest([run([1, 9], 3), run([2, 2], 40)], 8).line >= 40);
  assert.ok(largest([run([1, 90], 3), run([2, 2], 40)], 8).line >= 90);
});
