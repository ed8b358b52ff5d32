// @ts-check
// What stands beside the lines of the editor: who is at a line in the step that is shown, and what a certificate knows there.

import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, WidgetType } from "@codemirror/view";

/** @typedef {import("./types.js").Here} Here */
/** @typedef {import("./types.js").Note} Note */

/** @type {import("@codemirror/state").StateEffectType<Here[]>} */
export const setHere = StateEffect.define();
/** @type {import("@codemirror/state").StateEffectType<Note[]>} */
export const setNotes = StateEffect.define();

/** Words after the end of a line. */
class Words extends WidgetType {
  /** @param {string} text @param {string} kind */
  constructor(text, kind) {
    super();
    this.text = text;
    this.kind = kind;
  }

  /** @param {Words} other */
  eq(other) {
    return other.text === this.text && other.kind === this.kind;
  }

  toDOM() {
    const span = document.createElement("span");
    span.className = `wb-margin wb-margin-${this.kind}`;
    span.textContent = this.text;
    return span;
  }
}

/**
 * @param {import("@codemirror/state").Text} doc
 * @param {{line: number, text: string, kind: string}[]} words
 */
function drawn(doc, words) {
  const able = words.filter((one) => one.line >= 1 && one.line <= doc.lines);
  const marks = able.flatMap(({ line, text, kind }) => {
    const { from, to } = doc.line(line);
    return [
      Decoration.line({ class: `wb-line-${kind}` }).range(from),
      Decoration.widget({ widget: new Words(text, kind), side: 1 }).range(to),
    ];
  });
  return Decoration.set(marks, true);
}

/**
 * @template T
 * @param {import("@codemirror/state").StateEffectType<T[]>} effect @param {(one: T) => {line: number, text: string, kind: string}} words
 */
function shown(effect, words) {
  return StateField.define({
    create: () => Decoration.none,
    update(marks, change) {
      for (const one of change.effects) if (one.is(effect)) return drawn(change.state.doc, one.value.map(words));
      return marks.map(change.changes);
    },
    provide: (field) => EditorView.decorations.from(field),
  });
}

export const margin = [
  shown(setHere, ({ line, who }) => ({ line, text: `◀ ${who.join(", ")}`, kind: "here" })),
  shown(setNotes, ({ line, good, text }) => ({
    line,
    text: `${good ? "✓" : "✗"} ${text}`,
    kind: good ? "good" : "bad",
  })),
];
