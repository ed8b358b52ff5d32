// The pure functions of the player, with node's own test runner: node --test tests/viz/js
import assert from "node:assert/strict";
import { test } from "node:test";

import { linkedFrame, standing } from "../../../wbviz/viz/js/player.js";
import { between, columns, ease, moves, paint, roundedBox, unroll } from "../../../wbviz/viz/js/stage.js";

const box = { name: "works", form: "box", width: 1, dash: false, size: 0, align: "start", bold: false };
const path = { ...box, name: "waits", form: "path" };
const text = { ...box, name: "words", form: "text" };

test("changes are put on top of each other, and unchanged layers stay the same array", () => {
  const scene = {
    w: 1,
    h: 1,
    small: false,
    count: { works: 2 },
    changes: [
      { works: [[0, ["work", 0, 0, 5, 5, 1]]] },
      { works: [[1, ["work", 9, 0, 5, 5, 1]]] },
      { works: [[0, 0]] },
      {},
    ],
  };
  const rows = unroll(scene, [box, text]);
  assert.deepEqual(rows[1][0].map(Boolean), [true, true]);
  assert.deepEqual(rows[2][0].map(Boolean), [false, true]);
  assert.equal(rows[3][0], rows[2][0]);
  assert.equal(rows[3][1], rows[0][1]);
  assert.deepEqual(rows[0][1], [0], "a layer that nothing is ever in has one empty place");
});

test("a box slides, an arrow comes softly, a text changes at once", () => {
  assert.deepEqual(between(box, ["a", 0, 0, 10, 10, 2], ["b", 10, 20, 10, 10, 2], 0.5), [["b", 5, 10, 10, 10, 2], 1]);
  assert.deepEqual(between(path, 0, ["wait", 1, 2], 0.25), [["wait", 1, 2], 0]);
  assert.deepEqual(between(path, 0, ["wait", 1, 2], 0.75), [["wait", 1, 2], 0.5]);
  assert.deepEqual(between(path, ["wait", 1, 2], 0, 0.25), [["wait", 1, 2], 0.5]);
  assert.deepEqual(between(path, ["wait", 1, 2], 0, 1), [0, 0]);
  assert.deepEqual(between(text, ["ink", 0, 0, "a"], ["ink", 0, 0, "b"], 0.1)[0], ["ink", 0, 0, "b"]);
});

test("only what moves is animated", () => {
  const row = [["a", 0, 0, 1, 1, 1]];
  assert.equal(moves(box, row, row), false);
  assert.equal(moves(box, row, [["b", 0, 0, 1, 1, 1]]), false, "another colour is no motion");
  assert.equal(moves(box, row, [["a", 4, 0, 1, 1, 1]]), true);
  assert.equal(moves(box, row, [0]), false);
  assert.equal(moves(path, [0], [["wait", 1, 2]]), true);
});

test("columns have an entry for every place, visible or not", () => {
  const data = columns(box, [0, 0], [0, ["work", 1, 2, 10, 20, 3]], 1, {});
  assert.deepEqual(data.opacity, [0, 1]);
  assert.equal(data.x[1].length, data.y[1].length);
  assert.equal(Math.min(...data.x[1]), 1);
  assert.equal(Math.max(...data.y[1]), 22);
  const glyph = columns({ ...box, form: "glyph" }, [0], [["ink", 10, 10, 4, "dot"]], 1, {
    dot: [-0.5, -0.5, 0.5, 0.5],
  });
  assert.deepEqual(glyph.x, [[8, 12]]);
});

test("a rounded box stays inside its rectangle and goes round once", () => {
  const [xs, ys] = roundedBox(10, 20, 100, 50, 8);
  assert.equal(xs.length, 16);
  assert.ok(xs.every((x) => x >= 10 && x <= 110) && ys.every((y) => y >= 20 && y <= 70));
  let area = 0;
  xs.forEach((x, i) => (area += x * ys[(i + 1) % 16] - xs[(i + 1) % 16] * ys[i]));
  assert.ok(Math.abs(area / 2 - (100 * 50 - (4 - Math.PI) * 64)) < 15);
});

test("roles become colours of the style sheet", () => {
  assert.deepEqual(paint(box, "work"), { fill: "var(--wb-work-fill)", line: "var(--wb-work-line)" });
  assert.deepEqual(paint(path, "wait"), { fill: "none", line: "var(--wb-wait)" });
  assert.deepEqual(paint({ ...path, name: "heads" }, "wait"), { fill: "var(--wb-wait)", line: "none" });
});

test("links to a step", () => {
  assert.equal(linkedFrame("#play=abba:7", "abba"), 7);
  assert.equal(linkedFrame("#other&play=abba:0", "abba"), 0);
  assert.equal(linkedFrame("#play=abba:7", "other"), null);
  assert.equal(linkedFrame("#play=abba", "abba"), null);
  assert.equal(linkedFrame("", "abba"), null);
});

test("motion begins and ends at rest; long sentences stand longer", () => {
  assert.equal(ease(0), 0);
  assert.equal(ease(0.5), 0.5);
  assert.equal(ease(1), 1);
  assert.ok(standing("x".repeat(100)) > standing("x"));
});
