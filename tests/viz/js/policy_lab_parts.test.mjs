// Parts of the policy lab in a document without a screen: answers that come late, and parts that keep what they show.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FIRST, toml } from "../../../wbviz/site/js/lab/describe.js";
import { grading } from "../../../wbviz/site/js/lab/grading.js";
import { owning } from "../../../wbviz/site/js/lab/owning.js";
import { proving } from "../../../wbviz/site/js/lab/proving.js";
import { scheduling } from "../../../wbviz/site/js/lab/scheduling.js";
import { begun, edited, picking } from "../../../wbviz/site/js/lab/state.js";
import { triedList } from "../../../wbviz/site/js/lab/tried.js";

const linkedom = await import("linkedom").catch(() => null); // of npm ci
const skip = linkedom ? false : "needs npm packages";
if (linkedom) {
  const { window } = linkedom.parseHTML("<!DOCTYPE html><html><body></body></html>");
  Object.assign(globalThis, { document: window.document, HTMLElement: window.HTMLElement, Event: window.Event });
  window.HTMLElement.prototype.scrollIntoView = () => {};
}

/** Answers in the order in which a test gives them. */
function asking() {
  /** @type {((answer: any) => void)[]} */
  const answers = [];
  return { answers, ask: () => new Promise((resolve) => answers.push(resolve)) };
}
const turn = () => new Promise(setImmediate);

test("an old certificate does not take the place of a newer one, nor of a newer text", { skip }, async () => {
  const { answers, ask } = asking();
  /** @type {any[]} */
  const notes = [];
  const part = proving({ ask, notes: (now) => notes.push(now) });
  const said = () => part.root.querySelector("[role=status]")?.textContent;
  const certificate = (/** @type {string} */ headline) => ({ certified: false, headline, findings: [], lines: [] });
  part.prove();
  part.prove();
  answers[1](certificate("newer"));
  await turn();
  answers[0](certificate("older"));
  await turn();
  assert.equal(said(), "✗ newer.");
  part.prove();
  part.forget();
  notes.length = 0;
  answers[2](certificate("of the text before"));
  await turn();
  assert.equal(part.root.hidden, true);
  assert.deepEqual(notes, []);
});

const SCENES = ["abba", "storm"].map((name) => ({ name, claim: "", parameters: [] }));

test("a board that comes late is not played, and until it has come no other is asked for", { skip }, async () => {
  const { answers, ask } = asking();
  let lab = picking(begun("x", SCENES), "abba");
  let told = "";
  const part = scheduling({ get: () => lab, ask, tell: (words) => (told = words) });
  part.draw(lab);
  part.button.click();
  assert.equal(/** @type {any} */ (part.button).disabled, true);
  assert.match(told, /explored/);
  lab = edited(lab, "y");
  part.draw(lab);
  assert.equal(told, "");
  /** @type {any[]} */
  const looked = [];
  answers[0](new Proxy({}, { get: (_, name) => void looked.push(name) }));
  await turn();
  assert.equal(told, "");
  assert.deepEqual(looked, ["then", "error"], "nobody looked at what it shows");
  assert.equal(/** @type {any} */ (part.button).disabled, false);
});

test("what stands in the way of a game is told", { skip }, async () => {
  const { answers, ask } = asking();
  const lab = picking(begun("x", SCENES), "abba");
  let told = "";
  const part = scheduling({ get: () => lab, ask, tell: (words) => (told = words) });
  part.button.click();
  answers[0]({ error: "nothing can go wrong in abba" });
  await turn();
  assert.equal(told, "nothing can go wrong in abba");
});

test("points of the text before a change say so, and no longer once it is undone", { skip }, async () => {
  const { answers, ask } = asking();
  let text = "x";
  const part = grading("02", { grade: ask, text: () => text });
  const points = () => part.root.querySelector(".wb-points")?.textContent;
  const over = part.grade();
  text = "y"; // while it is being graded
  part.draw(text);
  answers[0]({ gradable: true, points: 1, total: 2, properties: [] });
  await over;
  assert.equal(points(), "1 of 2 points. Of the text before your last change.");
  part.draw("x");
  assert.equal(points(), "1 of 2 points.");
});

test("a text that the form cannot show is left as it is, and the form is off until the reader wants it back", {
  skip,
}, () => {
  let changes = 0;
  const mine = `# why\n${toml(FIRST)}`;
  const part = owning(
    () => {},
    () => (changes += 1),
    mine,
  );
  const fieldsets = () => [...part.root.querySelectorAll("fieldset")];
  assert.equal(part.text(), mine);
  assert.ok(fieldsets().every((one) => /** @type {any} */ (one).disabled));
  assert.match(part.root.querySelector("[role=status]")?.textContent ?? "", /cannot show/);
  const back = [...part.root.querySelectorAll("button")].find((one) => one.textContent === "Back to the form");
  back?.click();
  assert.equal(part.text(), toml(FIRST));
  assert.ok(fieldsets().every((one) => !(/** @type {any} */ (one).disabled)));
  assert.equal(changes, 1);
});

test("the list of what was tried is drawn anew only where it has changed", { skip }, () => {
  const part = triedList(
    () => {},
    () => {},
  );
  const tried = [
    { text: "a", at: 2, said: "two" },
    { text: "b", at: 1, said: "one" },
  ];
  const first = () => part.root.querySelector(".wb-tried button");
  part.draw(tried, "a");
  const before = first();
  part.draw([...tried], "a");
  assert.equal(first(), before, "else the focus would be lost with each result");
  part.draw(tried, "b");
  assert.notEqual(first(), before);
});
