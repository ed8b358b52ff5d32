// @ts-check
// The editor of the policy lab: CodeMirror with what a policy needs. A file of its own, which comes when a lab is touched.

import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import {
  defaultKeymap,
  history,
  historyField,
  historyKeymap,
  indentLess,
  indentMore,
  redo,
  undo,
} from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { candidates, contractAt } from "./lab/contracts.js";
import { change } from "./lab/fixes.js";
import { margin, setHere, setNotes } from "./lab/margin.js";

/** @typedef {import("./lab/types.js").Blame} Blame */
/** @typedef {import("./lab/types.js").Editor} Editor */

/** A contract as the help under the pointer and beside a list shows it. @param {import("./lab/contracts.js").Contract} contract */
function told(contract) {
  const box = document.createElement("div");
  box.className = "wb-contract";
  const name = document.createElement("code");
  name.textContent = contract.call;
  box.append(
    name,
    ...contract.says.map((sentence) => Object.assign(document.createElement("p"), { textContent: sentence })),
  );
  return box;
}

/** @param {import("@codemirror/autocomplete").CompletionContext} context */
function complete(context) {
  const before = context.matchBefore(/[\w.]*/);
  const found = before && candidates(before.text);
  if (!before || !found || (!before.text && !context.explicit)) return null;
  const whole = new Set(found.contracts.map((one) => one.name));
  if (whole.has(found.typed) && !context.explicit) return null; // it is written out: Enter shall begin a line
  return {
    from: before.to - found.typed.length,
    options: found.contracts.map((contract) => ({
      label: contract.name,
      detail: contract.kind === "operation" ? contract.call.slice(contract.call.indexOf("(")) : contract.of,
      type: contract.kind === "operation" ? "function" : "property",
      info: () => told(contract),
    })),
    validFor: (/** @type {string} */ text) => /^\w*$/.test(text) && !whole.has(text),
  };
}

const hover = hoverTooltip((view, at) => {
  const line = view.state.doc.lineAt(at);
  const found = contractAt(line.text, at - line.from);
  return (
    found && {
      pos: line.from + found.from,
      end: line.from + found.to,
      above: true,
      create: () => ({ dom: told(found.contract) }),
    }
  );
});

/**
 * @param {EditorView} view @param {Blame[]} blame  lines from 1; one that the text has no more is left out
 */
function marked(view, blame) {
  const { doc } = view.state;
  return blame
    .filter((one) => one.line >= 1 && one.line <= doc.lines)
    .map((one) => {
      const { from, to, text } = doc.line(one.line);
      const edit = one.fix && change(doc.toString(), one.fix);
      return {
        from: from + text.length - text.trimStart().length,
        to,
        severity: /** @type {const} */ ("error"),
        message: one.whole ?? one.message,
        actions: edit
          ? [
              {
                name: "Apply the corrected form",
                apply: (/** @type {EditorView} */ at) => at.dispatch({ changes: edit, userEvent: "input.fix" }),
              },
            ]
          : [],
      };
    });
}

/**
 * @param {HTMLElement} parent
 * @param {{text: string, kept: any, label: string, changed: (text: string) => void}} options
 *   kept: what `keep` gave before, so that what was done can still be undone; anything else is ignored
 * @returns {Editor}
 */
function editor(parent, { text, kept, label, changed }) {
  const extensions = [
    lineNumbers(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    history(),
    indentUnit.of("    "),
    EditorState.tabSize.of(4),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    python(),
    syntaxHighlighting(classHighlighter),
    lintGutter(),
    autocompletion({ override: [complete], icons: false }),
    hover,
    margin,
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({
      "aria-label": label,
      tabindex: "0",
      autocapitalize: "off",
      autocorrect: "off",
      spellcheck: "false",
    }),
    keymap.of([
      { key: "Tab", run: acceptCompletion },
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...defaultKeymap,
      ...historyKeymap,
      ...lintKeymap,
    ]),
    EditorView.updateListener.of((update) => update.docChanged && changed(update.state.doc.toString())),
  ];
  const view = new EditorView({
    parent,
    state: restored(kept, text, extensions) ?? EditorState.create({ doc: text, extensions }),
  });
  return {
    text: () => view.state.doc.toString(),
    replace: (next) =>
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next }, userEvent: "input.replace" }),
    insert(piece) {
      view.dispatch(view.state.replaceSelection(piece), { scrollIntoView: true, userEvent: "input.type" });
      view.focus();
    },
    run: (name) => {
      ({ undo, redo, more: indentMore, less: indentLess })[name](view);
      view.focus();
    },
    blame: (blame) => view.dispatch(setDiagnostics(view.state, marked(view, blame))),
    here: (lines) => view.dispatch({ effects: setHere.of(lines) }),
    notes: (notes) => view.dispatch({ effects: setNotes.of(notes) }),
    keep: () => view.state.toJSON({ history: historyField }),
    focus: () => view.focus(),
    dispose: () => view.destroy(),
  };
}

/** @param {any} kept @param {string} text @param {import("@codemirror/state").Extension} extensions */
function restored(kept, text, extensions) {
  try {
    return kept?.doc === text ? EditorState.fromJSON(kept, { extensions }, { history: historyField }) : null;
  } catch {
    return null; // kept by another version
  }
}

Object.assign(globalThis, { wbvizEditor: editor });
