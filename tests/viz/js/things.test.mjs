// What in a scene can be touched: node --test tests/viz/js
import assert from "node:assert/strict";
import { test } from "node:test";

import { beside, spotsOf, thingAt, toldBy, toldSince } from "../../../wbviz/viz/js/things.js";

const layers = ["ground", "boxes", "works", "waits", "plates"].map((name) => ({ name }));
const keys = {
  ground: ["lane"],
  boxes: ["page A0", "page A1", "task flusher"],
  works: ["work 1"],
  waits: ["flusher > page A0"],
  plates: ["flusher > page A0"],
};
const rows = [
  [["lane", 0, 200, 100, 60, 8]],
  [["dirty", 0, 0, 40, 40, 6], 0, ["card", 120, 200, 80, 60, 7]],
  [["work", 130, 230, 60, 20, 6]],
  [["wait", 160, 200, 100, 120, 20, 40]],
  [["paper", 80, 100, 40, 18, 5]],
];
const spots = spotsOf(keys, layers, rows);

test("what is not in the picture cannot be touched, and what lies in front comes first", () => {
  assert.deepEqual(
    new Set(spots.map((spot) => spot.key)),
    new Set(["lane", "page A0", "task flusher", "work 1", "flusher > page A0"]),
  );
  assert.equal(thingAt(spots, 150, 240), "work 1", "the work lies on its flusher's card");
  assert.equal(thingAt(spots, 125, 210), "task flusher");
  assert.equal(thingAt(spots, 90, 110), "flusher > page A0", "an arrow is its words, too");
  assert.equal(thingAt(spots, 132, 155), "flusher > page A0", "a finger need not hit a line exactly");
  assert.equal(thingAt(spots, 300, 20), null);
});

test("an arrow key goes to what lies in its direction", () => {
  assert.equal(
    beside(spots, "page A0", "ArrowDown"),
    "flusher > page A0",
    "the arrow between is nearer than the queue",
  );
  assert.equal(beside(spots, "lane", "ArrowRight"), "task flusher");
  assert.equal(beside(spots, "page A0", "ArrowLeft"), null);
});

test("each frame tells what has changed and forgets what is gone", () => {
  const told = toldBy({
    keys: ["page A0", "work 1"],
    texts: ["dirty", "queued", "clean"],
    frames: [
      [
        [0, 0],
        [1, 1, 0],
      ],
      [],
      [[1], [0, 2]],
    ],
  });
  assert.deepEqual(told(0).get("work 1"), { words: "queued", kin: ["page A0"] });
  assert.equal(told(1).get("page A0")?.words, "dirty");
  assert.equal(told(2).get("page A0")?.words, "clean");
  assert.equal(told(2).has("work 1"), false);
});

test("on a way through a graph it is told since which step something is so", () => {
  const touch = { keys: ["page A0"], texts: ["It is dirty.", "It is locked."], frames: [[[0, 0]], [[0, 1]], []] };
  const tells = toldBy(touch, (state) => [-1, 0, 1][state]);
  const words = (/** @type {number[]} */ way) => toldSince(tells, way).get("page A0")?.words;
  assert.equal(words([0]), "It is dirty.");
  assert.equal(words([0, 1]), "It is locked. So since step 1.");
  assert.equal(words([0, 0, 1, 2]), "It is locked. So since step 2.");
});
