// @ts-check
// When a question is worth another look: soon after a wrong answer, ever later the more often it was right.

import { recall, remember } from "./progress.js";

const DAY = 24 * 3600 * 1000;
/** Days until the next look, by how often in a row the question was answered rightly on another day. */
export const PAUSES = [1, 3, 7, 21, 60];

/** @typedef {{answer?: number, right?: boolean, at?: number, streak?: number, why?: string}} Answer  why: the reader's words */

/**
 * What to remember of an answer given now. Answers on one day count once, so that clicking about proves nothing.
 * @param {Answer|undefined} before what was remembered
 * @param {number} answer which option
 * @param {boolean} right
 * @param {number} now milliseconds
 * @returns {Answer}
 */
export function answered(before, answer, right, now) {
  const streak = before?.streak ?? 0;
  const again = before?.at !== undefined && now - before.at < DAY;
  return { ...before, answer, right, at: now, streak: right ? (again ? Math.max(streak, 1) : streak + 1) : 0 };
}

/**
 * Whether a question should be looked at again.
 * @param {Answer|undefined} kept what was remembered of it
 * @param {number} now milliseconds
 */
export function isDue(kept, now) {
  if (kept === undefined || kept.answer === undefined) return false;
  const pause = PAUSES[Math.min(kept.streak ?? 0, PAUSES.length - 1)];
  return now - (kept.at ?? 0) >= pause * DAY;
}

/**
 * Keep an answer to a question.
 * @param {string} id
 * @param {number} answer
 * @param {boolean} right
 */
export function keepAnswer(id, answer, right) {
  const before = /** @type {Answer|undefined} */ (recall()[`quiz:${id}`]);
  remember("quiz", id, answered(before, answer, right, Date.now()));
}

/**
 * Keep the reader's reason beside the answer; without an answer, forgotten meanwhile in another tab, there is nothing to keep.
 * @param {string} id
 * @param {string} why
 */
export function keepWhy(id, why) {
  const before = /** @type {Answer|undefined} */ (recall()[`quiz:${id}`]);
  if (before) remember("quiz", id, { ...before, why });
}
