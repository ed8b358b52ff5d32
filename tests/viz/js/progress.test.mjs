// What the reader has done: kept in the browser's storage, and read back whatever stands there.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { forget, recall, remember } from "../../../wbviz/viz/js/progress.js";
import { standingOf } from "../../../wbviz/viz/js/progress_page.js";

let told = 0;
beforeEach(() => {
  const kept = new Map();
  globalThis.localStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  globalThis.window = { dispatchEvent: () => (told += 1) };
  told = 0;
});

test("what was done is remembered by kind and name, the last answer wins", () => {
  remember("quiz", "a-1", { answer: 0, right: false });
  remember("game", "a-1", true);
  remember("quiz", "a-1", { answer: 1, right: true });
  assert.deepEqual(recall(), { "quiz:a-1": { answer: 1, right: true }, "game:a-1": true });
  assert.equal(told, 3);
  forget();
  assert.deepEqual(recall(), {});
});

test("what was right once stays right", () => {
  remember("quiz", "a-1", { answer: 1, right: true });
  remember("quiz", "a-1", { answer: 0, right: false });
  assert.deepEqual(recall(), { "quiz:a-1": { answer: 0, right: true } });
});

test("a storage that is broken or refuses is an empty one", () => {
  localStorage.setItem("wbviz:progress", "[1");
  assert.deepEqual(recall(), {});
  localStorage.setItem("wbviz:progress", "[1]");
  assert.deepEqual(recall(), {});
  localStorage.setItem = () => {
    throw new Error("QuotaExceededError");
  };
  remember("quiz", "a-1", true);
  assert.equal(told, 0);
});

test("a wrong answer is not done", () => {
  assert.equal(standingOf(undefined).word, "open");
  assert.equal(standingOf({ right: false }).done, false);
  assert.equal(standingOf({ right: true }).done, true);
  assert.equal(standingOf(true).done, true);
});

test("an exercise that lacks points says how many it has", () => {
  assert.deepEqual(standingOf({ right: false, points: 66.5, total: 100 }), {
    mark: "✗",
    word: "66.5 of 100 points",
    done: false,
  });
  assert.equal(standingOf({ right: true, points: 100, total: 100 }).word, "done");
});
