// @ts-check
// What the modules of the policy lab hand each other. No code.

/**
 * A scenario as Python lists it.
 * @typedef {{name: string, value: number, least: number, most: number}} Size
 * @typedef {{name: string, claim: string, parameters: Size[]}} Scene
 */
/**
 * A line that a verdict is about, and perhaps the corrected form of it. whole: more words than `message`.
 * @typedef {{line: number, message: string, whole?: string, fix?: {from_line: number, to_line: number, text: string}|null}} Blame
 */
/**
 * What was found of one text in one scenario: a sentence, and the report as the command line prints it.
 * @typedef {{verdict: string, summary: string, words: string, film: any, blame: Blame[], printed: string[], params: Record<string, number>}} Found
 */
/**
 * Who stands at a line in the step that is shown; what a certificate knows at a line.
 * @typedef {{line: number, who: string[]}} Here
 * @typedef {{line: number, good: boolean, text: string}} Note
 */
/**
 * @typedef {{text: () => string, replace: (text: string) => void, insert: (piece: string) => void,
 *   run: (name: "undo"|"redo"|"more"|"less") => void, blame: (blame: Blame[]) => void, here: (lines: Here[]) => void,
 *   notes: (notes: Note[]) => void, keep: () => any, focus: () => void, dispose: () => void}} Editor
 */
/** @typedef {import("../../../viz/js/python.js").Python} Python */
/**
 * What a place in a page says about its lab.
 * @typedef {{id: string, policy: string, exercise: string, scenario: string, text: string}} Wish
 */
/**
 * What a link brings.
 * @typedef {{text: string, scenario?: string, sizes?: Record<string, number>, described?: string, step?: number}} Shared
 */
export {};
