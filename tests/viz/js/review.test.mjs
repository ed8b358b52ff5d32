// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { forget, recall } from "../../../wbviz/viz/js/progress.js";
import { answered, isDue, keepAnswer, keepWhy, PAUSES } from "../../../wbviz/viz/js/review.js";

const DAY = 24 * 3600 * 1000;

test("what was never answered is not due", () => {
  assert.equal(isDue(undefined, 0), false);
});

test("a wrong answer comes back after a day", () => {
  const kept = answered(undefined, 2, false, 0);
  assert.equal(isDue(kept, DAY - 1), false);
  assert.equal(isDue(kept, DAY), true);
});

test("each right answer on another day puts it off for longer, and a wrong one begins again", () => {
  let kept = answered(undefined, 0, true, 0);
  let now = 0;
  for (const pause of PAUSES.slice(1)) {
    assert.equal(isDue(kept, now + pause * DAY - 1), false);
    now += pause * DAY;
    assert.equal(isDue(kept, now), true);
    kept = answered(kept, 0, true, now);
  }
  assert.equal(isDue(kept, now + 60 * DAY), true);
  assert.equal(isDue(answered(kept, 1, false, now), now + DAY), true);
});

test("trying the same question twice on one day counts once", () => {
  const kept = answered(answered(undefined, 0, true, 0), 0, true, 1000);
  assert.equal(kept.streak, 1);
});

test("an answer that was kept before there was a date is due", () => {
  assert.equal(isDue({ answer: 1, right: true }, 100 * DAY), true);
});

test("a reader's reason stays with the question when another answer is chosen, and is worth nothing by itself", () => {
  const kept = new Map();
  globalThis.localStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  globalThis.window = { dispatchEvent: () => true };
  keepWhy("a-1", "no answer yet, or it was forgotten in another tab");
  assert.deepEqual(recall(), {});
  keepAnswer("a-1", 0, false);
  keepWhy("a-1", "Nobody holds it.");
  keepAnswer("a-1", 1, true);
  const { answer, right, why } = recall()["quiz:a-1"];
  assert.deepEqual({ answer, right, why }, { answer: 1, right: true, why: "Nobody holds it." });
  forget();
  assert.deepEqual(recall(), {});
});
